import { randomId } from './ids.ts'
import type { Item, Table, TableKey } from './table.ts'
import { type Instant, MINUTE_MS, plusMs, toIso } from './time.ts'

/**
 * A verb that changes state and announces it writes both in one conditional put: the item carries its unpublished
 * events (`withEvents`). `publishPending` publishes and removes them; a scheduled `publishStranded` finds what a crash
 * left through the sparse index. Delivery is at least once; consumers deduplicate by event id.
 */
export type DomainEvent = {
  readonly id: string
  /** For example `invoice.closed`. */
  readonly type: string
  readonly at: Instant
  readonly data: unknown
}

/** Puts one event on the bus. Resolves only when the bus took it. */
export type Publish = (event: DomainEvent) => Promise<void>

export const domainEvent = (type: string, at: Instant, data: unknown): DomainEvent => ({
  id: randomId('evt'),
  type,
  at,
  data,
})

/** Attributes to spread into the item that is written together with its events. */
export const withEvents = (at: Instant, events: readonly DomainEvent[]): Readonly<Record<string, unknown>> =>
  events.length === 0 ? {} : { outbox: 'pending', outboxAt: toIso(at), outboxEvents: events }

/** Publishes the events that an item carries and takes them off. Harmless when there are none. */
export async function publishPending(table: Table, publish: Publish, key: TableKey): Promise<number> {
  const item = await table.get(key)
  const events = (item?.outboxEvents ?? []) as DomainEvent[]
  if (!item || events.length === 0) return 0
  for (const event of events) await publish(event)
  await table.update(
    { pk: item.pk, sk: item.sk },
    [{ remove: 'outbox' }, { remove: 'outboxAt' }, { remove: 'outboxEvents' }],
    [{ path: 'outboxAt', equals: item.outboxAt as string }],
  )
  return events.length
}

/** Republishes what was written more than a minute ago and is still unpublished. */
export async function publishStranded(table: Table, publish: Publish, now: Instant): Promise<number> {
  const stranded: readonly Item[] = await table.query({
    pk: 'pending',
    index: 'unpublished',
    to: toIso(plusMs(now, -MINUTE_MS)),
    consistent: false,
  })
  let count = 0
  for (const item of stranded) count += await publishPending(table, publish, item)
  return count
}
