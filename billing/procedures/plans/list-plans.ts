import type { billingContract } from '#billing/contract'
import { ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import type { BillingDeps } from '../deps.ts'

/** Before anything is published there is no currency to speak of; `usd` only fills the field. */
const NO_PLANS_CURRENCY = 'usd'

/** The live price list, cheapest first. Any actor. */
export const listPlans =
  ({ plans }: Pick<BillingDeps, 'plans'>): Handlers<typeof billingContract>['listPlans'] =>
  async () => {
    const live = await plans.listLive()
    return ok({ currency: live[0]?.currency ?? NO_PLANS_CURRENCY, plans: live })
  }
