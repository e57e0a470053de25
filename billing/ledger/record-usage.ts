import { gunzipSync } from 'node:zlib'
import * as z from 'zod/mini'
import type { AccessRecord, UsageEvent } from '#api/contract'
import type { Table } from '#kernel/table'
import { append } from './append.ts'
import { parseLine } from './parse-line.ts'

/** A log line that is no record: kept whole, so that it can be redriven once the cause is understood. */
export type PoisonLine = {
  readonly reason: string
  readonly line: string
  readonly logGroup: string
  readonly logStream: string
  readonly logEventId: string
}

export type RecordUsagePorts = {
  readonly ledger: Table
  /** Resolves only when the line is kept. */
  readonly sendPoison: (poison: PoisonLine) => Promise<void>
}

export type Recorded = { readonly usage: number; readonly access: number; readonly poison: number }

/**
 * Takes one delivery of a CloudWatch Logs subscription
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html) into the ledger. Deliveries may
 * come twice, overlap or come out of order: no fold changes. A line that is no record goes to the dead letters and never
 * fails its batch. Throws when the payload is not a delivery, or when the ledger or the queue did not take something:
 * the whole delivery is then repeated.
 */
export async function recordUsage(ports: RecordUsagePorts, payload: unknown): Promise<Recorded> {
  const delivery = decodeDelivery(payload)
  const usage: UsageEvent[] = []
  const access: AccessRecord[] = []
  const poison: PoisonLine[] = []
  for (const { id, message } of delivery.logEvents) {
    const parsed = parseLine(message)
    if (parsed.kind === 'usage') usage.push(parsed.event)
    else if (parsed.kind === 'access') access.push(parsed.record)
    else {
      const { logGroup, logStream } = delivery
      poison.push({ reason: parsed.reason, line: message, logGroup, logStream, logEventId: id })
    }
  }
  await append(ports.ledger, { usage, access })
  for (const line of poison) await ports.sendPoison(line)
  return { usage: usage.length, access: access.length, poison: poison.length }
}

const payloadSchema = z.object({ awslogs: z.object({ data: z.string() }) })
/** `CONTROL_MESSAGE` is CloudWatch's reachability check and holds no lines of ours. */
const deliverySchema = z.object({
  messageType: z.enum(['DATA_MESSAGE', 'CONTROL_MESSAGE']),
  logGroup: z.string(),
  logStream: z.string(),
  logEvents: z.array(z.object({ id: z.string(), message: z.string() })),
})

function decodeDelivery(payload: unknown): z.output<typeof deliverySchema> {
  const { data } = z.parse(payloadSchema, payload).awslogs
  const text = gunzipSync(Buffer.from(data, 'base64')).toString('utf8')
  const delivery = z.parse(deliverySchema, JSON.parse(text))
  return delivery.messageType === 'DATA_MESSAGE' ? delivery : { ...delivery, logEvents: [] }
}
