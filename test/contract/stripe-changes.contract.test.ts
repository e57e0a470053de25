import { afterEach, beforeEach, expect, test } from 'vitest'
import { DAY_MS, plusMs, SECOND_MS } from '#kernel/time'
import { carryDiscounts, couponTerms, discountLines } from '../../billing/changes/carry-discounts.ts'
import { PER_UNIT, payOnPage, type Sold, sell, startWire, subscribe, type Wire } from './stripe-wire.ts'

/** Plan changes on the wire: what Stripe then holds, what a repetition does, and what the card answers. */
let wire: Wire
let starter: Sold
let scale: Sold
beforeEach(async () => {
  wire = await startWire('2026-11-10T09:30:17Z')
  starter = await sell(wire)
  scale = await sell(wire, 'scale', 1, PER_UNIT)
})
afterEach(() => wire.stop())

const requestOf = (customerId: string, paymentMethodId: string | null, couponIds: string[] = []) => ({
  ...{ accountId: 'acct_1', customerId, planVersionId: scale.planVersionId, paymentMethodId, couponIds },
  ...{ flatPriceId: scale.flatPriceId, meteredPriceId: scale.meteredPriceId, claim: 'claim_1' },
})
async function upgrade(cardNumber?: string, amountMinor = 1_450n) {
  const { customerId, subscription } = await subscribe(wire, starter, cardNumber)
  await wire.adapter.ensureCredit({
    ...{ couponId: 'credit-claim_1', amountMinor, currency: 'usd', name: 'Unused part of Starter' },
  })
  const request = requestOf(customerId, subscription.paymentMethodId, ['credit-claim_1'])
  const made = await wire.adapter.createSubscription(request)
  return { customerId, old: subscription, request, made, invoiceId: made.latestInvoiceId ?? '' }
}

test('an upgrade waits for its first invoice, which is the fee less the credit, charged once to the saved card', async () => {
  const { made, request, invoiceId } = await upgrade()
  expect(made).toMatchObject({ status: 'incomplete', claim: 'claim_1', planVersionId: 'scale@1' })
  expect((await wire.adapter.createSubscription(request)).id).toBe(made.id)
  expect(await wire.adapter.getInvoice(invoiceId)).toMatchObject({ status: 'open', totalMinor: 1_450n })
  expect(await wire.adapter.payInvoice(invoiceId)).toEqual({ kind: 'paid' })
  expect(await wire.adapter.payInvoice(invoiceId)).toEqual({ kind: 'paid' })
  expect((await wire.adapter.getSubscription(made.id)).status).toBe('active')
  expect((await wire.stripe.charges.list()).data.map(({ amount }) => amount)).toEqual([1_450, 2_900])
})

test('a credit is made once, and taken off one invoice only', async () => {
  const { made, invoiceId } = await upgrade()
  const again = { couponId: 'credit-claim_1', amountMinor: 9n, currency: 'usd', name: 'Other' }
  await wire.adapter.ensureCredit(again)
  await wire.adapter.payInvoice(invoiceId)
  await wire.clock.advanceTo(plusMs(made.currentPeriod.end, 10 * SECOND_MS))
  const [next] = await wire.adapter.listInvoices({ subscriptionId: made.id })
  expect(next).toMatchObject({ billingReason: 'subscription_cycle', totalMinor: 2_900n })
})

test('a card that the bank asks about leads to Stripe’s page, and the answer there makes it active', async () => {
  const { made, invoiceId } = await upgrade()
  const method = await wire.stripe.paymentMethods.attach('pm_card_authenticationRequired', {
    customer: made.customerId,
  })
  await wire.stripe.subscriptions.update(made.id, { default_payment_method: method.id })
  const answer = await wire.adapter.payInvoice(invoiceId)
  expect(answer).toEqual({ kind: 'confirm', url: expect.stringContaining(wire.url) })
  expect((await wire.adapter.getSubscription(made.id)).status).toBe('incomplete')
  await payOnPage(answer.kind === 'confirm' ? answer.url : null)
  expect((await wire.adapter.getSubscription(made.id)).status).toBe('active')
})

test('a card that is declined says why; dropping the change leaves nothing to pay', async () => {
  const { made, invoiceId } = await upgrade('4000000000000341')
  expect(await wire.adapter.payInvoice(invoiceId)).toEqual({
    ...{ kind: 'declined', reason: 'Your card was declined.' },
  })
  await wire.adapter.cancelUnused(made.id)
  await wire.adapter.cancelUnused(made.id)
  expect((await wire.adapter.getInvoice(invoiceId)).status).toBe('void')
})

test('without a card Stripe’s page asks for one', async () => {
  const customerId = await wire.adapter.createCustomer({ accountId: 'acct_1', email: 'ada@example.com' })
  const made = await wire.adapter.createSubscription(requestOf(customerId, null))
  expect(await wire.adapter.payInvoice(made.latestInvoiceId ?? '')).toMatchObject({ kind: 'confirm' })
})

