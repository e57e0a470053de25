import { beforeEach, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, type Instant, parseInstant, plusMs } from '#kernel/time'
import { listClosing, markClosing } from '../../stripe/closing.ts'
import { getInvoiceRecord } from '../../stripe/invoice-record.ts'
import { measureSegment } from '../../stripe/reporting/measure-segment.ts'
import { stepHandler } from '../run-step.ts'
import { createFakeStripe } from '../testing/fake-stripe.ts'
import * as given from '../testing/fixtures.ts'
import { readWorkItem, workKey } from '../work-item.ts'
import { closeStateSchema } from './state.ts'
import { type CloseStep, closeSteps } from './steps.ts'

const FURTHER = given.line({ quantity: 5_007, amountMinor: 751n })
const INCLUDED = given.line({ quantity: 20_000, amountMinor: 0n })
let now: Instant
let billing: given.TestBilling
let stripe: ReturnType<typeof createFakeStripe>

beforeEach(async () => {
  now = plusMs(given.PERIOD.end, HOUR_MS)
  billing = await given.createBilling()
  stripe = createFakeStripe(() => now)
  await given.subscribe(billing)
  await markClosing(billing.billing, { accountId: given.ACCOUNT, end: given.PERIOD.end })
  await billing.billing.put({
    ...workKey('close-invoice', 'in_1'),
    state: 'running',
    attempt: 1,
    owner: 'x',
    since: now,
  })
  await billing.use(25_000, plusMs(given.PERIOD.start, DAY_MS))
  // The last millisecond of the period, and the first one after it.
  await billing.use(7, plusMs(given.PERIOD.end, -1))
  await billing.use(3, given.PERIOD.end)
  stripe.subscriptions.set('sub_1', given.subscription())
  stripe.invoices.set('in_1', given.cycleInvoice({ lines: [given.flatLine, INCLUDED, FURTHER] }))
})

const handler = () =>
  stepHandler(closeStateSchema, closeSteps({ ...billing, stripe, drainMs: DAY_MS }), () => now)

/** Runs steps one after the other, as the machine does: the state goes through JSON between them. */
const run = (...names: readonly CloseStep[]) => runOn('in_1', ...names)
async function runOn(invoiceId: string, ...names: readonly CloseStep[]): Promise<Record<string, unknown>> {
  let state: unknown = { accountId: given.ACCOUNT, invoiceId, attempt: 1 }
  for (const step of names) state = JSON.parse(JSON.stringify(await handler()({ step, state })))
  return state as Record<string, unknown>
}
const ALL = ['hold', 'report', 'settle', 'finalize', 'compare', 'collect', 'record'] as const

test('a call in the last millisecond of the period is on its invoice, one after it is not', async () => {
  const state = await run(...ALL)
  expect(state.outcome).toBe('recorded')
  const record = await getInvoiceRecord(billing.billing, given.ACCOUNT, 'in_1')
  expect(record?.close).toBe('equal')
  expect(record?.statement?.totalMinor).toBe('3651')
  expect(record?.proof).toEqual({
    ...{ meteredUnits: 25_007, carriedInUnits: 0, carriedOutUnits: 0, waivedUnits: 0 },
    ...{ reportedUnits: 25_007, invoicedUnits: 25_007, holds: true },
  })
})

test('the draft is held for 72 hours from its making, and the close waits until the logs have drained', async () => {
  const state = await run('hold')
  expect(state).toMatchObject({ outcome: 'held', drainUntil: '2026-12-11T09:30:00.000Z' })
  expect((await stripe.getInvoice('in_1')).automaticallyFinalizesAt).toBe(
    plusMs(given.PERIOD.end, 3 * DAY_MS),
  )
  expect(parseInstant(String(state.drainUntil))).toBe(plusMs(given.PERIOD.end, DAY_MS))
})

test('the next segment is there once the close has begun, without a gap', async () => {
  await run('hold')
  const segments = await billing.accounts.listSegments(given.ACCOUNT)
  expect(segments.map(({ start, end }) => ({ start, end }))).toEqual([given.PERIOD, given.NEXT])
})

