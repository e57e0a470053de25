import { type Engine, emit, nowSeconds } from '../engine.ts'
import { invalidRequest } from '../fault.ts'
import { need } from '../find.ts'
import { newId } from '../ids.ts'
import { applyMetadata, type Input, integer, metadata, object, oneOf, text } from '../params.ts'
import type { Coupon, Discount } from '../wire.ts'

export const createCouponParams = object({
  amount_off: integer(),
  currency: text(),
  duration: oneOf('once', 'forever'),
  id: text(),
  max_redemptions: integer(),
  metadata: metadata(),
  name: text(),
  percent_off: integer(),
})

/** https://docs.stripe.com/api/coupons/create */
export function createCoupon(engine: Engine, input: Input<typeof createCouponParams>): Coupon {
  if ((input.amount_off === undefined) === (input.percent_off === undefined)) {
    throw invalidRequest('You must pass exactly one of `amount_off` and `percent_off`.', {
      param: 'amount_off',
    })
  }
  if (input.amount_off !== undefined && input.currency === undefined) {
    throw invalidRequest('You must pass `currency` when passing `amount_off`', {
      code: 'parameter_missing',
      param: 'currency',
    })
  }
  const id = input.id ?? newId(engine.state, '', 8)
  if (engine.state.coupons[id] !== undefined) {
    throw invalidRequest('Coupon already exists.', { code: 'resource_already_exists', param: 'id' })
  }
  const coupon: Coupon = {
    id,
    object: 'coupon',
    amount_off: input.amount_off ?? null,
    created: nowSeconds(engine),
    currency: input.currency?.toLowerCase() ?? null,
    duration: input.duration ?? 'once',
    duration_in_months: null,
    livemode: false,
    max_redemptions: input.max_redemptions ?? null,
    metadata: applyMetadata(null, input.metadata),
    name: input.name ?? null,
    percent_off: input.percent_off ?? null,
    redeem_by: null,
    times_redeemed: 0,
    valid: true,
  }
  engine.state.coupons[id] = coupon
  emit(engine, 'coupon.created', coupon)
  return coupon
}

/** Redeems a coupon for a subscription; `once` ends with the subscription's first invoice. */
export function redeemCoupon(
  engine: Engine,
  couponId: string,
  customerId: string,
  subscriptionId: string,
): Discount {
  const coupon = need(engine.state.coupons, 'coupon', couponId, 'discounts[0][coupon]')
  if (!coupon.valid)
    throw invalidRequest(`Coupon expired: ${couponId}`, {
      code: 'coupon_expired',
      param: 'discounts[0][coupon]',
    })
  coupon.times_redeemed += 1
  if (coupon.max_redemptions !== null && coupon.times_redeemed >= coupon.max_redemptions) coupon.valid = false
  const discount: Discount = {
    id: newId(engine.state, 'di_'),
    object: 'discount',
    checkout_session: null,
    customer: customerId,
    customer_account: null,
    end: null,
    invoice: null,
    invoice_item: null,
    promotion_code: null,
    source: { coupon: coupon.id, type: 'coupon' },
    start: nowSeconds(engine),
    subscription: subscriptionId,
    subscription_item: null,
  }
  engine.state.discounts[discount.id] = discount
  return discount
}
