import { beforeEach, expect, test } from 'vitest'
import { HOUR_MS, plusMs } from '#kernel/time'
import { listClosing, markClosing } from '../stripe/closing.ts'
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
  return sweepCloses({ ...billing, stripe, executions, machines }, at)
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
