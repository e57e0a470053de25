import type { LocalTime, LogLine } from '../../contract.ts'
import type { Logs } from './logs.ts'
import { dropExpired, type LogGroup, type LogsState, makeRoom, type StoredEvent, sizeOf } from './state.ts'

/** Stores lines in a group (made when missing), in order. Answers them as events. */
export function append(
  { cloud, state }: Logs,
  target: { readonly logGroup: string; readonly logStream: string },
  lines: readonly LogLine[],
): readonly StoredEvent[] {
  if (lines.length === 0) return []
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
  const room = makeRoom(state, group)
  if (room && room.dropped > 0) {
    dropExpired(room.group, now)
    const summary = `${room.group.name}: memory limit, dropped the ${room.dropped} oldest events`
    cloud.journal({ source: 'logs', summary })
  }
  return events
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
    retentionDays,
    retentionChanged: false,
    events: [],
    streams: new Map(),
    storedBytes: 0,
  }
  state.groups.set(name, group)
  return group
}

/** Digits as AWS's: unique, and sortable by time, then by order of arrival. */
const eventId = (timestamp: LocalTime, sequence: number): string =>
  `3${String(Math.max(0, Math.trunc(timestamp))).padStart(15, '0')}${String(sequence).padStart(40, '0')}`
