import { afterEach, beforeEach, expect, test } from 'vitest'
import { readAudit } from '#kernel/audit'
import { accountIdOf } from '#kernel/ids'
import type { Call } from '#kernel/rpc'
import { instant } from '#kernel/time'
import { examine } from '../../billing/cli/doctor.ts'
import { doctorStripe } from '../../billing/cli/doctor-stripe.ts'
import { webhookEndpoints } from '../../billing/cli/setup.ts'
import { eventDestinations, METER_EVENTS } from '../../billing/cli/setup-event-destination.ts'
import { adminApplyCoupon, adminRemoveCoupon } from '../../billing/procedures/payments/admin-coupon.ts'
import { adminGrantCredit } from '../../billing/procedures/payments/admin-grant-credit.ts'
import { adminRefund } from '../../billing/procedures/payments/admin-refund.ts'
import { adminVoidCredit } from '../../billing/procedures/payments/admin-void-credit.ts'
import { createTestDeps, publishCatalogue } from '../../billing/procedures/testing/test-deps.ts'
import { sell, startWire, subscribe, type Wire } from './stripe-wire.ts'

/** What administrators do about money, against the Stripe stand-in over HTTP. */
let wire: Wire
beforeEach(async () => {
  wire = await startWire('2026-11-10T09:30:00Z')
})
afterEach(() => wire.stop())

const accountId = accountIdOf('ada')
const reason = 'The outage of the fifth.'

async function customer() {
  const deps = { ...createTestDeps(), stripe: async () => wire.stripe }
  await publishCatalogue(deps)
  const { customerId, subscription } = await subscribe(wire, await sell(wire))
  await deps.accounts.addAccount({
    ...{ accountId, openedAt: instant(0), customerId, subscriptionId: subscription.id },
    ...{ planVersionId: 'starter@1', entitlementVersion: 0, blocks: [] },
  })
  const call = (): Call => ({ now: wire.now(), actor: { kind: 'admin', userId: 'owner' }, requestId: 'r' })
  const actions = async () =>
    (await readAudit(deps.billing, { accountId }, wire.now())).map(({ action }) => action)
  const [first] = await wire.adapter.listInvoices({ customerId })
  return { deps, call, actions, customerId, subscriptionId: subscription.id, invoiceId: first?.id ?? '' }
}

test('credit is granted once however often the form is sent, and only what is left can be taken back', async () => {
  const { deps, call, actions } = await customer()
  const input = { accountId, amountMinor: '500', reason, idempotencyKey: 'request-1' }
  const granted = await adminGrantCredit(deps)(input, call())
  expect(granted).toMatchObject({
    ok: true,
    value: { credit: { remainingMinor: '500', status: 'active', reason } },
  })
  expect(await adminGrantCredit(deps)(input, call())).toEqual(granted)
  expect(await adminGrantCredit(deps)({ ...input, amountMinor: '900' }, call())).toMatchObject({
    code: 'request_conflict',
  })
  expect(wire.engine.state.creditGrants.size).toBe(1)
  const grantId = granted.ok ? granted.value.credit.grantId : ''
  const taken = await adminVoidCredit(deps)({ accountId, grantId, reason }, call())
  expect(taken).toMatchObject({ ok: true, value: { credit: { status: 'void', remainingMinor: '0' } } })
  expect((await actions()).toSorted()).toEqual(['credit.granted', 'credit.voided'])
})

test('a grant whose answer was lost is found, also a day later when Stripe has forgotten its key', async () => {
  const { deps, call } = await customer()
  const input = { accountId, amountMinor: '500', reason, idempotencyKey: 'request-1' }
  wire.strike('POST /v1/billing/credit_grants', { kind: 'cut', when: 'after' }, { times: 2 })
  await expect(adminGrantCredit(deps, wire.impatient)(input, call())).rejects.toThrow()
  await wire.advanceBy(26 * 3_600)
  const again = await adminGrantCredit(deps)(input, call())
  expect(again).toMatchObject({ ok: true })
  expect(wire.engine.state.creditGrants.size).toBe(1)
})

