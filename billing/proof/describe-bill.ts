import type { PlanVersion, Proof, UsagePrice } from '#billing/contract'
import { type Period, toIso } from '#kernel/time'

export type BillFacts = {
  readonly accountId: string
  readonly invoiceId: string
  readonly period: Period
  readonly plan: PlanVersion
  readonly proof: Proof
  /** Units of all files: what was metered, and what was recorded after the invoice was closed. */
  readonly recordedUnits: number
  /** Of the statement. */
  readonly usageMinor: bigint
  readonly totalMinor: string
}

/**
 * What is needed besides the requests to compute a bill again: `statement.csv`, one fact a line. `late` is what was
 * recorded after the close and is on a later invoice. Tiers: last unit (`inf`: no end), price of a unit, fee of the tier.
 */
export function describeBill(facts: BillFacts): string {
  const { plan, proof, period } = facts
  const owedUnits = proof.meteredUnits + proof.carriedInUnits - proof.carriedOutUnits - proof.waivedUnits
  const rows: readonly (readonly (string | number | bigint)[])[] = [
    ['what', 'value'],
    ['account', facts.accountId],
    ['invoice', facts.invoiceId],
    ['from', toIso(period.start)],
    ['to', toIso(period.end)],
    ['plan', plan.planVersionId],
    ['currency', plan.currency],
    ['metered', proof.meteredUnits],
    ['late', facts.recordedUnits - proof.meteredUnits],
    ['carried_in', proof.carriedInUnits],
    ['carried_out', proof.carriedOutUnits],
    ['waived', proof.waivedUnits],
    ['owed', owedUnits],
    ['reported', proof.reportedUnits],
    ['invoiced', proof.invoicedUnits],
    ['credited', proof.creditedUnits ?? 0],
    ['price', plan.usagePrice.model],
    ...priceRows(plan.usagePrice),
    ['usage_minor', facts.usageMinor],
    ['total_minor', facts.totalMinor],
  ]
  return `${rows.map(row => row.join(',')).join('\n')}\n`
}

function priceRows(price: UsagePrice): (readonly (string | number)[])[] {
  switch (price.model) {
    case 'per_unit':
      return [['tier', 'inf', price.unitPriceMinor, '0']]
    case 'package':
      return [['package', price.packageUnits, price.packagePriceMinor]]
    default:
      return price.tiers.map(tier => ['tier', tier.upToUnits ?? 'inf', tier.unitPriceMinor, tier.flatMinor])
  }
}
