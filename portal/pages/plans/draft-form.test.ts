import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { definitionOf, fieldsOf, toMajor, toMinor } from './draft-form.ts'

describe('amounts of the editor', () => {
  test.each([
    ['29', 'usd', '2900'],
    ['29.5', 'usd', '2950'],
    ['0.05', 'usd', '5'],
    ['1,250', 'usd', '125000'],
    ['29', 'jpy', '29'],
    ['1.250', 'kwd', '1250'],
  ])('%s in %s is %s in minor units', (text, currency, minor) => {
    expect(toMinor(text, currency)).toBe(minor)
  })

  test.each(['29.005', 'free', '', '1.2.3', '-5'])('%j is no amount and stays as it was typed', text => {
    expect(toMinor(text, 'usd')).toBe(text)
  })

  test('a unit price goes below a minor unit, twelve places and no further', () => {
    expect(toMinor('0.0015', 'usd', 12)).toBe('0.15')
    expect(toMinor('0.00000000000001', 'usd', 12)).toBe('0.000000000001')
    expect(toMinor('0.000000000000001', 'usd', 12)).toBe('0.000000000000001')
  })

  test('what is shown is what is read, in every currency', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 11n }),
        fc.constantFrom('usd', 'jpy', 'kwd'),
        fc.stringMatching(/^\d{0,11}[1-9]$/),
        (minor, currency, fraction) => {
          expect(toMinor(toMajor(String(minor), currency), currency)).toBe(String(minor))
          const price = `${minor}.${fraction}`
          expect(toMinor(toMajor(price, currency), currency, 12)).toBe(price)
        },
      ),
    )
  })
})

const definition = {
  name: 'Starter',
  description: '',
  flatFeeMinor: '2900',
  usagePrice: {
    model: 'graduated',
    tiers: [
      { upToUnits: 1_000, unitPriceMinor: '0', flatMinor: '0' },
      { upToUnits: null, unitPriceMinor: '0.15', flatMinor: '250' },
    ],
  },
  hardLimitUnits: null,
  defaultCapMinor: '10000',
  limits: { ratePerSecond: 50, burst: 500 },
}

describe('the form', () => {
  test('gives back the plan that it was filled with', () => {
    expect(definitionOf(fieldsOf({ definition, currency: 'usd' }), 'usd')).toEqual(definition)
  })

  test('puts a new tier before the last one, and takes one away by its number', () => {
    const fields = fieldsOf({ definition, currency: 'usd' })
    const tiersOf = (action: string) => {
      const { usagePrice } = definitionOf({ ...fields, action }, 'usd')
      return (usagePrice as { tiers: { upToUnits: unknown }[] }).tiers.map(({ upToUnits }) => upToUnits)
    }
    expect(tiersOf('add_tier')).toEqual([1_000, '', null])
    expect(tiersOf('remove_0')).toEqual([null])
    expect(tiersOf('remove_1')).toEqual([null])
  })

  test('keeps what is no number as it was typed, so that nothing is lost', () => {
    const odd = { ...definition, flatFeeMinor: 'twenty', limits: { ratePerSecond: 'many', burst: '' } }
    expect(definitionOf(fieldsOf({ definition: odd, currency: 'usd' }), 'usd')).toEqual(odd)
  })
})
