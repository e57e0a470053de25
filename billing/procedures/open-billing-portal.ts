import type { billingContract } from '#billing/contract'
import { fail, ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import { createStripeAdapter } from '../stripe/adapter.ts'
import type { BillingDeps } from './deps.ts'
import { loadAccount } from './load-account.ts'

export interface BillingPortalStripe {
  /** The URL of a new session. */
  createPortalSession(of: { readonly customerId: string; readonly returnUrl: string }): Promise<string>
}

/** Stripe's own page for cards, addresses and receipts. It is there from the first purchase on. */
export const openBillingPortal =
  (
    deps: Pick<BillingDeps, 'accounts' | 'stripe'>,
    stripe: BillingPortalStripe = createStripeAdapter(deps.stripe),
  ): Handlers<typeof billingContract>['openBillingPortal'] =>
  async ({ accountId, returnUrl }, call) => {
    const loaded = await loadAccount(deps, accountId, call)
    if (!loaded.ok) return loaded
    const { customerId } = loaded.value.account
    if (!customerId)
      return fail('plan_change_refused', 'There is nothing to pay yet: choose a paid plan first.')
    return ok({ url: await stripe.createPortalSession({ customerId, returnUrl }) })
  }
