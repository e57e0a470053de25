import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatDecimal, parseDecimal, roundHalfUp } from './decimal.ts'
import { formatMoney, formatUnitPrice } from './format.ts'

test.each([
  ['0.5', 1n],
  ['-0.5', -1n],
  ['2.5', 3n],
  ['0.499999999999', 0n],
  ['111.6', 112n],
])('%s rounds to %s', (text, rounded) => {
  expect(roundHalfUp(parseDecimal(text) ?? 0n)).toBe(rounded)
})

test.each(['', '1.', '.5', '1e3', '0.1234567890123', '1,5', ' 1'])('%j is no decimal', text => {
  expect(parseDecimal(text)).toBeUndefined()
})

test('text survives the way through a scaled number', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), scaled => {
      expect(parseDecimal(formatDecimal(scaled))).toBe(scaled)
    }),
  )
})

test('prices below a cent keep their places', () => {
  expect(formatUnitPrice(parseDecimal('0.15') ?? 0n, 'usd')).toBe('$0.0015')
  expect(formatMoney(123_456, 'usd')).toBe('$1234.56')
  expect(formatMoney(-5, 'eur')).toBe('-€0.05')
  expect(formatMoney(500, 'jpy')).toBe('¥500')
})
