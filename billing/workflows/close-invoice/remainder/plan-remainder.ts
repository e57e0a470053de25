import { type PlanVersion, rate, totalOf } from '#billing/contract'
import { minimumChargeMinor } from '../../../domain/minimum-charge.ts'

/** What becomes of a remainder: units and money, and the numbers of the last segment after it. */
export type RemainderPlan = {
  readonly kind: 'invoice' | 'waiver' | 'credit'
  readonly units: number
  readonly amountMinor: bigint
  readonly invoicedUnits: number
  readonly waivedUnits: number
}

export type RemainderFacts = {
  readonly plan: Pick<PlanVersion, 'usagePrice' | 'currency'>
  /** Carry-over that no segment takes: negative when the customer was billed too much. */
  readonly units: number
  /** Of the last closed segment. */
  readonly invoicedUnits: number
  readonly waivedUnits: number
  readonly capUnits: number | null
}

/**
 * A remainder costs what it would have cost had it been on the last invoice. Up to the cap it is invoiced on its own; what
 * is beyond the cap, or worth less than Stripe can charge, is waived. A negative one is credited.
 */
export function planRemainder({
  plan,
  units,
  invoicedUnits,
  waivedUnits,
  capUnits,
}: RemainderFacts): RemainderPlan | null {
  if (units === 0) return null
  const worth = (ofUnits: number) =>
    totalOf(rate(plan.usagePrice, invoicedUnits + ofUnits)) - totalOf(rate(plan.usagePrice, invoicedUnits))
  if (units < 0)
    return {
      ...{ kind: 'credit', units, amountMinor: -worth(units) },
      ...{ invoicedUnits: invoicedUnits + units, waivedUnits },
    }
  const billable = capUnits === null ? units : Math.max(0, Math.min(units, capUnits - invoicedUnits))
  const amountMinor = worth(billable)
  if (amountMinor < minimumChargeMinor(plan.currency))
    return { kind: 'waiver', units, amountMinor, invoicedUnits, waivedUnits: waivedUnits + units }
  return {
    ...{ kind: 'invoice', units: billable, amountMinor },
    ...{ invoicedUnits: invoicedUnits + billable, waivedUnits: waivedUnits + units - billable },
  }
}
