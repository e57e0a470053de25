import {
  type ExplainedLine,
  type PlanVersion,
  type RatedLine,
  rate,
  type StatementLine,
  UNIT_PRICE_PLACES,
} from '#billing/contract'

/**
 * The lines of a statement with their arithmetic. Usage lines come first, as `rate` made them: each prices the owed units
 * after those of the line before. `described` are the lines as they were stored with the invoice.
 */
export function explainLines(
  { usagePrice }: Pick<PlanVersion, 'usagePrice'>,
  owedUnits: number,
  described: readonly StatementLine[],
): ExplainedLine[] {
  const perUnits = usagePrice.model === 'package' ? usagePrice.packageUnits : null
  let toUnits = 0
  const rated = rate(usagePrice, owedUnits)
  const usage = rated.map((line, lineIndex): ExplainedLine => {
    const fromUnits = toUnits
    toUnits += line.quantityUnits
    return {
      ...{
        lineIndex,
        kind: line.kind === 'package' ? 'package' : line.kind === 'flat' ? 'flat_fee' : 'tier',
      },
      description: described[lineIndex]?.description ?? '',
      ...{ fromUnits, toUnits, units: line.quantityUnits, unitPriceMinor: line.unitPriceMinor },
      perUnits: line.kind === 'package' ? perUnits : null,
      unroundedMinor: unroundedOf(line, perUnits),
      amountMinor: String(line.amountMinor),
    }
  })
  const others = described.slice(rated.length).map(
    (line, n): ExplainedLine => ({
      ...{ lineIndex: rated.length + n, kind: 'flat_fee', description: line.description },
      ...{ fromUnits: toUnits, toUnits, units: 0, unitPriceMinor: line.unitPriceMinor, perUnits: null },
      ...{ unroundedMinor: line.amountMinor, amountMinor: line.amountMinor },
    }),
  )
  return [...usage, ...others]
}

/** Exactly what is rounded: units × price, begun packages × price, or a fee. */
function unroundedOf({ kind, quantityUnits, unitPriceMinor }: RatedLine, perUnits: number | null): string {
  if (kind === 'flat') return unitPriceMinor
  const count = kind === 'package' ? Math.ceil(quantityUnits / (perUnits ?? 1)) : quantityUnits
  const [whole = '', fraction = ''] = unitPriceMinor.split('.')
  const scaled = BigInt(whole + fraction.padEnd(UNIT_PRICE_PLACES, '0')) * BigInt(count)
  const digits = scaled.toString().padStart(UNIT_PRICE_PLACES + 1, '0')
  const decimals = digits.slice(-UNIT_PRICE_PLACES).replace(/0+$/, '')
  return `${digits.slice(0, -UNIT_PRICE_PLACES)}${decimals && `.${decimals}`}`
}
