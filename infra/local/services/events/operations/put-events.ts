import { randomUUID } from 'node:crypto'
import type {
  PutEventsRequest,
  PutEventsRequestEntry,
  PutEventsResponse,
  PutEventsResultEntry,
} from '@aws-sdk/client-eventbridge'
import { type LocalCloud, type OperationContext, ServiceError } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { busArn, busNameOf } from '../bus-arn.ts'
import { dispatch } from '../dispatch.ts'
import type { EventEnvelope, EventsState } from '../state.ts'

const MAX_ENTRIES = 10
const MAX_BYTES = 256 * 1024
const ENTRY_MEMBERS = ['Time', 'Source', 'Resources', 'DetailType', 'Detail', 'EventBusName', 'TraceHeader']

/** Takes up to ten events. A bad entry fails alone, the others are taken: callers must look at `FailedEntryCount`. */
export const putEvents =
  (cloud: LocalCloud, state: EventsState) =>
  (input: PutEventsRequest, context: OperationContext): PutEventsResponse => {
    refuseUnknown('events PutEvents', input, ['Entries'])
    const entries = input.Entries ?? []
    checkSize(entries)
    for (const entry of entries) {
      refuseUnknown('events PutEvents entry', entry, ENTRY_MEMBERS)
      authorize(cloud, context, entry)
    }
    const results = entries.map(entry => put(cloud, state, entry))
    return { FailedEntryCount: results.filter(result => result.ErrorCode).length, Entries: results }
  }

function authorize(cloud: LocalCloud, context: OperationContext, entry: PutEventsRequestEntry): void {
  context.authorize('events:PutEvents', busArn(cloud, busNameOf(entry.EventBusName)), {
    'events:source': entry.Source ?? '',
    'events:detail-type': entry.DetailType ?? '',
  })
}

function checkSize(entries: readonly PutEventsRequestEntry[]): void {
  if (entries.length < 1 || entries.length > MAX_ENTRIES) {
    const bound = entries.length < 1 ? 'greater than or equal to 1' : `less than or equal to ${MAX_ENTRIES}`
    throw new ServiceError(
      'ValidationException',
      `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length ${bound}`,
    )
  }
  if (entries.reduce((bytes, entry) => bytes + sizeOf(entry), 0) > MAX_BYTES) {
    throw new ServiceError(
      'ValidationException',
      'Total size of the entries in the request is over the limit.',
    )
  }
}

/** As EventBridge counts: 14 bytes for a time, and the UTF-8 lengths of the rest. */
function sizeOf(entry: PutEventsRequestEntry): number {
  const texts = [entry.Source, entry.DetailType, entry.Detail, ...(entry.Resources ?? [])]
  return texts.reduce(
    (bytes, text) => bytes + Buffer.byteLength(text ?? ''),
    entry.Time === undefined ? 0 : 14,
  )
}

function put(cloud: LocalCloud, state: EventsState, entry: PutEventsRequestEntry): PutEventsResultEntry {
  const failure = check(state, entry)
  if (failure) return failure
  const event: EventEnvelope = {
    version: '0',
    id: randomUUID(),
    'detail-type': entry.DetailType ?? '',
    source: entry.Source ?? '',
    account: cloud.accountId,
    time: isoSeconds(timeOf(entry) ?? cloud.clock.now()),
    region: cloud.region,
    resources: entry.Resources ?? [],
    detail: JSON.parse(entry.Detail ?? '{}'),
  }
  dispatch(cloud, state, busNameOf(entry.EventBusName), event)
  return { EventId: event.id }
}

function check(state: EventsState, entry: PutEventsRequestEntry): PutEventsResultEntry | undefined {
  for (const name of ['Source', 'DetailType', 'Detail'] as const) {
    if (!entry[name])
      return failed(
        'InvalidArgument',
        `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
      )
  }
  if (entry.Source?.startsWith('aws.'))
    return failed('NotAuthorizedForSourceException', 'Not authorized for the source.')
  if (!isJsonObject(entry.Detail ?? '')) return failed('MalformedDetail', 'Detail is malformed.')
  const busName = busNameOf(entry.EventBusName)
  if (!state.buses.has(busName)) return failed('InvalidArgument', `Event bus ${busName} does not exist.`)
  return undefined
}

const failed = (ErrorCode: string, ErrorMessage: string): PutEventsResultEntry => ({
  ErrorCode,
  ErrorMessage,
})

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

/** On the wire a time is a number of seconds. */
function timeOf(entry: PutEventsRequestEntry): number | undefined {
  const time: unknown = entry.Time
  if (time === undefined) return undefined
  return time instanceof Date ? time.getTime() : Number(time) * 1000
}

const isoSeconds = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`
