import type { billingContract } from '#billing/contract'
import { appendAudit } from '#kernel/audit'
import { fail, ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import type { CreditStripe } from '../../payments/ports.ts'
import { createStripeAdapter } from '../../stripe/adapter.ts'
import type { BillingDeps } from '../deps.ts'
import { adminPayer, asFailure } from './admin-account.ts'

/**
 * Takes back what is left of a grant. Stripe voids only what was never used; of a grant that paid something the rest is
 * ended, and what it paid stays paid. One that is over already is answered as it is.
 */
export const adminVoidCredit =
  (
    deps: Pick<BillingDeps, 'accounts' | 'billing' | 'plans' | 'stripe'>,
    stripe: CreditStripe = createStripeAdapter(deps.stripe),
  ): Handlers<typeof billingContract>['adminVoidCredit'] =>
  async ({ accountId, grantId, reason }, call) => {
    const payer = await adminPayer(deps, accountId, call)
    if (!payer.ok) return payer
    const { customerId } = payer.value
    const find = async () =>
      (await stripe.listCredits(customerId, call.now)).find(one => one.grantId === grantId)
    const before = await find()
    if (!before) return fail('not_found', 'This account has no such credit.')
    if (before.status !== 'active') return ok({ credit: withoutKey(before) })
    await appendAudit(deps.billing, call, {
      ...{ accountId, action: 'credit.voided', reason },
      before: { grantId, remainingMinor: before.remainingMinor },
    })
    try {
      if (before.remainingMinor === before.amountMinor) await stripe.voidCredit(grantId)
      else await stripe.expireCredit(grantId)
    } catch (error) {
      return asFailure(error, 'credit_refused')
    }
    return ok({ credit: withoutKey((await find()) ?? before) })
  }

const withoutKey = <T extends { readonly requestKey: unknown }>({ requestKey: _, ...credit }: T) => credit
