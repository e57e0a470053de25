import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { free, starter } from '../workflows/testing/fixtures.ts'
import { diffPlans, isSamePlan } from './diff-plans.ts'
import type { PlanTerms } from './plan-terms.ts'
import { arbitraryTerms } from './testing/arbitrary-terms.ts'

/** What a plan says, as plain data with prices as numbers of 10^-12: an independent reading of "the same". */
function meaning(terms: PlanTerms): unknown {
  const price = (text: string) => {
    const [whole = '', fraction = ''] = text.split('.')
    return BigInt(whole + fraction.padEnd(12, '0')).toString()
  }
  const { usagePrice: usage, limits } = terms
  const usageMeaning =
    usage.model === 'per_unit'
      ? [price(usage.unitPriceMinor)]
      : usage.model === 'package'
        ? [usage.packageUnits, price(usage.packagePriceMinor)]
        : usage.tiers.map(tier => [tier.upToUnits, price(tier.unitPriceMinor), price(tier.flatMinor)])
  const cap = terms.defaultCapMinor
  return [
    ...[terms.name, terms.description, terms.currency, terms.unit, price(terms.flatFeeMinor)],
    ...[
      terms.includedUnits,
      usage.model,
      usageMeaning,
      terms.hardLimitUnits,
      cap === null ? null : price(cap),
    ],
    ...[limits.ratePerSecond, limits.burst],
  ]
}

describe('the difference of two plans', () => {
  test('is empty if, and only if, they say the same', () => {
    fc.assert(
      fc.property(arbitraryTerms, arbitraryTerms, fc.boolean(), (a, other, same) => {
        const b = same ? structuredClone(a) : other
        const isEqual = JSON.stringify(meaning(a)) === JSON.stringify(meaning(b))
        expect(diffPlans(a, b).length === 0).toBe(isEqual)
        expect(isSamePlan(a, b)).toBe(isEqual)
      }),
      { numRuns: 300 },
    )
  })

  test('names every member that differs once, and the same ones in the other direction', () => {
    fc.assert(
      fc.property(arbitraryTerms, arbitraryTerms, (a, b) => {
        const [there, back] = [diffPlans(a, b), diffPlans(b, a)]
        const pointers = there.map(({ pointer }) => pointer)
        expect(new Set(pointers).size).toBe(pointers.length)
        expect(back.map(({ pointer }) => pointer).sort()).toEqual(pointers.toSorted())
        for (const line of there) {
          const turned = back.find(({ pointer }) => pointer === line.pointer)
          expect([turned?.before, turned?.after]).toEqual([line.after, line.before])
        }
      }),
      { numRuns: 200 },
    )
  })

  test('is in words, with prices that people can compare', () => {
    const [first, last] = 'tiers' in starter.usagePrice ? starter.usagePrice.tiers : []
    if (!first || !last) throw new Error('Starter has two tiers')
    const dearer: PlanTerms = {
      ...{ ...starter, flatFeeMinor: '3900', hardLimitUnits: 1_000_000 },
      usagePrice: { model: 'graduated', tiers: [first, { ...last, unitPriceMinor: '0.2' }] },
    }
    expect(diffPlans(starter, dearer)).toEqual([
      { pointer: '/flatFeeMinor', label: 'Monthly fee', before: '$29.00', after: '$39.00' },
      {
        ...{ pointer: '/usagePrice/tiers/1', label: 'Tier 2' },
        ...{ before: 'beyond: $1.50 per 1,000 checks', after: 'beyond: $2.00 per 1,000 checks' },
      },
      {
        ...{ pointer: '/hardLimitUnits', label: 'Hard limit', before: 'none' },
        after: '1,000,000 checks, then calls are refused',
      },
    ])
  })

  test('between price models names what goes and what comes', () => {
    const pointers = diffPlans(free, { ...starter, name: free.name }).map(({ pointer }) => pointer)
    expect(pointers).toContain('/usagePrice/model')
    expect(pointers).toContain('/usagePrice/unitPriceMinor')
    expect(pointers).toContain('/usagePrice/tiers/0')
  })

  test('a price that is written in another way is the same price', () => {
    const plan: PlanTerms = { ...starter, usagePrice: { model: 'per_unit', unitPriceMinor: '0.15' } }
    for (const unitPriceMinor of ['0.150', '00.15', '0.150000000000'])
      expect(diffPlans(plan, { ...plan, usagePrice: { model: 'per_unit', unitPriceMinor } })).toEqual([])
  })
})
