import {
  formatUnitPrice,
  type PlanVersion,
  type Proof,
  type RatedLine,
  rate,
  type StatementLine,
} from '#billing/contract'
import type { Period } from '#kernel/time'
import type { Measure } from '../../stripe/reporting/measure-segment.ts'
import type { ExpectedInvoice } from './compare-invoice.ts'

export type Statement = { readonly lines: StatementLine[]; readonly totalMinor: string }

/** Our own rated version of a cycle invoice: the usage of a segment and the flat fee of the next one, if there is one. */
export function statementOf(
  { plan, usage, owedUnits }: Pick<ExpectedInvoice, 'plan' | 'usage' | 'owedUnits'>,
  next: Period | undefined,
): Statement {
  const lines = [
    ...rate(plan.tiers, owedUnits).map(line => tierLine(plan, line, usage)),
    ...(next ? [flatLine(plan, next)] : []),
  ]
  const total = lines.reduce((sum, { amountMinor }) => sum + BigInt(amountMinor), 0n)
  return { lines, totalMinor: String(total) }
}

/** metered + carriedIn − carriedOut − waived = reported = invoiced. Computed, never assumed. */
export function proofOf(measure: Measure, reportedUnits: number, invoicedUnits: number): Proof {
  const { meteredUnits, carriedInUnits, carriedOutUnits, waivedUnits } = measure
  const total = meteredUnits + carriedInUnits - carriedOutUnits - waivedUnits
  return {
    ...{ meteredUnits, carriedInUnits, carriedOutUnits, waivedUnits, reportedUnits, invoicedUnits },
    holds: total === reportedUnits && reportedUnits === invoicedUnits,
  }
}

const flatLine = (plan: PlanVersion, { start, end }: Period): StatementLine => ({
  kind: 'flat_fee',
  description: `${plan.name} plan, monthly fee`,
  quantity: 1,
  unitPriceMinor: plan.flatFeeMinor,
  amountMinor: plan.flatFeeMinor,
  period: { start, end },
})

function tierLine(plan: PlanVersion, line: RatedLine, { start, end }: Period): StatementLine {
  const price = formatUnitPrice(line.unitPriceMinor, plan.currency, plan.unit)
  const isIncluded = line.tierIndex === 0 && line.amountMinor === 0n && plan.includedUnits > 0
  return {
    kind: 'tier',
    description: isIncluded ? `Included ${plan.unit}s` : `Further ${plan.unit}s at ${price}`,
    quantity: line.quantityUnits,
    unitPriceMinor: line.unitPriceMinor,
    amountMinor: String(line.amountMinor),
    period: { start, end },
  }
}
