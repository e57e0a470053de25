import { createBatchDelivery } from './deliver-batch.ts'
import { compileFilterPattern, type MessageFilter } from './filter-pattern/compile.ts'
import type { Logs } from './logs.ts'
import type { StoredEvent, SubscriptionFilter } from './state.ts'

/** A batch leaves when no line has come for a moment, or it has waited long enough (real time), or at this many lines. */
const BATCH_QUIET_MS = 50
const BATCH_LONGEST_MS = 250
const BATCH_LINES = 100

type Batch = {
  readonly events: StoredEvent[]
  readonly done: () => void
  readonly timer: NodeJS.Timeout
  readonly openedAt: number
}

export type Subscriptions = {
  add(filter: SubscriptionFilter): void
  /** Queues the matching events of one stream for every subscription of the group. */
  feed(logGroup: string, stream: string, events: readonly StoredEvent[]): void
  stop(): void
}

/** Collects log events for subscriptions and sends them in batches, one stream a batch. */
export function createSubscriptions(logs: Logs): Subscriptions {
  const { clock } = logs.cloud
  const subscribed = new Map<string, { filter: SubscriptionFilter; matches: MessageFilter }[]>()
  const batches = new Map<string, Batch>()
  const deliver = createBatchDelivery(logs)

  function queue(filter: SubscriptionFilter, stream: string, events: readonly StoredEvent[]): void {
    const key = JSON.stringify([filter.logGroup, filter.name, stream])
    for (const event of events) {
      const batch = batches.get(key) ?? open(key, filter, stream)
      if (performance.now() - batch.openedAt < BATCH_LONGEST_MS - BATCH_QUIET_MS) batch.timer.refresh()
      batch.events.push(event)
      if (batch.events.length >= BATCH_LINES) flush(key, filter, stream)
    }
  }

  function open(key: string, filter: SubscriptionFilter, stream: string): Batch {
    const batch: Batch = {
      events: [],
      done: clock.busy(`log lines of ${filter.logGroup} for ${filter.name}`),
      timer: setTimeout(() => flush(key, filter, stream), BATCH_QUIET_MS),
      openedAt: performance.now(),
    }
    batches.set(key, batch)
    return batch
  }

  function flush(key: string, filter: SubscriptionFilter, stream: string): void {
    const batch = batches.get(key)
    if (!batch) return
    batches.delete(key)
    clearTimeout(batch.timer)
    void deliver(filter, stream, batch.events).finally(batch.done)
  }

  return {
    add(filter) {
      const others = subscribed.get(filter.logGroup) ?? []
      subscribed.set(filter.logGroup, [...others, { filter, matches: compileFilterPattern(filter.pattern) }])
    },
    feed(logGroup, stream, events) {
      for (const { filter, matches } of subscribed.get(logGroup) ?? []) {
        if ((filter.disabledUntil ?? 0) > clock.now()) continue
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
