import { type billingContract, chargeable, paymentProcedures } from '#billing/contract'
import { appendAudit } from '#kernel/audit'
import { fail, ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import type { CreditStripe } from '../../payments/ports.ts'
import { requestOnce } from '../../payments/request-once.ts'
import { createStripeAdapter } from '../../stripe/adapter.ts'
import type { BillingDeps } from '../deps.ts'
import { adminPayer, asFailure } from './admin-account.ts'

/** Grants credit that pays usage charges of coming invoices; Stripe applies it when it finalizes them. */
export const adminGrantCredit =
  (
    deps: Pick<BillingDeps, 'accounts' | 'billing' | 'plans' | 'stripe'>,
    stripe: CreditStripe = createStripeAdapter(deps.stripe),
  ): Handlers<typeof billingContract>['adminGrantCredit'] =>
  async ({ accountId, amountMinor, reason, expiresAt, idempotencyKey }, call) => {
    const payer = await adminPayer(deps, accountId, call)
    if (!payer.ok) return payer
    const { customerId, currency } = payer.value
    if (!chargeable(BigInt(amountMinor), currency))
      return fail('credit_refused', `${amountMinor} is no amount that can be paid in ${currency}.`)
    if (expiresAt !== undefined && expiresAt <= call.now)
      return fail('credit_refused', 'The credit would be over already: choose a day in the future.')
    const request = {
      ...{ accountId, key: idempotencyKey, now: call.now },
      terms: { kind: 'credit', amountMinor, reason, expiresAt: String(expiresAt ?? '') },
      result: paymentProcedures.adminGrantCredit.output,
    }
    return requestOnce(deps.billing, request, async isRepeated => {
      const after = { amountMinor, currency, expiresAt: expiresAt ?? null }
      if (!isRepeated)
        await appendAudit(deps.billing, call, { accountId, action: 'credit.granted', after, reason })
      const earlier = isRepeated ? await stripe.listCredits(customerId, call.now) : []
      const made = earlier.find(({ requestKey }) => requestKey === idempotencyKey)
      try {
        const grantId =
          made?.grantId ??
          (await stripe.grantCredit({
            ...{ customerId, currency, reason, amountMinor: BigInt(amountMinor) },
            ...{ expiresAt: expiresAt ?? null, requestKey: idempotencyKey },
          }))
        const credits = await stripe.listCredits(customerId, call.now)
        const credit = credits.find(one => one.grantId === grantId)
        if (!credit) throw new Error(`the grant ${grantId} was made and is not listed`)
        const { requestKey: _, ...shown } = credit
        return ok({ credit: shown })
      } catch (error) {
        return asFailure(error, 'credit_refused')
      }
    })
  }
