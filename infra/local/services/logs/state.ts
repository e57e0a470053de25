import { type LocalTime, ServiceError } from '../../contract.ts'

export type StoredEvent = {
  readonly id: string
  readonly stream: string
  readonly timestamp: LocalTime
  readonly ingestedAt: LocalTime
  readonly message: string
}

export type LogGroup = {
  readonly name: string
  readonly createdAt: LocalTime
  readonly retentionDays?: number
  /** In order of ingestion. */
  readonly events: StoredEvent[]
  readonly streams: Map<string, LocalTime>
  storedBytes: number
  droppedEvents: number
}

export type SubscriptionFilter = {
  readonly name: string
  readonly logGroup: string
  readonly destinationArn: string
  readonly pattern: string
}

export type LogsState = {
  readonly groups: Map<string, LogGroup>
  readonly filters: SubscriptionFilter[]
  sequence: number
}

/** A laptop keeps at most this much of one log group; the oldest events go first, and the journal says so. */
export const MAX_GROUP_BYTES = 64 * 1024 * 1024
const DAY_MS = 24 * 60 * 60 * 1000

export const createLogsState = (): LogsState => ({ groups: new Map(), filters: [], sequence: 0 })

export function groupNamed(state: LogsState, name: string | undefined): LogGroup {
  const group = state.groups.get(name ?? '')
  if (!group) throw new ServiceError('ResourceNotFoundException', 'The specified log group does not exist.')
  return group
}

/** Accepts a name or an ARN, with or without the trailing `:*`. */
export const nameOfIdentifier = (identifier: string | undefined): string | undefined =>
  identifier?.replace(/^arn:aws:logs:[^:]*:[^:]*:log-group:/, '').replace(/:\*$/, '')

/** Removes what the group's retention has expired at `now`. Retention goes by the event's own timestamp. */
export function dropExpired(group: LogGroup, now: LocalTime): void {
  if (group.retentionDays === undefined) return
  const oldest = now - group.retentionDays * DAY_MS
  removeWhere(group, event => event.timestamp < oldest)
}

/** Keeps the group under `maxBytes`, dropping a tenth more than needed so that it does not happen at every line. */
export function dropOverflow(group: LogGroup, maxBytes: number): number {
  if (group.storedBytes <= maxBytes) return 0
  let excess = group.storedBytes - maxBytes * 0.9
  let count = 0
  while (excess > 0 && count < group.events.length) excess -= sizeOf(group.events[count++])
  for (const event of group.events.splice(0, count)) group.storedBytes -= sizeOf(event)
  group.droppedEvents += count
  return count
}

/** CloudWatch Logs counts 26 bytes of overhead per event (CloudWatch pricing page). */
export const sizeOf = (event: { message: string } | undefined): number =>
  event ? event.message.length + 26 : 0

function removeWhere(group: LogGroup, expired: (event: StoredEvent) => boolean): void {
  if (!group.events.some(expired)) return
  const kept = group.events.filter(event => !expired(event))
  group.events.length = 0
  for (const event of kept) group.events.push(event)
  group.storedBytes = kept.reduce((bytes, event) => bytes + sizeOf(event), 0)
}
