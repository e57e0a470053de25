import type { AccountFacts } from './facts.ts'
import { priceOf } from './price.ts'
import { demand } from './violation.ts'

/** Below this Stripe charges nothing in the currencies of a simulation. */
const LEAST_MINOR = 50n

/**
 * What was recorded after the last invoice costs what it would have cost on it: a one-off invoice of exactly that; or it
 * is waived, because it is too little or above the cap; or it is a credit.
 */
export function checkRemainders({ remainders, segments, planOf, oneOff }: AccountFacts): void {
  const named = remainders.filter(({ kind }) => kind === 'invoice').map(({ invoiceId }) => invoiceId)
  demand(
    oneOff.every(({ id }) => named.includes(id)) && new Set(named).size === oneOff.length,
    () => `one-off invoices ${oneOff.map(({ id }) => id).join(', ')}, decided ${named.join(', ')}`,
  )
  for (const { kind, units, amountMinor, period, before, invoiceId } of remainders) {
    const segment = segments.find(({ start }) => start === period.start)
    if (!segment) throw new Error('a remainder of no segment')
    const { usagePrice } = planOf(segment.planVersionId)
    const worth = (more: number) =>
      priceOf(usagePrice, before.invoicedUnits + more) - priceOf(usagePrice, before.invoicedUnits)
    if (kind === 'invoice') {
      const found = oneOff.find(({ id }) => id === invoiceId)
      demand(
        found?.totalMinor === worth(units) && found.totalMinor === BigInt(amountMinor),
        () => `${units} late units cost ${worth(units)}, ${invoiceId} is ${found?.totalMinor}`,
      )
    }
    if (kind === 'waiver')
      demand(BigInt(amountMinor) < LEAST_MINOR, () => `${units} late units worth ${amountMinor} were waived`)
  }
}
