import type { LocalTime } from '../../contract.ts'
import type { LogGroup, LogsState, StoredEvent } from './state.ts'

/** One line for the console. */
export type LoggedLine = {
  readonly group: string
  readonly stream: string
  readonly timestamp: LocalTime
  readonly message: string
}

export type LoggedGroup = {
  readonly name: string
  readonly streams: number
  readonly lines: number
  readonly storedBytes: number
  readonly lastEventAt?: LocalTime
}

export type LinesQuery = {
  readonly group?: string
  readonly stream?: string
  /** Everything that one invocation printed. */
  readonly requestId?: string
  /** At most so many, the newest; 500 unless told. */
  readonly limit?: number
}

const DEFAULT_LIMIT = 500

export const listGroups = (state: LogsState): LoggedGroup[] =>
  [...state.groups.values()].map(group => {
    const last = group.events.at(-1)
    return {
      name: group.name,
      streams: group.streams.size,
      lines: group.events.length,
      storedBytes: group.storedBytes,
      ...(last === undefined ? {} : { lastEventAt: last.timestamp }),
    }
  })

/** Lines in the order in which they were printed. */
export function readLines(state: LogsState, query: LinesQuery): LoggedLine[] {
  const groups = [...state.groups.values()].filter(
    group => query.group === undefined || group.name === query.group,
  )
  const lines = groups.flatMap(group => linesOf(group, query))
  return lines.sort((a, b) => a.timestamp - b.timestamp).slice(-(query.limit ?? DEFAULT_LIMIT))
}

function linesOf(group: LogGroup, { stream, requestId }: LinesQuery): LoggedLine[] {
  const events = group.events.filter(event => stream === undefined || event.stream === stream)
  const chosen = requestId === undefined ? events : eventsOfInvocation(events, requestId)
  return chosen.map(event => ({
    group: group.name,
    stream: event.stream,
    timestamp: event.timestamp,
    message: event.message,
  }))
}

/**
 * An environment runs one invocation at a time, so what stands in its stream between an invocation's START and REPORT
 * is that invocation's, also where the line itself does not name the request.
 */
function eventsOfInvocation(events: readonly StoredEvent[], requestId: string): StoredEvent[] {
  const open = new Set<string>()
  return events.filter(({ stream, message }) => {
    if (message.startsWith(`START RequestId: ${requestId} `)) open.add(stream)
    else if (message.startsWith('START RequestId: ')) open.delete(stream)
    const belongs = open.has(stream) || message.includes(requestId)
    if (message.startsWith(`REPORT RequestId: ${requestId}`)) open.delete(stream)
    return belongs
  })
}
