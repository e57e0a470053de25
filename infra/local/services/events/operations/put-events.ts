import { randomUUID } from 'node:crypto'
import type { PutEventsRequest, PutEventsResponse, PutEventsResultEntry } from '@aws-sdk/client-eventbridge'
import { z } from 'zod'
import { ServiceError } from '../../../contract.ts'
import { jsonDepth, MAX_JSON_DEPTH } from '../../../input/json-depth.ts'
import { list, text } from '../../../input/members.ts'
import { busArn, busNameOf } from '../bus-arn.ts'
import { dispatch } from '../dispatch.ts'
import type { Events, EventsOperation } from '../events.ts'
import { busNameOrArn } from '../members.ts'
import type { EventEnvelope } from '../state.ts'

const MAX_ENTRIES = 10
const MAX_BYTES = 1_024 * 1_024

/** On the wire a time is a number of seconds; a call in this process may bring a date. */
const time = z.union([z.number(), z.date().transform(date => date.getTime() / 1000)], {
  error: 'Member must be a timestamp',
})

const entry = z.strictObject({
  Source: z.optional(z.string()),
  DetailType: z.optional(z.string()),
  Detail: z.optional(z.string()),
  Resources: z.optional(z.array(text({ max: 2_048 }))),
  EventBusName: z.optional(busNameOrArn),
  Time: z.optional(time),
  TraceHeader: z.optional(text({ min: 1, max: 500 })),
})

const input = z.strictObject({
  Entries: list(entry, { min: 1, max: MAX_ENTRIES }),
}) satisfies z.ZodType<{
  Entries: Omit<NonNullable<PutEventsRequest['Entries']>[number], 'Time'>[]
}>

type Entry = z.infer<typeof entry>

/** Takes up to ten events. A bad entry fails alone, the others are taken: callers must look at `FailedEntryCount`. */
export const putEvents: EventsOperation<typeof input, PutEventsResponse> = {
  input,
  run(events, { Entries }, context) {
    for (const { EventBusName, Source = '', DetailType = '' } of Entries) {
      context.authorize('events:PutEvents', busArn(events.cloud, busNameOf(EventBusName)), {
        'events:source': Source,
        'events:detail-type': DetailType,
      })
    }
    if (Entries.reduce((bytes, one) => bytes + sizeOf(one), 0) > MAX_BYTES) {
      throw new ServiceError(
        'ValidationException',
        'Total size of the entries in the request is over the limit.',
      )
    }
    const results = Entries.map(one => put(events, one))
    return { FailedEntryCount: results.filter(result => result.ErrorCode).length, Entries: results }
  },
}

/** As EventBridge counts: 14 bytes for a time, and the UTF-8 lengths of the rest. */
function sizeOf({ Source = '', DetailType = '', Detail = '', Resources = [], Time }: Entry): number {
  const texts = [Source, DetailType, Detail, ...Resources]
  return texts.reduce((bytes, one) => bytes + Buffer.byteLength(one), Time === undefined ? 0 : 14)
}

function put(events: Events, entry: Entry): PutEventsResultEntry {
  const { cloud } = events
  const failure = check(events, entry)
  if (failure) return failure
  const event: EventEnvelope = {
    version: '0',
    id: randomUUID(),
    'detail-type': entry.DetailType ?? '',
    source: entry.Source ?? '',
    account: cloud.accountId,
    time: isoSeconds(entry.Time === undefined ? cloud.clock.now() : entry.Time * 1000),
    region: cloud.region,
    resources: entry.Resources ?? [],
    detail: JSON.parse(entry.Detail ?? '{}'),
  }
  dispatch(events, busNameOf(entry.EventBusName), event)
  return { EventId: event.id }
}

function check({ state }: Events, entry: Entry): PutEventsResultEntry | undefined {
  for (const name of ['Source', 'DetailType', 'Detail'] as const) {
    if (!entry[name]) {
      return failed(
        'InvalidArgument',
        `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
      )
    }
  }
  if (entry.Source?.startsWith('aws.')) {
    return failed('NotAuthorizedForSourceException', 'Not authorized for the source.')
  }
  if (!isJsonObject(entry.Detail ?? '')) return failed('MalformedDetail', 'Detail is malformed.')
  if (Math.abs((entry.Time ?? 0) * 1000) > MAX_TIME_MS) {
    return failed('InvalidArgument', 'Parameter Time is not valid. Reason: Time is out of range.')
  }
  const busName = busNameOf(entry.EventBusName)
  if (!state.buses.has(busName)) return failed('InvalidArgument', `Event bus ${busName} does not exist.`)
  return undefined
}

/** The end of the year 9999: what an ISO date can still say. */
const MAX_TIME_MS = 253_402_300_799_000

const failed = (ErrorCode: string, ErrorMessage: string): PutEventsResultEntry => ({
  ErrorCode,
  ErrorMessage,
})

function isJsonObject(text: string): boolean {
  if (jsonDepth(text) > MAX_JSON_DEPTH) return false
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

const isoSeconds = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`
