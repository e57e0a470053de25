import type { LocalCloud, LocalTime, LogLine } from '../../contract.ts'
import {
  dropExpired,
  dropOverflow,
  type LogGroup,
  type LogsState,
  MAX_GROUP_BYTES,
  type StoredEvent,
  sizeOf,
} from './state.ts'
import type { Subscriptions } from './subscriptions.ts'

/** Stores lines in a group (made when missing), in order, and feeds the group's subscriptions. */
export function append(
  cloud: LocalCloud,
  state: LogsState,
  subscriptions: Subscriptions,
  target: { logGroup: string; logStream: string },
  lines: readonly LogLine[],
): void {
  if (lines.length === 0) return
  const now = cloud.clock.now()
  const group = state.groups.get(target.logGroup) ?? createGroup(state, target.logGroup, now)
  if (!group.streams.has(target.logStream)) group.streams.set(target.logStream, now)
  const events = lines.map(
    (line): StoredEvent => ({
      id: eventId(line.timestamp, state.sequence++),
      stream: target.logStream,
      timestamp: line.timestamp,
      ingestedAt: now,
      message: line.message,
    }),
  )
  for (const event of events) {
    group.events.push(event)
    group.storedBytes += sizeOf(event)
  }
  makeRoom(cloud, group, now)
  subscriptions.feed(target.logGroup, target.logStream, events)
}

export function createGroup(
  state: LogsState,
  name: string,
  now: LocalTime,
  retentionDays?: number,
): LogGroup {
  const group: LogGroup = {
    name,
    createdAt: now,
    ...(retentionDays === undefined ? {} : { retentionDays }),
    events: [],
    streams: new Map(),
    storedBytes: 0,
    droppedEvents: 0,
  }
  state.groups.set(name, group)
  return group
}

function makeRoom(cloud: LocalCloud, group: LogGroup, now: LocalTime): void {
  if (group.storedBytes <= MAX_GROUP_BYTES) return
  dropExpired(group, now)
  const dropped = dropOverflow(group, MAX_GROUP_BYTES)
  if (dropped > 0)
    cloud.journal({
      source: 'logs',
      summary: `${group.name}: memory limit, dropped the ${dropped} oldest events`,
    })
}

/** 56 digits like AWS's, unique and sortable: time, then order of arrival. */
const eventId = (timestamp: LocalTime, sequence: number): string =>
  `3${String(timestamp).padStart(15, '0')}${String(sequence).padStart(40, '0')}`
