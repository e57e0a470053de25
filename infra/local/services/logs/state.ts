import { type LocalTime, ServiceError } from '../../contract.ts'

export type StoredEvent = {
  /** 56 digits; their order is that of the timestamps, then of arrival. */
  readonly id: string
  readonly stream: string
  readonly timestamp: LocalTime
  readonly ingestedAt: LocalTime
  readonly message: string
}

export type LogGroup = {
  readonly name: string
  readonly createdAt: LocalTime
  /** As the template says, or as it was set at run time; `undefined` keeps for ever. */
  retentionDays: number | undefined
  retentionChanged: boolean
  /** In order of arrival. */
  events: StoredEvent[]
  readonly streams: Map<string, LocalTime>
  storedBytes: number
}

export type SubscriptionFilter = {
  readonly name: string
  readonly logGroup: string
  readonly destinationArn: string
  readonly pattern: string
  readonly createdAt: LocalTime
  /** After a refusal that is no throttling, nothing is sent until then. */
  disabledUntil: LocalTime | undefined
}

export type LogsState = {
  readonly groups: Map<string, LogGroup>
  readonly filters: SubscriptionFilter[]
  sequence: number
}

/** What a laptop keeps of one group and of all; the oldest events go first, and the journal says so. */
const MAX_GROUP_BYTES = 48 * 1024 * 1024
const MAX_TOTAL_BYTES = 160 * 1024 * 1024
/** What an event takes up in memory besides its text. */
const EVENT_BYTES = 200
/** Room is made for more than the next line, so that it does not have to be made at every line. */
const KEPT_SHARE = 0.9
const DAY_MS = 24 * 60 * 60 * 1000

export const createLogsState = (): LogsState => ({ groups: new Map(), filters: [], sequence: 0 })

export function groupNamed(state: LogsState, name: string): LogGroup {
  const group = state.groups.get(name)
  if (!group) throw new ServiceError('ResourceNotFoundException', 'The specified log group does not exist.')
  return group
}

/** CloudWatch Logs counts 26 bytes of overhead per event (CloudWatch pricing page). */
export const sizeOf = (event: { readonly message: string }): number => event.message.length + 26

const memoryOf = (group: LogGroup): number => group.storedBytes + group.events.length * EVENT_BYTES

/** Removes what the group's retention has expired at `now`. Retention goes by the event's own timestamp. */
export function dropExpired(group: LogGroup, now: LocalTime): void {
  if (group.retentionDays === undefined) return
  const oldest = now - group.retentionDays * DAY_MS
  if (!group.events.some(event => event.timestamp < oldest)) return
  group.events = group.events.filter(event => event.timestamp >= oldest)
  group.storedBytes = group.events.reduce((bytes, event) => bytes + sizeOf(event), 0)
}

/** Keeps the group, and all of them together, within what a laptop spares. Answers how many events had to go from where. */
export function makeRoom(
  state: LogsState,
  group: LogGroup,
  limits: { readonly group: number; readonly total: number } = {
    group: MAX_GROUP_BYTES,
    total: MAX_TOTAL_BYTES,
  },
): { readonly group: LogGroup; readonly dropped: number } | undefined {
  if (memoryOf(group) > limits.group) return dropOldest(group, limits.group * KEPT_SHARE)
  const total = [...state.groups.values()].reduce((bytes, one) => bytes + memoryOf(one), 0)
  if (total <= limits.total) return undefined
  const largest = [...state.groups.values()].reduce((a, b) => (memoryOf(b) > memoryOf(a) ? b : a))
  return dropOldest(largest, memoryOf(largest) - (total - limits.total * KEPT_SHARE))
}

function dropOldest(group: LogGroup, keptBytes: number): { group: LogGroup; dropped: number } {
  let dropped = 0
  let memory = memoryOf(group)
  for (const event of group.events) {
    if (memory <= keptBytes) break
    memory -= sizeOf(event) + EVENT_BYTES
    group.storedBytes -= sizeOf(event)
    dropped += 1
  }
  group.events = group.events.slice(dropped)
  return { group, dropped }
}
