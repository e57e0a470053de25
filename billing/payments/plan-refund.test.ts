import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { planRefund } from './plan-refund.ts'

const plain = (amount: bigint) => String(amount)
const amount = fc.bigInt({ min: 0n, max: 100_000n })

test('never more is given back than was invoiced, than is creditable, or than was paid', () => {
  fc.assert(
    fc.property(amount, amount, amount, amount, fc.option(amount), (total, credited, card, other, asked) => {
      const invoice = {
        status: 'paid' as const,
        ...{ totalMinor: total, creditedMinor: credited, remainingMinor: 0n },
      }
      const planned = planRefund(invoice, { cardMinor: card, otherMinor: other }, asked ?? undefined, plain)
      if (!planned.ok) return
      const { amountMinor, refundMinor, toBalanceMinor, reducedMinor } = planned.value
      expect(refundMinor + toBalanceMinor).toBe(amountMinor)
      expect(reducedMinor).toBe(0n)
      expect(amountMinor <= total - credited && amountMinor <= card + other).toBe(true)
      expect(refundMinor <= card).toBe(true)
      if (asked !== null) expect(amountMinor).toBe(asked)
    }),
  )
})

test.each([
  ['paid by card', 'paid', 2900n, 0n, 2900n, 0n, 1000n, { refundMinor: 1000n, toBalanceMinor: 0n }],
  [
    'paid partly by balance',
    'paid',
    2900n,
    0n,
    1900n,
    1000n,
    undefined,
    { refundMinor: 1900n, toBalanceMinor: 1000n },
  ],
  ['open', 'open', 2900n, 0n, 0n, 0n, 500n, { reducedMinor: 500n, refundMinor: 0n }],
] as const)(
  'an invoice %s gives back where the money came from',
  (_, status, total, credited, card, other, asked, expected) => {
    const invoice = {
      status,
      totalMinor: total,
      creditedMinor: credited,
      remainingMinor: status === 'open' ? total : 0n,
    }
    const planned = planRefund(invoice, { cardMinor: card, otherMinor: other }, asked, plain)
    expect(planned).toMatchObject({ ok: true, value: expected })
  },
)

test.each([
  ['more than is left', 'paid', 2900n, 2000n, 900n, 1000n, /At most 900/],
  ['what was refunded in the dashboard', 'paid', 2900n, 0n, 0n, undefined, /given back already/],
  ['a draft', 'draft', 2900n, 0n, 0n, undefined, /not issued yet/],
  ['a void invoice', 'void', 2900n, 0n, 0n, undefined, /void/],
] as const)('%s cannot be refunded', (_, status, total, credited, card, asked, message) => {
  const invoice = { status, totalMinor: total, creditedMinor: credited, remainingMinor: 0n }
  const planned = planRefund(invoice, { cardMinor: card, otherMinor: 0n }, asked, plain)
  expect(planned).toMatchObject({
    ok: false,
    code: 'refund_refused',
    message: expect.stringMatching(message),
  })
})
