import { type billingContract, isFree, type PlanVersion } from '#billing/contract'
import { type Failure, fail, ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import type { Account } from '../domain/records.ts'
import { createStripeAdapter } from '../stripe/adapter.ts'
import { type CheckoutStripe, openCheckout } from '../stripe/open-checkout.ts'
import type { BillingDeps } from './deps.ts'
import { loadAccount } from './load-account.ts'

/**
 * Opens Stripe's Checkout for a first paid plan. One open session per account: asking again for the same plan answers
 * the same URL, asking for another plan expires the session and opens a new one.
 */
export const startCheckout =
  (
    deps: Pick<BillingDeps, 'accounts' | 'automaticTax' | 'billing' | 'plans' | 'stripe'>,
    stripe: CheckoutStripe = createStripeAdapter(deps.stripe),
  ): Handlers<typeof billingContract>['startCheckout'] =>
  async (input, call) => {
    const loaded = await loadAccount(deps, input.accountId, call)
    if (!loaded.ok) return loaded
    const plan = await deps.plans.getLive(input.planId)
    if (!plan) return fail('plan_not_found', 'There is no such plan on sale.')
    const refusal = refuse(loaded.value.account, plan)
    if (refusal) return refusal
    const opened = await openCheckout({ ...deps, stripe }, plan, input, call.now)
    if (opened.kind === 'open') return ok({ url: opened.url })
    return opened.kind === 'switching'
      ? refused('Your purchase is being switched on. This takes about a minute.')
      : refused('Another click was faster. Try again.')
  }

/** Why this account cannot buy this plan through Checkout. */
function refuse(account: Account, plan: PlanVersion): Failure | null {
  if (account.planVersionId.split('@')[0] === plan.id)
    return fail('already_on_plan', `You are on ${plan.name} already.`)
  if (account.subscriptionId !== null)
    return refused('You pay for a plan already. Change it on the plan page: nothing is entered anew.')
  if (account.blocks.includes('unpaid'))
    return refused('A payment is overdue. Pay the open invoice under Billing, then choose a plan.')
  if (account.blocks.length > 0)
    return refused('Your account is stopped. Write to support before you choose a plan.')
  return isFree(plan) ? refused(`${plan.name} is free: there is nothing to pay.`) : null
}

const refused = (message: string): Failure => fail('plan_change_refused', message)
