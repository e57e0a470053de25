import { expect, test } from 'vitest'
import { cycleInvoice, flatLine, line, NEXT, PERIOD } from '../testing/fixtures.ts'
import { usageEndOf } from './hold-invoice.ts'
import { proofOf } from './statement.ts'

const measure = { meteredUnits: 10, carriedInUnits: 5, carriedOutUnits: 2, waivedUnits: 3, owedUnits: 10 }

test.each([
  ['metered + carried in − carried out − waived is reported and invoiced', 10, 10, true],
  ['less is reported than owed, and that is invoiced', 9, 9, false],
  ['less is invoiced than reported', 10, 9, false],
])('a proof holds when all sums are the same: %s', (_, reportedUnits, invoicedUnits, holds) => {
  expect(proofOf(measure, reportedUnits, { invoicedUnits, creditedUnits: 0 }).holds).toBe(holds)
})

test('an invoice bills usage up to the end of its metered lines, and without any to its own end', () => {
  const metered = new Set(['price_metered'])
  const other = line({ priceId: null, period: NEXT })
  const invoice = cycleInvoice({ period: NEXT, lines: [other, flatLine, line({ period: PERIOD })] })
  expect(usageEndOf(invoice, metered)).toBe(PERIOD.end)
  expect(usageEndOf({ ...invoice, period: PERIOD, lines: [other, flatLine] }, metered)).toBe(PERIOD.end)
})