test('what is scheduled replaces what was scheduled before, and is taken back whole', async () => {
  const { subscription } = await subscribe(wire, starter)
  const to = {
    ...{ planVersionId: 'scale@1', flatPriceId: scale.flatPriceId, meteredPriceId: scale.meteredPriceId },
  }
  const end = subscription.currentPeriod.end
  for (const _ of [1, 2]) await wire.adapter.changeAtPeriodEnd(subscription.id, to)
  const scheduled = await wire.adapter.getSubscription(subscription.id)
  const schedule = await wire.adapter.getSchedule(scheduled.scheduleId ?? '')
  expect(schedule.phases).toMatchObject([
    { end, priceIds: subscription.priceIds },
    { start: end, priceIds: [scale.flatPriceId, scale.meteredPriceId], planVersionId: 'scale@1' },
  ])
  for (const _ of [1, 2]) await wire.adapter.cancelAtPeriodEnd(subscription.id)
  expect(await wire.adapter.getSubscription(subscription.id)).toMatchObject({
    cancelsAt: end,
    scheduleId: null,
  })
  await wire.adapter.changeAtPeriodEnd(subscription.id, to)
  expect((await wire.adapter.getSubscription(subscription.id)).cancelsAt).toBeNull()
  for (const _ of [1, 2]) await wire.adapter.clearScheduled(subscription.id)
  expect(await wire.adapter.getSubscription(subscription.id)).toMatchObject({
    cancelsAt: null,
    scheduleId: null,
  })
  await wire.clock.advanceTo(plusMs(end, 10 * SECOND_MS))
  expect((await wire.adapter.getSubscription(subscription.id)).priceIds).toEqual(subscription.priceIds)
})

test('a scheduled plan begins with its period, and its version is named', async () => {
  const { subscription } = await subscribe(wire, starter)
  await wire.adapter.changeAtPeriodEnd(subscription.id, {
    ...{ planVersionId: 'scale@1', flatPriceId: scale.flatPriceId, meteredPriceId: scale.meteredPriceId },
  })
  await wire.clock.advanceTo(plusMs(subscription.currentPeriod.end, 10 * SECOND_MS))
  const now = await wire.adapter.getSubscription(subscription.id)
  expect(now).toMatchObject({ planVersionId: 'scale@1', status: 'active' })
  expect([...now.priceIds].sort()).toEqual([scale.flatPriceId, scale.meteredPriceId].sort())
  const since = plusMs(subscription.currentPeriod.end, -DAY_MS)
  expect(await wire.adapter.listChanged(since)).toEqual([subscription.id])
})

test('ending a subscription bills its usage at once; ending it again changes nothing', async () => {
  const { subscription } = await subscribe(wire, starter)
  await wire.clock.advanceTo(plusMs(subscription.currentPeriod.start, 10 * DAY_MS))
  const ended = await wire.adapter.cancelNow(subscription.id)
  expect(ended).toMatchObject({ status: 'canceled', endedAt: wire.now() })
  await wire.advanceBy(60)
  expect(await wire.adapter.cancelNow(subscription.id)).toEqual(ended)
  const invoices = await wire.adapter.listInvoices({ subscriptionId: subscription.id })
  expect(invoices.map(({ billingReason }) => billingReason)).toEqual([
    'subscription_update',
    'subscription_create',
  ])
})

test('a subscription that nobody wants gets its money back once', async () => {
  const { made, invoiceId } = await upgrade()
  await wire.adapter.payInvoice(invoiceId)
  for (const _ of [1, 2]) await wire.adapter.refundSubscription(made.id)
  await wire.adapter.cancelUnused(made.id)
  expect((await wire.stripe.refunds.list()).data.map(({ amount }) => amount)).toEqual([1_450])
  expect(await wire.adapter.listSubscriptions({ customerId: made.customerId })).toHaveLength(1)
})

test('a discount that runs goes on after an upgrade for what is left of it, and the invoices are as shown', async () => {
  const { customerId, subscription: old } = await subscribe(wire, starter)
  const terms = { percentOff: 12.5, amountOffMinor: null, duration: 'repeating', months: 3 } as const
  await wire.adapter.ensureCoupon({ id: 'welcome', name: '12.5 % off', currency: 'usd', ...terms })
  await wire.adapter.setDiscounts(old.id, [{ coupon: 'welcome' }])
  const { start, end } = old.currentPeriod
  await wire.clock.advanceTo(plusMs(start, 40 * DAY_MS))
  const carried = carryDiscounts(await wire.adapter.listDiscounts(old.id), wire.now())
  const coupons = carried.map(one => couponTerms(one, 'claim_1', 'usd'))
  for (const _ of [1, 2]) for (const coupon of coupons) await wire.adapter.ensureCoupon(coupon)
  const credit = { couponId: 'credit-claim_1', amountMinor: 1_450n, currency: 'usd', name: 'Unused part' }
  await wire.adapter.ensureCredit(credit)
  const couponIds = [credit.couponId, ...coupons.map(({ id }) => id)]
  const made = await wire.adapter.createSubscription(requestOf(customerId, old.paymentMethodId, couponIds))

  const [shown] = discountLines(2_900n - credit.amountMinor, carried)
  expect(shown?.amountMinor).toBe('-181')
  const first = await wire.adapter.getInvoice(made.latestInvoiceId ?? '')
  expect(first.totalMinor).toBe(1_450n - 181n)
  await wire.adapter.payInvoice(first.id)
  await wire.adapter.cancelNow(old.id)
  expect(end < wire.now()).toBe(true)

  // Two of the three months were left: today's invoice and the next one.
  const totals: bigint[] = []
  for (let month = 0, at = made.currentPeriod.end; month < 2; month++) {
    await wire.clock.advanceTo(plusMs(at, 10 * SECOND_MS))
    const [invoice] = await wire.adapter.listInvoices({ subscriptionId: made.id })
    totals.push(invoice?.totalMinor ?? 0n)
    at = (await wire.adapter.getSubscription(made.id)).currentPeriod.end
  }
  expect(totals).toEqual([2_537n, 2_900n])
})
