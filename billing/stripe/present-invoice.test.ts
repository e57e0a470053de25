import { describe, expect, test } from 'vitest'
import type { PlanVersion } from '#billing/contract'
import * as given from '../workflows/testing/fixtures.ts'
import type { InvoiceRecord } from './invoice-record.ts'
import { detail, summarize } from './present-invoice.ts'

const { PERIOD, NEXT, starter, free } = given
const scale: PlanVersion = {
  ...{ ...starter, id: 'scale', planVersionId: 'scale@1', name: 'Scale', unit: 'call' },
  stripe: {
    ...{ productId: 'prod_2', flatPriceId: 'price_other_flat', meteredPriceId: 'price_other' },
    ...{ meterId: 'mtr_2', meterEventName: 'tollgate_scale' },
  },
}
const usage = given.line({ quantity: 5_007, amountMinor: 751n, unitPriceMinor: '0.15', description: 'used' })
const invoice = given.cycleInvoice({
  ...{ status: 'open', number: 'A-0002', totalMinor: 3651n, lines: [given.flatLine, usage] },
  ...{ hostedUrl: 'https://pay.example', pdfUrl: 'https://pdf.example' },
})
const record: InvoiceRecord = {
  ...{ accountId: given.ACCOUNT, invoiceId: 'in_1', close: 'equal', planVersionId: 'starter@1' },
  period: { start: given.at('2026-11-10T09:31:00Z'), end: PERIOD.end },
  statement: { lines: [], totalMinor: '3651' },
  proof: {
    ...{ meteredUnits: 5_007, carriedInUnits: 0, carriedOutUnits: 0, waivedUnits: 0 },
    ...{ reportedUnits: 5_007, invoicedUnits: 5_007, holds: true },
  },
}

describe('in a list', () => {
  test('an invoice shows number, status, amount and links, and how its close stands', () => {
    expect(summarize(invoice, record)).toEqual({
      ...{ invoiceId: 'in_1', number: 'A-0002', status: 'open', createdAt: PERIOD.end },
      ...{ totalMinor: '3651', currency: 'usd', period: record.period, close: 'equal' },
      ...{ hostedUrl: 'https://pay.example', pdfUrl: 'https://pdf.example' },
    })
  })

  test('an invoice that we have not closed shows the period that Stripe says, and no close', () => {
    expect(summarize(invoice, undefined)).toMatchObject({ period: PERIOD, close: null })
  })

  test('a first invoice is about the period that it pays in advance', () => {
    const period = { start: PERIOD.start, end: PERIOD.start }
    const lines = [given.line({ priceId: 'price_flat', period: PERIOD })]
    expect(summarize({ ...invoice, period, lines }, undefined).period).toEqual(PERIOD)
    expect(summarize({ ...invoice, period, lines: [] }, undefined).period).toEqual(period)
  })
})

describe('alone', () => {
  test('an invoice shows its lines as the fee and the tiers of the plan, our statement and the proof', () => {
    const shown = detail(invoice, record, [free, scale, starter])
    expect(shown).toMatchObject({ ...summarize(invoice, record), planName: 'Starter', unit: 'check' })
    expect(shown).toMatchObject({ statement: record.statement, proof: record.proof })
    expect(shown.lines).toEqual([
      {
        ...{ kind: 'flat_fee', description: '', quantity: 1, unitPriceMinor: '0', amountMinor: '2900' },
        period: NEXT,
      },
      {
        ...{ kind: 'tier', description: 'used', quantity: 5_007, unitPriceMinor: '0.15', amountMinor: '751' },
        period: PERIOD,
      },
    ])
  })

  test('an invoice without a record is of the plan that its lines are of', () => {
    expect(detail(invoice, undefined, [free, scale, starter])).toMatchObject({
      ...{ planName: 'Starter', unit: 'check', statement: null, proof: null },
    })
    const lines = [given.line({ priceId: 'price_other' })]
    expect(detail({ ...invoice, lines }, undefined, [starter, scale])).toMatchObject({ planName: 'Scale' })
  })

  test('the plan of the record goes before that of the lines', () => {
    const closed = { ...record, planVersionId: 'scale@1' }
    expect(detail(invoice, closed, [starter, scale])).toMatchObject({ planName: 'Scale', unit: 'call' })
  })

  test('a line that no plan of ours has is shown as it is, also one without a price', () => {
    const lines = [
      given.line({ priceId: 'price_of_a_friend', unitPriceMinor: null, amountMinor: -100n }),
      given.line({ priceId: null }),
    ]
    const shown = detail({ ...invoice, lines }, undefined, [free, starter])
    expect(shown).toMatchObject({ planName: '', unit: 'unit' })
    expect(
      shown.lines.map(({ kind, unitPriceMinor, amountMinor }) => [kind, unitPriceMinor, amountMinor]),
    ).toEqual([
      ['other', '', '-100'],
      ['other', '0', '0'],
    ])
  })
})