test('a subscription that somebody ended in mid-period is closed at that instant, whoever hears of it first', async () => {
  const endedAt = plusMs(given.PERIOD.start, 10 * DAY_MS)
  now = plusMs(endedAt, HOUR_MS)
  const period = { start: given.PERIOD.start, end: endedAt }
  stripe.subscriptions.set(
    'sub_1',
    given.subscription({ status: 'canceled', endedAt, currentPeriod: given.PERIOD }),
  )
  const lines = [INCLUDED, given.line({ quantity: 5_000, amountMinor: 750n })].map(one => ({
    ...one,
    period,
  }))
  const change = { billingReason: 'subscription_update' as const, createdAt: endedAt, period, lines }
  stripe.invoices.set('in_1', given.cycleInvoice(change))
  expect(await run('hold')).toMatchObject({ outcome: 'held', drainUntil: new Date(endedAt).toISOString() })
  expect(await billing.accounts.listSegments(given.ACCOUNT)).toMatchObject([{ end: endedAt }])
  expect(await listClosing(billing.billing, given.NEXT.end)).toEqual([
    { accountId: given.ACCOUNT, end: endedAt },
  ])
  await run(...ALL)
  const record = await getInvoiceRecord(billing.billing, given.ACCOUNT, 'in_1')
  expect(record).toMatchObject({ close: 'equal', period, proof: { meteredUnits: 25_000, holds: true } })
})

test('every step run twice gives the same invoice, one event and one report', async () => {
  await run(...ALL.flatMap(step => [step, step]))
  expect(stripe.calls).toEqual(['postpone', 'postpone', 'finalize', 'collect'])
  expect(stripe.received.map(({ units }) => units)).toEqual([25_007])
  expect(billing.events).toMatchObject([
    {
      ...{ type: 'invoice.closed', at: now },
      data: {
        ...{ accountId: given.ACCOUNT, invoiceId: 'in_1', number: 'A-0002', period: given.PERIOD },
        ...{ currency: 'usd', totalMinor: '2900', equal: true },
      },
    },
  ])
  expect(await listClosing(billing.billing, plusMs(given.PERIOD.end, DAY_MS))).toEqual([])
})

test('the invoice is not finalized before Stripe shows what was reported', async () => {
  expect(await run('hold', 'report', 'settle')).toMatchObject({ outcome: 'settled' })
  stripe.readUsage = async () => 25_000
  expect(await run('hold', 'report', 'settle')).toMatchObject({ outcome: 'pending', settleTries: 1 })
  const handle = handler()
  const state = { ...(await run('hold', 'report')), settleTries: 119 }
  await expect(handle({ step: 'settle', state })).rejects.toMatchObject({ name: 'CloseHeld' })
})

test('usage that arrives after the final report is carried over into the next segment', async () => {
  await run('hold', 'report')
  await billing.use(5, plusMs(given.PERIOD.start, 2 * DAY_MS))
  await run(...ALL)
  const [closed] = await billing.accounts.listSegments(given.ACCOUNT)
  expect(closed).toMatchObject({ invoicedUnits: 25_007, carriedInUnits: 0, waivedUnits: 0 })
  const [, next = given.paidSegment(given.NEXT)] = await billing.accounts.listSegments(given.ACCOUNT)
  const measured = await measureSegment(billing, next, given.starter, given.NEXT.start)
  expect(measured).toMatchObject({ meteredUnits: 3, carriedInUnits: 5, owedUnits: 8 })

  now = plusMs(given.NEXT.end, HOUR_MS)
  const after = { start: given.NEXT.end, end: given.at('2027-02-10T09:30:00Z') }
  stripe.subscriptions.set('sub_1', given.subscription({ currentPeriod: after }))
  const used = given.line({ quantity: 8, period: given.NEXT })
  const lines = [{ ...given.flatLine, period: after }, used]
  stripe.invoices.set('in_2', given.cycleInvoice({ id: 'in_2', period: given.NEXT, lines }))
  await runOn('in_2', ...ALL)
  const record = await getInvoiceRecord(billing.billing, given.ACCOUNT, 'in_2')
  const proof = { meteredUnits: 3, carriedInUnits: 5, carriedOutUnits: 0, invoicedUnits: 8, holds: true }
  expect(record).toMatchObject({ close: 'equal', proof })
  expect((await billing.accounts.listSegments(given.ACCOUNT))[1]).toMatchObject({
    ...{ carriedInUnits: 5, invoicedUnits: 8, closedAt: now },
  })
})

