import * as z from 'zod/mini'
import { accountIdSchema } from '#kernel/schemas'
import type { Table } from '#kernel/table'

/** Whose a Stripe customer is: `customer#<cus>` / `account`. Written before the account names the customer. */
const keyOf = (customerId: string) => ({ pk: `customer#${customerId}`, sk: 'account' })

export async function linkCustomer(billing: Table, customerId: string, accountId: string): Promise<void> {
  await billing.put({ accountId, ...keyOf(customerId) })
}

/** Undefined: not a customer of ours. */
export async function accountOfCustomer(billing: Table, customerId: string): Promise<string | undefined> {
  const item = await billing.get(keyOf(customerId))
  return item && z.parse(z.object({ accountId: accountIdSchema }), item).accountId
}
