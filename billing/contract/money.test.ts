import { expect, test } from 'vitest'
import { chargeable, formatMinor, formatUnitPrice } from './money.ts'

test.each([
  ['usd', 2_900n, '$29.00'],
  ['usd', 5n, '$0.05'],
  ['usd', 0n, '$0.00'],
  ['usd', -5n, '-$0.05'],
  ['usd', -123_456n, '-$1,234.56'],
  ['jpy', 2_900n, '¥2,900'],
  ['kwd', 2_900n, 'KWD 2.900'],
  ['usd', 900_719_925_474_099_312_345n, '$9,007,199,254,740,993,123.45'],
])(
  'an amount in %s is shown exactly, with the decimals of its currency (%d)',
  (currency, amountMinor, text) => {
    expect(formatMinor(amountMinor, currency).replaceAll('\u00a0', ' ')).toBe(text)
  },
)

test.each([
  ['7', '$0.07 per check'],
  ['0.15', '$1.50 per 1,000 checks'],
  ['0.0005', '$5.00 per million checks'],
  ['0.000000000001', '0.000000000001 minor units per check'],
])('a unit price of %s is shown for the smallest count at which it is exact', (unitPriceMinor, text) => {
  expect(formatUnitPrice(unitPriceMinor, 'usd', 'check')).toBe(text)
})

test.each([
  ['usd', 2_901n, true],
  ['jpy', 2_901n, true],
  ['kwd', 2_900n, true],
  ['kwd', 2_901n, false],
  ['isk', 2_900n, true],
  ['isk', 2_910n, false],
  ['ugx', 2_910n, false],
])('in %s, %d minor units can be charged: %s', (currency, amountMinor, can) => {
  expect(chargeable(amountMinor, currency)).toBe(can)
})
