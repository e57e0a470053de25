import * as z from 'zod/mini'
import type { AmountLine, Discount } from '#billing/contract'
import { derivedId } from '#kernel/ids'
import { minorSchema } from '#kernel/schemas'
import type { Instant } from '#kernel/time'
import type { CouponTerms } from '../payments/ports.ts'
import { aMonthAfter } from './a-month-after.ts'

/**
 * A discount of the subscription that is left, as it goes on on the one that replaces it. At Stripe a discount belongs to
 * its subscription and ends with it, and its coupon is redeemed: what is left of it becomes a coupon of its own.
 */
export const carriedDiscountSchema = z.object({
  discountId: z.string(),
  name: z.string(),
  percentOff: z.nullable(z.number()),
  amountOffMinor: z.nullable(minorSchema),
  /** Null: forever. */
  months: z.nullable(z.int()),
})
export type CarriedDiscount = z.output<typeof carriedDiscountSchema>

/**
 * What is left of each discount, in Stripe's order. A begun month counts: rounding is not to the customer's cost. One that
 * is taken off a single invoice stays behind: the final invoice of the plan that is left takes it.
 */
export function carryDiscounts(discounts: readonly Discount[], at: Instant): CarriedDiscount[] {
  return discounts.flatMap(({ discountId, name, percentOff, amountOffMinor, duration, endsAt }) => {
    if (duration === 'once' || (endsAt !== null && endsAt <= at)) return []
    const months = endsAt === null ? null : monthsUntil(endsAt, at)
    return [{ discountId, name, percentOff, amountOffMinor, months }]
  })
}

function monthsUntil(end: Instant, at: Instant): number {
  let months = 1
  for (let month = aMonthAfter(at); month < end; month = aMonthAfter(month)) months++
  return months
}

/**
 * Takes each discount off what the ones before left, as Stripe does, rounded half up.
 * https://docs.stripe.com/billing/subscriptions/coupons
 */
export function discountLines(amountMinor: bigint, discounts: readonly CarriedDiscount[]): AmountLine[] {
  let leftMinor = amountMinor > 0n ? amountMinor : 0n
  return discounts.map(({ name, percentOff, amountOffMinor }) => {
    const fixedMinor = BigInt(amountOffMinor ?? '0')
    const offMinor =
      percentOff === null ? (fixedMinor < leftMinor ? fixedMinor : leftMinor) : shareOf(leftMinor, percentOff)
    leftMinor -= offMinor
    return { label: name, amountMinor: String(-offMinor) }
  })
}

/** Percentages to four decimal places. */
const PERCENT_SCALE = 10_000
function shareOf(amountMinor: bigint, percent: number): bigint {
  const whole = BigInt(100 * PERCENT_SCALE)
  return (2n * amountMinor * BigInt(Math.round(percent * PERCENT_SCALE)) + whole) / (2n * whole)
}

/** The coupon that goes on: its id follows from the change, so that a repetition finds it. */
export function couponTerms(carried: CarriedDiscount, claim: string, currency: string): CouponTerms {
  const { discountId, name, percentOff, amountOffMinor, months } = carried
  return {
    ...{ id: derivedId('carried', claim, discountId), name, currency, percentOff, months },
    amountOffMinor: amountOffMinor === null ? null : BigInt(amountOffMinor),
    duration: months === null ? 'forever' : 'repeating',
  }
}