test.each([
  ['is paid already', { status: 'paid', autoAdvance: false }],
  ['Stripe collects already', { status: 'open', autoAdvance: true }],
] as const)('an invoice that %s is not collected', async (_, change) => {
  const state = await run('hold', 'report', 'settle', 'finalize', 'compare')
  stripe.change('in_1', change)
  await handler()({ step: 'collect', state })
  expect(stripe.calls).not.toContain('collect')
})

test('too little is collected and recorded with a proof that does not hold', async () => {
  const lines = [given.flatLine, INCLUDED, given.line({ quantity: 5_000, amountMinor: 750n })]
  stripe.change('in_1', { lines })
  await run(...ALL)
  expect(stripe.calls).toContain('collect')
  const record = await getInvoiceRecord(billing.billing, given.ACCOUNT, 'in_1')
  expect(record).toMatchObject({ close: 'carried_over', proof: { invoicedUnits: 25_000, holds: false } })
  expect(billing.events).toMatchObject([{ data: { equal: false } }])
})

test('an invoice that differs is held: not collected, noted, and not taken over', async () => {
  stripe.change('in_1', {
    lines: [given.flatLine, INCLUDED, given.line({ quantity: 5_007, amountMinor: 752n })],
  })
  const state = await run('hold', 'report', 'settle', 'finalize')
  const failure = await handler()({ step: 'compare', state }).catch((error: Error) => error)
  expect(failure).toMatchObject({ name: 'CloseHeld' })
  await handler()({
    step: 'fail',
    state: { ...state, error: { Error: 'CloseHeld', Cause: '{"errorMessage":"why"}' } },
  })
  expect(stripe.calls).not.toContain('collect')
  expect(await readWorkItem(billing.billing, 'close-invoice', 'in_1')).toMatchObject({ state: 'held' })
  expect(await getInvoiceRecord(billing.billing, given.ACCOUNT, 'in_1')).toMatchObject({
    close: 'held',
    reason: 'why',
  })
})

test('a close that failed otherwise stays open for the next attempt', async () => {
  const state = await run('hold', 'report')
  await handler()({ step: 'fail', state: { ...state, error: { Error: 'States.Timeout' } } })
  expect(await readWorkItem(billing.billing, 'close-invoice', 'in_1')).toMatchObject({ state: 'running' })
})

test('an invoice that Stripe finalized before usage was frozen is held', async () => {
  stripe.change('in_1', { status: 'open' })
  expect(await run('hold')).toMatchObject({ outcome: 'finalized' })
  await expect(run('hold', 'compare')).rejects.toMatchObject({ name: 'CloseHeld' })
})

test('a void invoice is not closed', async () => {
  stripe.change('in_1', { status: 'void' })
  expect(await run('hold')).toMatchObject({ outcome: 'not_ours' })
})

test('the segment of an invoice is that of its usage, whatever the invoice itself covers', async () => {
  stripe.change('in_1', { period: { start: given.PERIOD.start, end: given.NEXT.end } })
  expect(await run('hold')).toMatchObject({ outcome: 'held', segmentStart: given.PERIOD.start })
})

