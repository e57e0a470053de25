import { couponOf } from '../coupons/update-coupon.ts'
import { DECIMAL_SCALE, divideHalfUp, parseDecimal } from '../decimal.ts'
import type { Engine } from '../engine.ts'
import { share } from '../rate-price.ts'
import type { Coupon, Invoice, InvoiceLine } from '../wire.ts'

/**
 * Takes each discount off the discountable lines in turn, spread in proportion to their amounts so that the parts add up
 * to the whole. Returns the totals by discount.
 */
export function applyDiscounts(
  engine: Engine,
  lines: InvoiceLine[],
  discountIds: readonly string[],
): NonNullable<Invoice['total_discount_amounts']> {
  const left = new Map(lines.map(line => [line.id, line.discountable ? Math.max(0, line.amount) : 0]))
  for (const line of lines) line.discount_amounts = []
  return discountIds.flatMap(id => {
    const coupon = couponOf(engine, id)
    if (coupon === undefined) return []
    const base = [...left.values()].reduce((sum, amount) => sum + amount, 0)
    const total = discountOf(coupon, base)
    spread(lines, left, total).forEach((part, index) => {
      const line = lines[index]
      if (line === undefined || part === 0) return
      left.set(line.id, (left.get(line.id) ?? 0) - part)
      line.discount_amounts = [...(line.discount_amounts ?? []), { amount: part, discount: id }]
    })
    return [{ amount: total, discount: id }]
  })
}

function discountOf(coupon: Coupon, base: number): number {
  if (coupon.amount_off !== null) return Math.min(base, coupon.amount_off)
  const percent = parseDecimal(String(coupon.percent_off ?? 0)) ?? 0n
  return Number(divideHalfUp(BigInt(base) * percent, 100n * DECIMAL_SCALE))
}

/** Cumulative rounding: each line gets the difference of two rounded prefixes, so the parts add up exactly. */
function spread(lines: readonly InvoiceLine[], left: ReadonlyMap<string, number>, total: number): number[] {
  const base = [...left.values()].reduce((sum, amount) => sum + amount, 0)
  if (base === 0) return lines.map(() => 0)
  let before = 0
  return lines.map(line => {
    const after = before + (left.get(line.id) ?? 0)
    const part = share(total, after, base) - share(total, before, base)
    before = after
    return part
  })
}
