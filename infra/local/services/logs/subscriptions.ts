import { gzipSync } from 'node:zlib'
import type { LocalCloud } from '../../contract.ts'
import { logGroupArn } from './arn.ts'
import { compileFilterPattern, type MessageFilter } from './filter-pattern/compile.ts'
import type { StoredEvent, SubscriptionFilter } from './state.ts'

/** A batch leaves after this much real time, or at this many lines. */
const BATCH_WINDOW_MS = 50
const BATCH_LINES = 100

type Batch = { readonly events: StoredEvent[]; readonly done: () => void; readonly timer: NodeJS.Timeout }

export type Subscriptions = {
  add(filter: SubscriptionFilter): void
  /** Queues the matching events of one stream for every subscription of the group. */
  feed(logGroup: string, stream: string, events: readonly StoredEvent[]): void
  stop(): void
}

/** Delivers log events to Lambda as CloudWatch Logs does: one gzipped, base64-coded `DATA_MESSAGE` per stream and batch. */
export function createSubscriptions(cloud: LocalCloud): Subscriptions {
  const subscribed: { readonly filter: SubscriptionFilter; readonly matches: MessageFilter }[] = []
  const batches = new Map<string, Batch>()

  function queue(filter: SubscriptionFilter, stream: string, events: readonly StoredEvent[]): void {
    const key = JSON.stringify([filter.logGroup, filter.name, stream])
    for (const event of events) {
      const batch = batches.get(key) ?? open(key, filter, stream)
      batch.events.push(event)
      if (batch.events.length >= BATCH_LINES) flush(key, filter, stream)
    }
  }

  function open(key: string, filter: SubscriptionFilter, stream: string): Batch {
    const batch: Batch = {
      events: [],
      done: cloud.clock.busy(`log lines of ${filter.logGroup} for ${filter.name}`),
      timer: setTimeout(() => flush(key, filter, stream), BATCH_WINDOW_MS),
    }
    batches.set(key, batch)
    return batch
  }

  function flush(key: string, filter: SubscriptionFilter, stream: string): void {
    const batch = batches.get(key)
    if (!batch) return
    batches.delete(key)
    clearTimeout(batch.timer)
    const sourceArn = `${logGroupArn(cloud, filter.logGroup)}:*`
    try {
      const payload = JSON.stringify({ awslogs: { data: encode(cloud, filter, stream, batch.events) } })
      cloud.invokeAsync(filter.destinationArn, payload, {
        kind: 'service',
        principal: 'logs.amazonaws.com',
        sourceArn,
      })
    } catch (error) {
      cloud.journal({
        source: 'logs',
        summary: `${batch.events.length} lines lost for ${filter.name}`,
        detail: String(error),
      })
    } finally {
      batch.done()
    }
  }

  return {
    add: filter => void subscribed.push({ filter, matches: compileFilterPattern(filter.pattern) }),
    feed(logGroup, stream, events) {
      for (const { filter, matches } of subscribed) {
        if (filter.logGroup !== logGroup) continue
        queue(
          filter,
          stream,
          events.filter(event => matches(event.message)),
        )
      }
    },
    stop() {
      for (const batch of batches.values()) {
        clearTimeout(batch.timer)
        batch.done()
      }
      batches.clear()
    },
  }
}

function encode(
  cloud: LocalCloud,
  filter: SubscriptionFilter,
  logStream: string,
  events: readonly StoredEvent[],
): string {
  const message = {
    messageType: 'DATA_MESSAGE',
    owner: cloud.accountId,
    logGroup: filter.logGroup,
    logStream,
    subscriptionFilters: [filter.name],
    logEvents: events.map(({ id, timestamp, message }) => ({ id, timestamp, message })),
  }
  return gzipSync(JSON.stringify(message), { level: 1 }).toString('base64')
}
