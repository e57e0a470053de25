import { type Engine, emit, nowSeconds } from '../engine.ts'
import { invalidRequest } from '../fault.ts'
import { newId } from '../ids.ts'
import {
  amount,
  applyMetadata,
  currency,
  decimal,
  type Input,
  integer,
  metadata,
  object,
  oneOf,
  text,
  timestamp,
} from '../params.ts'
import type { Coupon } from '../wire.ts'

export const createCouponParams = object({
  amount_off: amount({ min: 1 }),
  currency: currency(),
  duration: oneOf('once', 'forever', 'repeating'),
  duration_in_months: integer({ min: 1, max: 120 }),
  id: text({ max: 200 }),
  max_redemptions: integer({ min: 1 }),
  metadata: metadata(),
  name: text(),
  percent_off: decimal({ min: 0 }),
  redeem_by: timestamp(),
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
  const percent = input.percent_off === undefined ? null : Number(input.percent_off)
  if (percent !== null && (percent <= 0 || percent > 100)) {
    throw invalidRequest('`percent_off` must be greater than 0 and at most 100.', { param: 'percent_off' })
  }
  if ((input.duration === 'repeating') !== (input.duration_in_months !== undefined)) {
    throw invalidRequest('`duration_in_months` belongs to `duration=repeating`.', {
      param: 'duration_in_months',
    })
  }
  if (input.redeem_by !== undefined && input.redeem_by <= nowSeconds(engine)) {
    throw invalidRequest('`redeem_by` must be in the future.', { param: 'redeem_by' })
  }
  const id = input.id ?? newId(engine.state, '', 8)
  if (engine.state.coupons.get(id) !== undefined) {
    throw invalidRequest('Coupon already exists.', { code: 'resource_already_exists', param: 'id' })
  }
  const coupon: Coupon = {
    id,
    object: 'coupon',
    amount_off: input.amount_off ?? null,
    created: nowSeconds(engine),
    currency: input.currency ?? null,
    duration: input.duration ?? 'once',
    duration_in_months: input.duration_in_months ?? null,
    livemode: false,
    max_redemptions: input.max_redemptions ?? null,
    metadata: applyMetadata(null, input.metadata),
    name: input.name ?? null,
    percent_off: percent,
    redeem_by: input.redeem_by ?? null,
    times_redeemed: 0,
    valid: true,
  }
  engine.state.coupons.set(id, coupon)
  emit(engine, 'coupon.created', coupon)
  return coupon
}
