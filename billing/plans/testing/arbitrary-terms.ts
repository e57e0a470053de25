import fc from 'fast-check'
import { includedUnitsOf, type UsagePrice } from '#billing/contract'
import type { PlanTerms } from '../plan-terms.ts'

/** Plans of every model, from few values, so that two of them often share members. */
const unitPrice = fc.constantFrom('0', '0.15', '0.150', '1', '00.2', '0.000000000001', '12.5')
const amount = fc.constantFrom('0', '1', '250', '2900')

const tiers = fc
  .tuple(
    fc.uniqueArray(fc.constantFrom(10, 100, 1_000, 50_000), { maxLength: 3 }),
    fc.array(fc.tuple(unitPrice, amount), { minLength: 4, maxLength: 4 }),
  )
  .map(([ends, prices]) =>
    [...ends.toSorted((a, b) => a - b), null].map((upToUnits, i) => {
      const [unitPriceMinor, flatMinor] = prices[i] ?? ['1', '0']
      return { upToUnits, unitPriceMinor, flatMinor }
    }),
  )

export const arbitraryPrice: fc.Arbitrary<UsagePrice> = fc.oneof(
  unitPrice.map(unitPriceMinor => ({ model: 'per_unit' as const, unitPriceMinor })),
  tiers.map(of => ({ model: 'graduated' as const, tiers: of })),
  tiers.map(of => ({ model: 'volume' as const, tiers: of })),
  fc.tuple(fc.constantFrom(2, 100), amount).map(([packageUnits, packagePriceMinor]) => ({
    ...{ model: 'package' as const, packageUnits, packagePriceMinor },
  })),
)

export const arbitraryTerms: fc.Arbitrary<PlanTerms> = fc
  .record({
    name: fc.constantFrom('Starter', 'Pro'),
    description: fc.constantFrom('', 'For teams.'),
    flatFeeMinor: fc.constantFrom('0', '2900', '3900'),
    usagePrice: arbitraryPrice,
    hardLimitUnits: fc.constantFrom(null, null, 1_000, 60_000),
    defaultCapMinor: fc.constantFrom(null, '0', '500', '10000'),
    rate: fc.constantFrom(2, 50),
    burst: fc.constantFrom(20, 500),
  })
  .map(({ rate, burst, ...plan }) => ({
    ...{ ...plan, id: 'starter', currency: 'usd', unit: 'check' },
    includedUnits: includedUnitsOf(plan),
    limits: { ratePerSecond: rate, burst },
  }))
