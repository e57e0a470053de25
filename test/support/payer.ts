import { MINUTE_MS } from '#kernel/time'
import type { Tollgate } from '../../infra/launch.ts'
import type { Customer } from '../../infra/seed/customer.ts'
import { accountIdOfEmail } from './account.ts'
import { advance, newCustomer } from './tollgate.ts'

/** Somebody who has signed up, has a key and has bought Starter, whose limits are in force. */
export async function newPayer(
  tollgate: Tollgate,
  email = 'ada@example.com',
): Promise<{ readonly customer: Customer; readonly accountId: string }> {
  const customer = newCustomer(tollgate, email)
  await customer.signUp()
  await tollgate.clock.whenIdle()
  await customer.createKey('Production')
  await customer.buy('starter')
  await advance(tollgate, 2 * MINUTE_MS)
  return { customer, accountId: await accountIdOfEmail(tollgate, email) }
}
