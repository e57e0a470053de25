import { change, type Engine, emit } from '../engine.ts'
import { need } from '../find.ts'
import { applyMetadata, type Input, metadata, object, text } from '../params.ts'
import type { Coupon } from '../wire.ts'

export const updateCouponParams = object({ metadata: metadata(), name: text() })

/** https://docs.stripe.com/api/coupons/update */
export function updateCoupon(engine: Engine, id: string, input: Input<typeof updateCouponParams>): Coupon {
  const coupon = need(engine.state.coupons, 'coupon', id)
  const previous = change(coupon, {
    metadata: applyMetadata(coupon.metadata, input.metadata),
    ...(input.name === undefined ? {} : { name: input.name }),
  })
  if (Object.keys(previous).length > 0) emit(engine, 'coupon.updated', coupon, previous)
  return coupon
}

export type DeletedCoupon = { id: string; object: 'coupon'; deleted: true }

/** Discounts that were given stay: https://docs.stripe.com/api/coupons/delete */
export function deleteCoupon(engine: Engine, id: string): DeletedCoupon {
  const coupon = need(engine.state.coupons, 'coupon', id)
  change(coupon, { valid: false })
  engine.state.deletedCoupons.set(id, coupon)
  engine.state.coupons.delete(id)
  emit(engine, 'coupon.deleted', coupon)
  return { id, object: 'coupon', deleted: true }
}

/** The coupon of a discount, deleted or not. */
export function couponOf(engine: Engine, discountId: string): Coupon | undefined {
  const id = engine.state.discounts.get(discountId)?.source.coupon ?? ''
  return engine.state.coupons.get(id) ?? engine.state.deletedCoupons.get(id)
}
