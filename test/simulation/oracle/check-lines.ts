import type { Segment } from '../../../billing/domain/records.ts'
import type { AccountFacts, StripeInvoice } from './facts.ts'
import { priceOf } from './price.ts'
import { demand, iso } from './violation.ts'

/** Usage of the plan that was, and the fee of the plan that follows. Answers the units. */
export function checkLines(
  { planOf, segments }: AccountFacts,
  segment: Segment,
  invoice: StripeInvoice,
  isLast: boolean,
): number {
  const where = `${invoice.id} until ${iso(segment.end)}`
  const plan = planOf(segment.planVersionId)
  const follower = segments.find(({ start }) => start === segment.end)
  const next = isLast || !follower ? null : planOf(follower.planVersionId)
  const metered = invoice.lines.filter(({ priceId }) => priceId === plan.stripe?.meteredPriceId)
  const flat = next ? invoice.lines.filter(({ priceId }) => priceId === next.stripe?.flatPriceId) : []
  const units = metered.reduce((sum, { quantity }) => sum + quantity, 0)
  const amount = metered.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)
  const others = invoice.lines.filter(line => !metered.includes(line) && !flat.includes(line))
  demand(
    ['paid', 'uncollectible'].includes(invoice.status ?? '') ||
      (invoice.status === 'open' && invoice.autoAdvance),
    () => `${where} is ${invoice.status} and not collected`,
  )
  demand(
    others.every(({ quantity, amountMinor }) => quantity === 0 && amountMinor === 0n) &&
      flat.length === (next ? 1 : 0),
    () => `${where} has other lines: ${describeLines(invoice)}`,
  )
  demand(
    !next || flat[0]?.amountMinor === BigInt(next.flatFeeMinor),
    () => `the flat fee of ${where} is wrong`,
  )
  const fair = priceOf(plan.usagePrice, units)
  demand(
    amount === fair || metered.length === 0,
    () => `${where} bills ${amount} for ${units} units, which cost ${fair}`,
  )
  return units
}

const describeLines = ({ lines }: StripeInvoice): string =>
  lines.map(({ priceId, quantity, amountMinor }) => `${priceId} ${quantity} = ${amountMinor}`).join('; ')
