import type {
  EventBridgeClient,
  PutEventsCommand,
  PutEventsCommandOutput,
  PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge'
import * as z from 'zod/mini'
import type { DomainEvent, Publish } from '#kernel/outbox'
import { createPublisher } from '#kernel/publish'
import { instantSchema } from '#kernel/schemas'
import { EVENT_BUS } from '../../../infra/aws/names.ts'
import type { Assembly } from './assembly.ts'
import type { Effects } from './effects.ts'
import { FAULT_KINDS } from './faults.ts'
import type { Functions } from './functions.ts'

export type BusEvent = DomainEvent & { readonly source: string }
export type Bus = ReturnType<typeof createBus>

/** The bus with the rules of the templates. Every event that it took is kept for the checks. */
export function createBus(assembly: Assembly, effects: Effects, functions: Functions) {
  const taken: BusEvent[] = []

  const put = (source: string, { id, type, at, data }: DomainEvent): void => {
    taken.push({ source, id, type, at, data })
    const detail: unknown = JSON.parse(JSON.stringify({ id, at, data }))
    for (const { functionName, sources, types } of assembly.rules) {
      if (!sources.includes(source) || (types && !types.includes(type)) || !functions.runs(functionName))
        continue
      functions.invokeLater(functionName, { source, 'detail-type': type, detail })
    }
  }

  return {
    taken: (): readonly BusEvent[] => taken,
    /** Billing's own publisher, on a bus that faults can strike. */
    publisher: (source: string): Publish =>
      createPublisher(EVENT_BUS, source, {
        send: (command: PutEventsCommand) =>
          effects.cross<PutEventsCommandOutput>({
            name: `bus ${command.input.Entries?.[0]?.DetailType}`,
            kinds: FAULT_KINDS,
            run() {
              for (const entry of command.input.Entries ?? []) put(source, readEntry(entry))
              return { FailedEntryCount: 0, $metadata: {} }
            },
            fail: refuse,
            lose: refuse,
          }),
      } as unknown as EventBridgeClient),
  }
}

/** One of the two ways in which EventBridge does not take an event. */
function refuse(variant: (count: number) => number): PutEventsCommandOutput {
  if (variant(2) === 0)
    return { FailedEntryCount: 1, Entries: [{ ErrorCode: 'ThrottlingException' }], $metadata: {} }
  throw Object.assign(new Error('simulated'), { name: 'InternalException', $fault: 'server' })
}

const detailSchema = z.object({ id: z.string(), at: instantSchema, data: z.unknown() })
const readEntry = ({ DetailType = '', Detail = '' }: PutEventsRequestEntry): DomainEvent => ({
  type: DetailType,
  ...z.parse(detailSchema, JSON.parse(Detail)),
})