test('the last invoice of a subscription is equal without a flat fee, and so is its statement', async () => {
  stripe.subscriptions.set('sub_1', given.subscription({ status: 'canceled' }))
  const free = { planVersionId: 'free@1', subscriptionId: null }
  await billing.accounts.addSegment({ ...given.paidSegment(given.NEXT), ...free })
  stripe.change('in_1', { lines: [INCLUDED, FURTHER] })
  await run(...ALL)
  const record = await getInvoiceRecord(billing.billing, given.ACCOUNT, 'in_1')
  expect(record).toMatchObject({ close: 'equal', statement: { totalMinor: '751' } })
  expect(record?.statement?.lines.map(({ kind }) => kind)).toEqual(['tier', 'tier'])
})

test('the record of an invoice says how far its close has come, and why it stopped', async () => {
  const closes: unknown[] = []
  let state: unknown = { accountId: given.ACCOUNT, invoiceId: 'in_1', attempt: 1 }
  for (const step of ['hold', 'report', 'settle', 'finalize', 'compare'] as const) {
    if (step === 'compare') stripe.change('in_1', { currency: 'eur' })
    state = await handler()({ step, state }).catch(() => state)
    closes.push((await getInvoiceRecord(billing.billing, given.ACCOUNT, 'in_1'))?.close)
  }
  expect(closes).toEqual(['draining', 'reporting', 'reporting', 'finalizing', 'held'])
  const record = await getInvoiceRecord(billing.billing, given.ACCOUNT, 'in_1')
  expect(record?.reason).toContain('currency')
})

test('units past the cap of a new payer are waived, and the proof says so', async () => {
  // 100 USD at 0.15 cent beyond 20,000: up to 86,669 units round to 10,000 cents.
  await billing.use(700_000, plusMs(given.PERIOD.start, 3 * DAY_MS))
  const capUnits = 86_669
  stripe.change('in_1', {
    lines: [given.flatLine, INCLUDED, given.line({ quantity: capUnits - 20_000, amountMinor: 10_000n })],
  })
  await run(...ALL)
  const record = await getInvoiceRecord(billing.billing, given.ACCOUNT, 'in_1')
  expect(record?.proof).toMatchObject({
    waivedUnits: 725_007 - capUnits,
    invoicedUnits: capUnits,
    holds: true,
  })
  const [closed] = await billing.accounts.listSegments(given.ACCOUNT)
  expect(closed?.waivedUnits).toBe(725_007 - capUnits)
})

test('a cap that was lowered in mid-segment forgives nothing that was used before, and the proof holds', async () => {
  const account = await billing.accounts.getAccount(given.ACCOUNT)
  if (!account) throw new Error('no account')
  // 5 USD at 0.15 cent beyond 20,000 are 23,336 units: 25,000 had been used when the customer chose that.
  const lowered = { at: plusMs(given.PERIOD.start, 2 * DAY_MS), capMinor: '500' }
  await billing.accounts.changeAccount(account, { spendCapMinor: '500', spendCapChanges: [lowered] })
  stripe.change('in_1', {
    lines: [given.flatLine, INCLUDED, given.line({ quantity: 5_000, amountMinor: 750n })],
  })
  await run(...ALL)
  const record = await getInvoiceRecord(billing.billing, given.ACCOUNT, 'in_1')
  expect(record).toMatchObject({
    close: 'equal',
    proof: {
      meteredUnits: 25_007,
      waivedUnits: 7,
      reportedUnits: 25_000,
      invoicedUnits: 25_000,
      holds: true,
    },
    statement: { totalMinor: '3650' },
  })
  const [closed] = await billing.accounts.listSegments(given.ACCOUNT)
  expect(closed).toMatchObject({ invoicedUnits: 25_000, waivedUnits: 7 })
})

test('a step that does not exist, or a state that is none, is refused by name', async () => {
  await expect(handler()({ step: 'nope', state: {} })).rejects.toMatchObject({ name: 'WorkflowStateInvalid' })
  await expect(handler()({ step: 'hold', state: {} })).rejects.toMatchObject({ name: 'WorkflowStateInvalid' })
})
