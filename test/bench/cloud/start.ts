import { MINUTE_MS } from '#kernel/time'
import type { Tollgate } from '../../../infra/launch.ts'
import type { Customer } from '../../../infra/seed/customer.ts'
import { advance, newCustomer, startTollgate } from '../../support/tollgate.ts'
import { type Note, timed } from '../figures.ts'

/** The whole product on its local cloud, with a customer on the largest plan. */
export type Running = { readonly tollgate: Tollgate; readonly customer: Customer }

export const EMAIL = 'bench@example.com'

export const start = (note: Note): Promise<Tollgate> =>
  timed(note, 'provision, set up Stripe, publish the plans', () => startTollgate('2026-03-02T09:00:00Z'))

export async function signUp(tollgate: Tollgate): Promise<Running> {
  const customer = newCustomer(tollgate, EMAIL)
  await customer.signUp()
  await tollgate.clock.whenIdle()
  await customer.createKey('Bench')
  await customer.buy('scale')
  await advance(tollgate, 2 * MINUTE_MS)
  await customer.call('/v1/email', { email: 'warm@example.com' })
  return { tollgate, customer }
}
