import { boundary } from '../calendar.ts'
import { type Engine, nowSeconds } from '../engine.ts'
import { invalidRequest } from '../fault.ts'
import { need } from '../find.ts'
import { newId } from '../ids.ts'
import type { Coupon, Discount } from '../wire.ts'

/** The coupon, if it can be redeemed now for something in that currency. */
export function checkCoupon(engine: Engine, id: string, currency: string, param: string): Coupon {
  const coupon = need(engine.state.coupons, 'coupon', id, param)
  const isLate = coupon.redeem_by !== null && coupon.redeem_by <= nowSeconds(engine)
  if (!coupon.valid || isLate)
    throw invalidRequest(`Coupon expired: ${id}`, { code: 'coupon_expired', param })
  if (coupon.amount_off !== null && coupon.currency !== currency) {
    throw invalidRequest(`The coupon ${id} is in ${coupon.currency} and not in ${currency}.`, { param })
  }
  return coupon
}

/** Redeems a coupon that was checked before. */
export function redeemCoupon(
  engine: Engine,
  couponId: string,
  customerId: string,
  owner: string | { readonly invoice: string },
): Discount {
  const coupon = need(engine.state.coupons, 'coupon', couponId, 'discounts[0][coupon]')
  coupon.times_redeemed += 1
  if (coupon.max_redemptions !== null && coupon.times_redeemed >= coupon.max_redemptions) coupon.valid = false
  const start = nowSeconds(engine)
  const months = coupon.duration_in_months
  const discount: Discount = {
    id: newId(engine.state, 'di_'),
    object: 'discount',
    checkout_session: null,
    customer: customerId,
    customer_account: null,
    end: months === null ? null : boundary(start, { unit: 'month', count: months }, 1),
    invoice: typeof owner === 'string' ? null : owner.invoice,
    invoice_item: null,
    promotion_code: null,
    source: { coupon: coupon.id, type: 'coupon' },
    start,
    subscription: typeof owner === 'string' ? owner : null,
    subscription_item: null,
  }
  engine.state.discounts.set(discount.id, discount)
  return discount
}
