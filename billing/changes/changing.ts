import * as z from 'zod/mini'
import { randomId } from '#kernel/ids'
import type { Table } from '#kernel/table'

/**
 * Accounts whose records and Stripe may differ because a change was begun: `changing` / account. Written before the first
 * effect; the sweep removes it, by its own token, once both agree.
 */
const PARTITION = 'changing'
const markerSchema = z.object({ sk: z.string(), token: z.string() })
export type Changing = { readonly accountId: string; readonly token: string }

export async function markChanging(billing: Table, accountId: string): Promise<void> {
  await billing.put({ pk: PARTITION, sk: accountId, token: randomId('mark') })
}

/** One query. */
export async function listChanging(billing: Table): Promise<Changing[]> {
  const items = await billing.query({ pk: PARTITION })
  return items.map(item => {
    const { sk, token } = z.parse(markerSchema, item)
    return { accountId: sk, token }
  })
}

/** Kept when somebody marked the account again meanwhile. */
export const unmarkChanging = (billing: Table, { accountId, token }: Changing): Promise<boolean> =>
  billing.remove({ pk: PARTITION, sk: accountId }, [{ path: 'token', equals: token }])
