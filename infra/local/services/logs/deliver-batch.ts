import { gzipSync } from 'node:zlib'
import { type LocalTime, ServiceError } from '../../contract.ts'
import { logGroupArn } from './arn.ts'
import type { Logs } from './logs.ts'
import type { StoredEvent, SubscriptionFilter } from './state.ts'

/**
 * What the destination throttles or fails at is sent again for a day. After any other refusal the subscription is off
 * for ten minutes, and what is logged meanwhile is skipped.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
 */
const LONGEST_RETRY_MS = 24 * 60 * 60 * 1000
const DISABLED_MS = 600_000
const FIRST_DELAY_MS = 1_000
const LONGEST_DELAY_MS = 300_000

/** Kind of the timers of batches that are sent again. */
const REDELIVER = 'logs.redeliver'

type Batch = {
  readonly logGroup: string
  readonly filterName: string
  readonly stream: string
  readonly events: readonly StoredEvent[]
  readonly since: LocalTime
  readonly failures: number
}

/** Sends batches to Lambda as CloudWatch Logs does: gzipped, base64-coded `DATA_MESSAGE`s. Never rejects. */
export function createBatchDelivery(
  logs: Logs,
): (filter: SubscriptionFilter, stream: string, events: readonly StoredEvent[]) => Promise<void> {
  const { clock } = logs.cloud
  clock.handle(REDELIVER, data => attempt(logs, data as Batch))
  return (filter, stream, events) =>
    attempt(logs, {
      logGroup: filter.logGroup,
      filterName: filter.name,
      stream,
      events,
      since: clock.now(),
      failures: 0,
    })
}

async function attempt(logs: Logs, batch: Batch): Promise<void> {
  const { cloud, state } = logs
  const filter = state.filters.find(one => one.name === batch.filterName && one.logGroup === batch.logGroup)
  if (!filter) return
  const point = { service: 'logs', operation: 'DeliverBatch', resource: filter.logGroup }
  try {
    await cloud.faults.deliver(point, async () => hand(logs, filter, batch))
  } catch (error) {
    afterFailure(logs, filter, batch, error)
  }
}

function hand({ cloud }: Logs, filter: SubscriptionFilter, batch: Batch): void {
  const message = {
    messageType: 'DATA_MESSAGE',
    owner: cloud.accountId,
    logGroup: batch.logGroup,
    logStream: batch.stream,
    subscriptionFilters: [filter.name],
    logEvents: batch.events.map(({ id, timestamp, message }) => ({ id, timestamp, message })),
  }
  const data = gzipSync(JSON.stringify(message), { level: 1 }).toString('base64')
  cloud.invokeAsync(filter.destinationArn, JSON.stringify({ awslogs: { data } }), {
    kind: 'service',
    principal: 'logs.amazonaws.com',
    sourceArn: `${logGroupArn(cloud, batch.logGroup)}:*`,
  })
}

function afterFailure({ cloud }: Logs, filter: SubscriptionFilter, batch: Batch, error: unknown): void {
  const { clock } = cloud
  const now = clock.now()
  const what = `${batch.events.length} lines of ${batch.logGroup} for ${filter.name}`
  if (!isTransient(error)) {
    filter.disabledUntil = now + DISABLED_MS
    cloud.journal({
      source: 'logs',
      summary: `${what} lost; the subscription is off for ten minutes`,
      detail: String(error),
    })
    return
  }
  const delay = Math.min(FIRST_DELAY_MS * 2 ** batch.failures, LONGEST_DELAY_MS)
  if (now + delay - batch.since > LONGEST_RETRY_MS) {
    cloud.journal({ source: 'logs', summary: `${what} lost after a day`, detail: String(error) })
    return
  }
  const next: Batch = { ...batch, failures: batch.failures + 1 }
  clock.later(REDELIVER, now + delay, next, `redelivery of ${what}`)
}

const isTransient = (error: unknown): boolean =>
  error instanceof ServiceError &&
  (error.status === 429 ||
    (error.status >= 500 && error.status !== 501) ||
    error.code === 'TooManyRequestsException')
