import * as z from 'zod/mini'
import { accountIdSchema } from '#kernel/schemas'
import type { Table } from '#kernel/table'

const indexSchema = z.object({ sk: accountIdSchema, planVersionId: z.string() })

export type AccountPage = {
  readonly accounts: readonly { readonly accountId: string; readonly planVersionId: string }[]
  /** The last account of the page; null: there are no more. */
  readonly nextCursor: string | null
}

/** All accounts with the plan version that they were last entitled to, page by page in the order of their ids. */
export async function pageAccounts(
  billing: Table,
  cursor: string | null,
  size: number,
): Promise<AccountPage> {
  // Ids are letters and digits: `~` sorts behind them all.
  const range = cursor === null ? {} : { from: `${cursor}~` }
  const items = await billing.query({ pk: 'account-index', ...range, limit: size })
  const accounts = items.map(item => {
    const { sk, planVersionId } = z.parse(indexSchema, item)
    return { accountId: sk, planVersionId }
  })
  return { accounts, nextCursor: items.length < size ? null : (accounts.at(-1)?.accountId ?? null) }
}
