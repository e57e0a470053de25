import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import * as z from 'zod/mini'
import { catalogueSchema, planDefinitionSchema } from './catalogue.ts'

const plan = {
  ...{ id: 'starter', name: 'Starter', description: '', flatFeeMinor: '2900', includedUnits: 100 },
  usagePrice: {
    model: 'graduated',
    tiers: [
      { upToUnits: 100, unitPriceMinor: '0' },
      { upToUnits: null, unitPriceMinor: '0.15' },
    ],
  },
  ...{ hardLimitUnits: null, defaultCapMinor: null, limits: { ratePerSecond: 50, burst: 500 } },
}
const perUnit = (unitPriceMinor: string) => ({ model: 'per_unit', unitPriceMinor })
const tiers = (...ends: (number | null)[]) => ({
  model: 'volume',
  tiers: ends.map(upToUnits => ({ upToUnits, unitPriceMinor: '1' })),
})
const problemsOf = (value: unknown) => {
  const parsed = z.safeParse(planDefinitionSchema, value)
  return parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join('.'))
}

test('the catalogue that ships is one', async () => {
  const file = await readFile(new URL('../catalogue/catalogue.json', import.meta.url), 'utf8')
  expect(z.parse(catalogueSchema, JSON.parse(file)).plans.map(({ id }) => id)).toEqual([
    'free',
    'starter',
    'scale',
  ])
})

describe('a plan', () => {
  test.each([
    ['with included units and overage', plan],
    ['paid by the unit alone', { ...plan, flatFeeMinor: '0', includedUnits: 0, usagePrice: perUnit('0.2') }],
    [
      'free up to a hard limit',
      { ...plan, flatFeeMinor: '0', includedUnits: 50, usagePrice: perUnit('0'), hardLimitUnits: 50 },
    ],
    [
      'by the package',
      {
        ...plan,
        includedUnits: 0,
        usagePrice: { model: 'package', packageUnits: 60, packagePriceMinor: '5' },
      },
    ],
    ['by volume', { ...plan, includedUnits: 0, usagePrice: tiers(10, 20, null) }],
  ])('%s is accepted', (_name, value) => {
    expect(problemsOf(value)).toEqual([])
  })

  test.each([
    ['that promises more than its first tier gives', { ...plan, includedUnits: 101 }, 'includedUnits'],
    [
      'that promises units its price charges',
      { ...plan, usagePrice: perUnit('1'), includedUnits: 5 },
      'includedUnits',
    ],
    [
      'that is free and charges',
      { ...plan, flatFeeMinor: '0', usagePrice: perUnit('1'), hardLimitUnits: 100 },
      'usagePrice',
    ],
    [
      'that costs nothing without a limit',
      { ...plan, flatFeeMinor: '0', usagePrice: perUnit('0'), includedUnits: 0 },
      'hardLimitUnits',
    ],
    ['with a negative fee', { ...plan, flatFeeMinor: '-1' }, 'flatFeeMinor'],
    ['with tiers that fall', { ...plan, usagePrice: tiers(20, 10, null) }, 'usagePrice.tiers'],
    ['with an empty first tier', { ...plan, usagePrice: tiers(0, null) }, 'usagePrice.tiers'],
    ['whose last tier ends', { ...plan, usagePrice: tiers(10, 20) }, 'usagePrice.tiers'],
    ['with a model that is none', { ...plan, usagePrice: { model: 'auction' } }, 'usagePrice.model'],
    [
      'with a price of 13 decimals',
      { ...plan, includedUnits: 0, usagePrice: perUnit('0.0000000000001') },
      'usagePrice.unitPriceMinor',
    ],
  ])('%s is refused', (_name, value, path) => {
    expect(problemsOf(value)).toContain(path)
  })
})

describe('a catalogue', () => {
  const catalogue = (currency: string, ...plans: unknown[]) => ({ currency, unit: 'check', plans })

  test('does not name a plan twice', () => {
    expect(z.safeParse(catalogueSchema, catalogue('usd', plan, plan)).success).toBe(false)
  })

  test.each([
    ['kwd', '29000', true],
    ['kwd', '29001', false],
    ['isk', '2900', true],
    ['isk', '2950', false],
    ['jpy', '2901', true],
  ])('in %s a fee of %s minor units can be charged: %s', (currency, flatFeeMinor, fits) => {
    expect(z.safeParse(catalogueSchema, catalogue(currency, { ...plan, flatFeeMinor })).success).toBe(fits)
  })
})
