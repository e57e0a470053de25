import * as z from 'zod/mini'
import { accountIdSchema, instantSchema } from '#kernel/schemas'
import type { Table } from '#kernel/table'
import { type Instant, toIso } from '#kernel/time'

/** Paid periods that have no recorded close, by their end: `closing` / `<end>#<account>`. */
const closingSchema = z.object({
  accountId: accountIdSchema,
  end: instantSchema,
  /** When it was last alarmed that this is still open. */
  alarmedAt: z.optional(instantSchema),
})
export type Closing = z.output<typeof closingSchema>

const PARTITION = 'closing'
const keyOf = ({ accountId, end }: Pick<Closing, 'accountId' | 'end'>) => ({
  pk: PARTITION,
  sk: `${toIso(end)}#${accountId}`,
})

/** Written before the segment itself, and harmless without it. */
export async function markClosing(
  billing: Table,
  { accountId, end }: Pick<Closing, 'accountId' | 'end'>,
): Promise<void> {
  const changes = [
    { set: 'accountId', to: accountId },
    { set: 'end', to: end },
  ] as const
  await billing.update(keyOf({ accountId, end }), changes)
}

/** Notes on a listed period that its delay was alarmed. */
export async function noteAlarm(billing: Table, closing: Closing, at: Instant): Promise<void> {
  await billing.update(keyOf(closing), [{ set: 'alarmedAt', to: at }], [{ present: 'pk' }])
}

/** Those whose end has passed, oldest first. One query. */
export async function listClosing(billing: Table, now: Instant): Promise<Closing[]> {
  const items = await billing.query({ pk: PARTITION, from: '0', to: `${toIso(now)}#~`, consistent: false })
  return items.map(item => z.parse(closingSchema, item))
}

export async function unmarkClosing(
  billing: Table,
  closing: Pick<Closing, 'accountId' | 'end'>,
): Promise<void> {
  await billing.remove(keyOf(closing))
}
