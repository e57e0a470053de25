import {
  formatMinor,
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
  {
    plan,
    feePlan = plan,
    usage,
    owedUnits,
  }: Pick<ExpectedInvoice, 'plan' | 'feePlan' | 'usage' | 'owedUnits'>,
  next: Period | undefined,
): Statement {
  const lines = [
    ...rate(plan.usagePrice, owedUnits).map(line => usageLine(plan, line, usage)),
    ...(next ? [flatLine(feePlan, next)] : []),
  ]
  const total = lines.reduce((sum, { amountMinor }) => sum + BigInt(amountMinor), 0n)
  return { lines, totalMinor: String(total) }
}

/** metered + carriedIn − carriedOut − waived = reported = invoiced − credited. Computed, never assumed. */
export function proofOf(
  measure: Measure,
  reportedUnits: number,
  { invoicedUnits, creditedUnits }: { readonly invoicedUnits: number; readonly creditedUnits: number },
): Proof {
  const { meteredUnits, carriedInUnits, carriedOutUnits, waivedUnits } = measure
  const total = meteredUnits + carriedInUnits - carriedOutUnits - waivedUnits
  return {
    ...{ meteredUnits, carriedInUnits, carriedOutUnits, waivedUnits, reportedUnits, invoicedUnits },
    ...(creditedUnits !== 0 && { creditedUnits }),
    holds: total === reportedUnits && reportedUnits === invoicedUnits - creditedUnits,
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

function usageLine(plan: PlanVersion, line: RatedLine, { start, end }: Period): StatementLine {
  return {
    kind: 'tier',
    description: describeUsageLine(plan, line),
    quantity: line.quantityUnits,
    unitPriceMinor: line.unitPriceMinor,
    amountMinor: String(line.amountMinor),
    period: { start, end },
  }
}

function describeUsageLine(
  { usagePrice, includedUnits, unit, currency }: PlanVersion,
  line: RatedLine,
): string {
  if (line.kind === 'flat') return `Fee of tier ${line.tierIndex + 1}`
  if (line.kind === 'package' && usagePrice.model === 'package') {
    const price = formatMinor(BigInt(line.unitPriceMinor), currency)
    return `${capitalized(unit)}s at ${price} per ${formatCount(usagePrice.packageUnits)}`
  }
  if (line.tierIndex === 0 && line.amountMinor === 0n && includedUnits > 0) return `Included ${unit}s`
  const price = formatUnitPrice(line.unitPriceMinor, currency, unit)
  const isFurther = usagePrice.model === 'graduated' && line.tierIndex > 0
  return `${isFurther ? `Further ${unit}` : capitalized(unit)}s at ${price}`
}

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
const formatCount = (count: number): string => count.toLocaleString('en-US')
