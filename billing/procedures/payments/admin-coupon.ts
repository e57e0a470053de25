import {
  type billingContract,
  chargeable,
  type Discount,
  formatMinor,
  paymentProcedures,
} from '#billing/contract'
import { appendAudit } from '#kernel/audit'
import { derivedId } from '#kernel/ids'
import { fail, ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import type { CouponStripe, CouponTerms } from '../../payments/ports.ts'
import { requestOnce } from '../../payments/request-once.ts'
import { createStripeAdapter } from '../../stripe/adapter.ts'
import type { BillingDeps } from '../deps.ts'
import { adminPayer, asFailure } from './admin-account.ts'

type Deps = Pick<BillingDeps, 'accounts' | 'billing' | 'plans' | 'stripe'>
type Procedures = Handlers<typeof billingContract>

/**
 * Puts a discount on the current subscription, next to those that it has. The coupon's id follows from the request, so
 * a repetition finds the coupon, and the discount by it.
 */
export const adminApplyCoupon =
  (deps: Deps, stripe: CouponStripe = createStripeAdapter(deps.stripe)): Procedures['adminApplyCoupon'] =>
  async (input, call) => {
    const { accountId, reason, idempotencyKey } = input
    const payer = await adminPayer(deps, accountId, call)
    if (!payer.ok) return payer
    const { subscriptionId, currency } = payer.value
    if (subscriptionId === null)
      return fail('no_subscription', 'This account is on Free: a discount needs a subscription.')
    const amountOffMinor = input.off.kind === 'amount' ? BigInt(input.off.amountMinor) : null
    if (amountOffMinor !== null && !chargeable(amountOffMinor, currency))
      return fail('coupon_refused', `${amountOffMinor} is no amount that can be paid in ${currency}.`)
    const percentOff = input.off.kind === 'percent' ? input.off.percent : null
    const off = percentOff === null ? formatMinor(amountOffMinor ?? 0n, currency) : `${percentOff} %`
    const terms: CouponTerms = {
      ...{ id: derivedId('tollgate', accountId, idempotencyKey), name: `${off} off`, currency },
      ...{ percentOff, amountOffMinor, duration: input.duration.kind },
      months: input.duration.kind === 'repeating' ? input.duration.months : null,
    }
    const request = {
      ...{ accountId, key: idempotencyKey, now: call.now },
      terms: { kind: 'coupon', subscriptionId, off, duration: JSON.stringify(input.duration), reason },
      result: paymentProcedures.adminApplyCoupon.output,
    }
    return requestOnce(deps.billing, request, async isRepeated => {
      const after = { subscriptionId, off, duration: input.duration }
      if (!isRepeated)
        await appendAudit(deps.billing, call, { accountId, action: 'coupon.applied', after, reason })
      try {
        return ok({ discount: await apply(stripe, subscriptionId, terms) })
      } catch (error) {
        return asFailure(error, 'coupon_refused')
      }
    })
  }

async function apply(stripe: CouponStripe, subscriptionId: string, terms: CouponTerms): Promise<Discount> {
  const find = async () => {
    const discounts = await stripe.listDiscounts(subscriptionId)
    return { discounts, ours: discounts.find(one => one.couponId === terms.id) }
  }
  const before = await find()
  if (before.ours) return withoutCoupon(before.ours)
  await stripe.ensureCoupon(terms)
  const kept = before.discounts.map(({ discountId }) => ({ discount: discountId }))
  await stripe.setDiscounts(subscriptionId, [...kept, { coupon: terms.id }])
  const { ours } = await find()
  if (!ours) throw new Error(`the coupon ${terms.id} was applied and is not listed`)
  return withoutCoupon(ours)
}

const withoutCoupon = ({ couponId: _, ...discount }: Discount & { readonly couponId: string }) => discount

/** Ends a discount from the next invoice on. One that is not there any more is removed. */
export const adminRemoveCoupon =
  (deps: Deps, stripe: CouponStripe = createStripeAdapter(deps.stripe)): Procedures['adminRemoveCoupon'] =>
  async ({ accountId, discountId, reason }, call) => {
    const payer = await adminPayer(deps, accountId, call)
    if (!payer.ok) return payer
    const { subscriptionId } = payer.value
    const discounts = subscriptionId === null ? [] : await stripe.listDiscounts(subscriptionId)
    const removed = discounts.find(one => one.discountId === discountId)
    if (subscriptionId === null || !removed) return ok({})
    await appendAudit(deps.billing, call, {
      ...{ accountId, action: 'coupon.removed', reason },
      before: { subscriptionId, off: removed.name },
    })
    const kept = discounts.filter(one => one !== removed)
    try {
      await stripe.setDiscounts(
        subscriptionId,
        kept.map(one => ({ discount: one.discountId })),
      )
    } catch (error) {
      return asFailure(error, 'coupon_refused')
    }
    return ok({})
  }