test('a refund is a credit note that pays back to the card, once, and never more than was paid', async () => {
  const { deps, call, invoiceId } = await customer()
  const input = { accountId, invoiceId, reason }
  const part = { ...input, amountMinor: '1000', idempotencyKey: 'request-1' }
  const refunded = await adminRefund(deps)(part, call())
  expect(refunded).toMatchObject({ ok: true, value: { refundedMinor: '1000', toBalanceMinor: '0' } })
  expect(await adminRefund(deps)(part, call())).toEqual(refunded)
  const tooMuch = { ...input, amountMinor: '2000', idempotencyKey: 'request-2' }
  expect(await adminRefund(deps)(tooMuch, call())).toMatchObject({
    code: 'refund_refused',
    message: expect.stringContaining('At most $19.00'),
  })
  const rest = await adminRefund(deps)({ ...input, idempotencyKey: 'request-3' }, call())
  expect(rest).toMatchObject({ ok: true, value: { refundedMinor: '1900' } })
  const sum = [...wire.engine.state.refunds.values()].reduce((total, { amount }) => total + amount, 0)
  expect(sum).toBe(2900)
})

test('what was refunded in the dashboard cannot be given back a second time', async () => {
  const { deps, call, invoiceId } = await customer()
  const [charge] = [...wire.engine.state.charges.keys()]
  await wire.stripe.refunds.create({ charge: charge ?? '' })
  const again = await adminRefund(deps)({ accountId, invoiceId, reason, idempotencyKey: 'request-1' }, call())
  expect(again).toMatchObject({ code: 'refund_refused' })
})

test('a discount joins those that are there and is removed alone', async () => {
  const { deps, call, subscriptionId } = await customer()
  const apply = (percent: number, idempotencyKey: string) =>
    adminApplyCoupon(deps)(
      { accountId, reason, idempotencyKey, off: { kind: 'percent', percent }, duration: { kind: 'forever' } },
      call(),
    )
  const first = await apply(20, 'request-1')
  await apply(10, 'request-2')
  expect(await apply(20, 'request-1')).toEqual(first)
  const names = async () => (await wire.adapter.listDiscounts(subscriptionId)).map(({ name }) => name)
  expect(await names()).toEqual(['20 % off', '10 % off'])
  const discountId = first.ok ? first.value.discount.discountId : ''
  await adminRemoveCoupon(deps)({ accountId, discountId, reason }, call())
  expect(await names()).toEqual(['10 % off'])
})

test('customers may do none of it, and learn nothing about other accounts', async () => {
  const { deps, invoiceId } = await customer()
  const call: Call = {
    now: wire.now(),
    actor: { kind: 'customer', accountId, userId: 'ada' },
    requestId: 'r',
  }
  const once = { accountId, reason, idempotencyKey: 'request-1' }
  expect(await adminGrantCredit(deps)({ ...once, amountMinor: '1' }, call)).toMatchObject({
    code: 'forbidden',
  })
  expect(await adminRefund(deps)({ ...once, invoiceId }, call)).toMatchObject({ code: 'forbidden' })
})

test('the doctor finds what is missing, and nothing once it is there', async () => {
  const webhookUrl = 'https://hooks.example/stripe'
  const { stripe } = wire
  const patient = {
    ...{ stripe: doctorStripe(stripe), webhookUrl, automaticTax: false, secretProblem: null },
    catalogue: { currency: 'usd', unit: 'check', plans: [] },
  }
  const outcomes = async () =>
    Object.fromEntries((await examine(patient)).map(({ check, outcome }) => [check, outcome]))
  expect(await outcomes()).toMatchObject({ 'webhook endpoint': 'bad', 'meter error events': 'bad' })
  await webhookEndpoints(stripe).create(webhookUrl)
  await eventDestinations(stripe).create(webhookUrl)
  expect(METER_EVENTS).toHaveLength(2)
  expect(await outcomes()).toMatchObject({ 'webhook endpoint': 'ok', 'meter error events': 'ok' })
  await webhookEndpoints(stripe).create(webhookUrl)
  expect(await outcomes()).toMatchObject({ 'webhook endpoint': 'bad' })
})
