import * as z from 'zod/mini'
import type { Entitlement } from '#api/contract'
import { isNew, type Table } from '#kernel/table'

/**
 * Every account with its plan version: `pk account-index`, `sk <account>`. It follows the entitlement that billing
 * computed last, so it is right once that is settled.
 */
const PARTITION = 'account-index'

/** An older writer never overwrites a newer one. */
export async function indexAccount(
  billing: Table,
  { accountId, planVersionId, version }: Pick<Entitlement, 'accountId' | 'planVersionId' | 'version'>,
): Promise<void> {
  const item = { pk: PARTITION, sk: accountId, planVersionId, version }
  if (await billing.put(item, isNew)) return
  await billing.put(item, [{ path: 'version', lessThan: version }])
}

/** Accounts on each plan version. For display. */
export async function countAccounts(billing: Table): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>()
  for (const item of await billing.query({ pk: PARTITION, consistent: false })) {
    const { planVersionId } = z.parse(indexSchema, item)
    counts.set(planVersionId, (counts.get(planVersionId) ?? 0) + 1)
  }
  return counts
}

/** Ids of accounts after one of them, in their order. For display. */
export async function pageAccountIds(billing: Table, after: string, limit: number): Promise<string[]> {
  // The bounds are inclusive: one more is read, because `after` itself may be among them.
  const range = { from: after, to: '~' }
  const items = await billing.query({
    pk: PARTITION,
    ...(after && range),
    limit: limit + 1,
    consistent: false,
  })
  return items
    .map(({ sk }) => sk)
    .filter(accountId => accountId > after)
    .slice(0, limit)
}

/** Every account that billing has told access about, in the order of their ids. For jobs that look at all of them. */
export const listAccountIds = async (billing: Table): Promise<string[]> =>
  (await billing.query({ pk: PARTITION, consistent: false })).map(({ sk }) => sk)

const indexSchema = z.object({ planVersionId: z.string() })
