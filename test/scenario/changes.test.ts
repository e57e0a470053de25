import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Call } from '#kernel/rpc'
import { HOUR_MS, instant, MINUTE_MS } from '#kernel/time'
import type { Tollgate } from '../../infra/launch.ts'
import { batchOf, type Customer } from '../../infra/seed/customer.ts'
import { accountIdOfEmail } from '../support/account.ts'
import { advance, billingOf, expectOk, newCustomer, startTollgate } from '../support/tollgate.ts'

/** Two customers on Starter: Ada goes up and down again, Grace leaves. */
let tollgate: Tollgate
let billing: ReturnType<typeof billingOf>
let ada: Person
let grace: Person
type Person = { readonly customer: Customer; readonly accountId: string }

async function onStarter(email: string): Promise<Person> {
  const customer = newCustomer(tollgate, email)
  await customer.signUp()
  await tollgate.clock.whenIdle()
  await customer.createKey('Production')
  await customer.buy('starter')
  await advance(tollgate, 2 * MINUTE_MS)
  return { customer, accountId: await accountIdOfEmail(tollgate, email) }
}

beforeAll(async () => {
  tollgate = await startTollgate('2026-03-10T09:15:27Z')
  billing = billingOf(tollgate)
  ada = await onStarter('ada@example.com')
  grace = await onStarter('grace@example.com')
})
afterAll(() => tollgate?.stop())

const callOf = ({ accountId }: Person): Call => ({
  now: instant(tollgate.clock.now()),
  actor: { kind: 'customer', accountId, userId: 'somebody' },
  requestId: `test-${tollgate.clock.now()}`,
})
const subscriptionOf = async (who: Person) =>
  expectOk(await billing.getSubscription({ accountId: who.accountId }, callOf(who)))
const invoicesOf = async (who: Person) =>
  expectOk(await billing.listInvoices({ accountId: who.accountId }, callOf(who))).invoices
const preview = async (who: Person, planId: string) =>
  expectOk(await billing.previewChange({ accountId: who.accountId, planId }, callOf(who)))
const change = async (who: Person, planId: string) => {
  const { to, pricedAt, digest } = await preview(who, planId)
  const shown = { expectedPlanVersionId: to.planVersionId, pricedAt, digest }
  return billing.changePlan({ accountId: who.accountId, planId, ...shown }, callOf(who))
}
/** Opens the page of a change and presses its button. */
async function confirm({ customer }: Person, planId: string, action = '/plan/change') {
  return customer.browser.submit(await customer.openPage(`/plan/change?plan=${planId}`), {}, action)
}

describe('changes of plan', () => {
  it('are refused in the first five minutes of a period, with the time to come back', async () => {
    expect(await preview(ada, 'scale')).toMatchObject({
      kind: 'upgrade',
      refused: {
        code: 'plan_change_refused',
        message: expect.stringMatching(/Try again after 09:2\d UTC on 2026-03-10/),
      },
    })
    expect(await change(ada, 'scale')).toMatchObject({ ok: false, code: 'plan_change_refused' })
  })

  it('an upgrade in two tabs charges once what its preview said, bills the usage of the old plan once, and switches at once', async () => {
    await advance(tollgate, 3 * HOUR_MS)
    await ada.customer.call('/v1/batch', batchOf(7))
    await advance(tollgate, 2 * MINUTE_MS)
    const before = await subscriptionOf(ada)
    const shown = await preview(ada, 'scale')
    expect(shown).toMatchObject({ kind: 'upgrade', refused: null, usageSoFar: { units: 7 } })
    expect(shown.today.credit).toMatchObject({ share: 'time', planName: 'Starter' })
    await Promise.all([confirm(ada, 'scale'), change(ada, 'scale')])
    await ada.customer.call('/v1/batch', batchOf(3))
    await advance(tollgate, 10 * MINUTE_MS)

    const after = await subscriptionOf(ada)
    expect(after).toMatchObject({ plan: { id: 'scale' }, openChange: null, scheduled: null })
    const bills = await invoicesOf(ada)
    expect(bills.filter(({ totalMinor }) => totalMinor === shown.today.totalMinor)).toMatchObject([
      { status: 'paid' },
    ])
    const final = bills.find(
      ({ period }) => period.start === before.segment.start && period.end === after.segment.start,
    )
    expect(final).toMatchObject({ close: 'equal', status: 'paid', totalMinor: '0' })
    expect(bills).toHaveLength(3)
    // Each of the ten units is the old plan's or the new one's; what came late is carried over.
    const invoiceId = final?.invoiceId ?? ''
    const { proof } = expectOk(await billing.getInvoice({ accountId: ada.accountId, invoiceId }, callOf(ada)))
    expect(proof).toMatchObject({ holds: true, meteredUnits: 10 - after.unitsUsed })
    expect(await ada.customer.call('/v1/batch', batchOf(1))).toMatchObject({ status: 200 })
  })

  it('what is scheduled is shown and can be taken back until an hour before the end', async () => {
    const { segment } = await subscriptionOf(ada)
    expect(await change(ada, 'starter')).toMatchObject({ value: { state: 'scheduled', at: segment.end } })
    expect((await subscriptionOf(ada)).scheduled).toMatchObject({ kind: 'downgrade', planId: 'starter' })
    expectOk(await billing.undoChange({ accountId: ada.accountId }, callOf(ada)))
    expect((await subscriptionOf(ada)).scheduled).toBeNull()
    expectOk(await change(ada, 'starter'))

    const { customer } = grace
    const canceled = await confirm(grace, 'free', '/plan/cancel')
    expect(canceled.html).toContain('Starter is cancelled: Free follows')
    await customer.browser.submit(canceled, {}, '/plan/undo')
    expect((await subscriptionOf(grace)).scheduled).toBeNull()
    await confirm(grace, 'free', '/plan/cancel')
    const { scheduled } = await subscriptionOf(grace)
    expect(scheduled).toMatchObject({ kind: 'cancel' })

    await tollgate.clock.advanceTo((scheduled?.at ?? 0) - 30 * MINUTE_MS)
    expect(await billing.undoChange({ accountId: grace.accountId }, callOf(grace))).toMatchObject({
      code: 'plan_change_refused',
    })
  })

  it('at the end of the period a cancelled plan gives way to Free, and a downgrade begins; both are billed to the end', async () => {
    const [up, down] = [await subscriptionOf(grace), await subscriptionOf(ada)]
    await ada.customer.call('/v1/batch', batchOf(5))
    await tollgate.clock.advanceTo(down.segment.end + 5 * MINUTE_MS)
    expect(await subscriptionOf(grace)).toMatchObject({
      ...{ plan: { id: 'free' }, stripeStatus: 'none', scheduled: null, segment: { start: up.segment.end } },
    })
    expect(await subscriptionOf(ada)).toMatchObject({
      ...{ plan: { id: 'starter' }, scheduled: null, segment: { start: down.segment.end } },
    })
    await tollgate.clock.advanceTo(down.segment.end + 26 * HOUR_MS)
    const billOf = async (who: Person, end: number) =>
      (await invoicesOf(who)).find(({ period, close }) => period.end === end && close !== null)
    expect(await billOf(grace, up.segment.end)).toMatchObject({ close: 'equal', totalMinor: '0' })
    expect(await billOf(ada, down.segment.end)).toMatchObject({
      ...{ close: 'equal', status: 'paid', totalMinor: '2900' },
    })
  }, 240_000)
})
