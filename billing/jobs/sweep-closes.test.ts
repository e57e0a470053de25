import { beforeEach, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, plusMs } from '#kernel/time'
import { listProofDue, markProofDue } from '../proof/proof-due.ts'
import { listClosing, markClosing } from '../stripe/closing.ts'
import { getInvoiceRecord, noteOnInvoice } from '../stripe/invoice-record.ts'
import { createFakeStripe } from '../workflows/testing/fake-stripe.ts'
import * as given from '../workflows/testing/fixtures.ts'
import { sweepCloses } from './sweep-closes.ts'

const now = plusMs(given.PERIOD.end, HOUR_MS)
let billing: given.TestBilling
let executions: ReturnType<typeof given.createFakeExecutions>
let stripe: ReturnType<typeof createFakeStripe>

beforeEach(async () => {
  billing = await given.createBilling()
  executions = given.createFakeExecutions()
  stripe = createFakeStripe(() => now)
  await given.subscribe(billing)
  await markClosing(billing.billing, { accountId: given.ACCOUNT, end: given.PERIOD.end })
  stripe.invoices.set(
    'in_0',
    given.cycleInvoice({ id: 'in_0', billingReason: 'subscription_create', status: 'paid' }),
  )
})

const sweep = (at = now) => {
  const machines = { closeInvoice: 'close' }
  return sweepCloses({ ...billing, stripe, executions, machines, drainMs: DAY_MS }, at)
}

test('a draft whose notification was lost is closed; the sweep after it starts nothing', async () => {
  stripe.invoices.set('in_1', given.cycleInvoice())
  expect(await sweep()).toEqual({ started: ['close-invoice-in_1-1'], problems: [] })
  expect(await sweep()).toEqual({ started: [], problems: [] })
})

test('a close that failed is taken over', async () => {
  stripe.invoices.set('in_1', given.cycleInvoice())
  await sweep()
  executions.statuses.set('close-invoice-in_1-1', 'failed')
  expect(await sweep()).toEqual({ started: ['close-invoice-in_1-2'], problems: [] })
})

test('nothing is asked of Stripe before a period has ended, and nothing started before Stripe made the invoice', async () => {
  stripe.listInvoices = () => Promise.reject(new Error('asked'))
  expect(await sweep(plusMs(given.PERIOD.end, -1))).toEqual({ started: [], problems: [] })
  stripe.listInvoices = async () => []
  expect(await sweep()).toEqual({ started: [], problems: [] })
})

test('a segment that is closed is taken off the list', async () => {
  const outcome = { carriedInUnits: 0, invoicedUnits: 0, waivedUnits: 0, closedAt: now }
  await billing.accounts.closeSegment(given.paidSegment(), outcome)
  await sweep()
  expect(await listClosing(billing.billing, now)).toEqual([])
})

test('an account that fails does not keep the others from being swept', async () => {
  stripe.listInvoices = () => Promise.reject(new Error('Stripe is down'))
  expect((await sweep()).problems).toEqual([`${given.ACCOUNT}: Stripe is down`])
})

test('a close that is open for 30 days alarms, and again every day, until it is closed', async () => {
  const problems = async (days: number) =>
    (await sweep(plusMs(given.PERIOD.end, days * DAY_MS))).problems.length
  expect(await problems(29)).toBe(0)
  expect(await problems(30)).toBe(1)
  expect(await problems(30.5)).toBe(0)
  expect(await problems(31)).toBe(1)
  const outcome = { carriedInUnits: 0, invoicedUnits: 0, waivedUnits: 0, closedAt: now }
  await billing.accounts.closeSegment(given.paidSegment(), outcome)
  expect(await problems(40)).toBe(0)
})

test('a period that its subscription did not reach the end of is taken off the list', async () => {
  const cut = plusMs(given.PERIOD.start, DAY_MS)
  await billing.accounts.endSegment(given.paidSegment(), cut)
  const after = { ...given.paidSegment({ start: cut, end: given.NEXT.end }), subscriptionId: 'sub_2' }
  await billing.accounts.addSegment(after)
  expect(await sweep()).toEqual({ started: [], problems: [] })
  expect(await listClosing(billing.billing, now)).toEqual([])
})

test('proof files that could not be written are written by the sweep, once the close is recorded', async () => {
  const ref = { accountId: given.ACCOUNT, invoiceId: 'in_1' }
  const units = { meteredUnits: 0, carriedInUnits: 0, carriedOutUnits: 0, waivedUnits: 0 }
  const note = {
    ...{ close: 'comparing', period: given.PERIOD, planVersionId: 'starter@1' },
    statement: { lines: [], totalMinor: '2900' },
    proof: { ...units, reportedUnits: 0, invoicedUnits: 0, holds: true },
  }
  await noteOnInvoice(billing.billing, ref, note)
  await markProofDue(billing.billing, ref)
  await sweep()
  expect(billing.objects.objects.size).toBe(0)
  await noteOnInvoice(billing.billing, ref, { closedAt: now })
  await sweep()
  expect(await listProofDue(billing.billing)).toEqual([])
  expect((await getInvoiceRecord(billing.billing, given.ACCOUNT, 'in_1'))?.proofFiles?.rows).toBe(0)
})
