import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PaymentsView } from '#billing/contract'
import { HOUR_MS, MINUTE_MS } from '#kernel/time'
import type { Tollgate } from '../../infra/launch.ts'
import type { Customer } from '../../infra/seed/customer.ts'
import { accountIdOfEmail } from '../support/account.ts'
import {
  advance,
  billingOf,
  expectOk,
  newCustomer,
  operatorCall,
  startTollgate,
} from '../support/tollgate.ts'

/** Charges fail, attaching and the first purchase do not (https://docs.stripe.com/testing). */
const FAILS_LATER = { cardNumber: '4000 0000 0000 0341' }
const ONE_CHECK = { phone: '+14155552671' }

let tollgate: Tollgate
const operator = () => operatorCall(tollgate)
const billing = () => billingOf(tollgate)

beforeAll(async () => {
  tollgate = await startTollgate('2026-03-10T09:15:27Z')
})
afterAll(() => tollgate?.stop())

async function buyer(email: string, card?: Record<string, string>): Promise<[Customer, string]> {
  const customer = newCustomer(tollgate, email)
  await customer.signUp()
  await tollgate.clock.whenIdle()
  await customer.createKey('Production')
  await customer.buy('starter', card)
  await advance(tollgate, 2 * MINUTE_MS)
  return [customer, await accountIdOfEmail(tollgate, email)]
}

async function stripe(path: string, form: Record<string, string> = {}): Promise<unknown> {
  const answer = await fetch(`${tollgate.urls.stripe}${path}`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk_test_local', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form),
  })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}

async function subjects(email: string): Promise<string[]> {
  const mails = (await (await fetch(`${tollgate.urls.console}/mailbox`)).json()) as {
    to: string
    subject: string
  }[]
  return mails.filter(mail => mail.to === email).map(mail => mail.subject)
}

const payments = async (accountId: string): Promise<PaymentsView> =>
  expectOk(await billing().getPayments({ accountId }, operator()))

describe('an invoice that is not paid', () => {
  it('is told, reminded of and warned about, then blocks the calls; paying makes them work within two minutes, not paying ends the subscription', async () => {
    const [ada, adaId] = await buyer('ada@example.com', FAILS_LATER)
    const [bob, bobId] = await buyer('bob@example.com', FAILS_LATER)
    const { segment } = expectOk(await billing().getSubscription({ accountId: bobId }, operator()))
    await tollgate.clock.advanceTo(segment.end + 26 * HOUR_MS)
    const [problem] = (await payments(adaId)).problems
    const [bobs] = (await payments(bobId)).problems
    expect(problem).toMatchObject({ blockedAt: null, needsAuthentication: false, remainingMinor: '2900' })
    expect(await subjects('ada@example.com')).toContain('A payment did not go through')
    expect((await ada.call('/v1/phone', ONE_CHECK)).status).toBe(200)

    await tollgate.clock.advanceTo((problem?.blockAt ?? 0) + 5 * MINUTE_MS)
    const refused = await ada.call('/v1/phone', ONE_CHECK)
    expect([refused.status, refused.body.code]).toEqual([402, 'payment_required'])

    await stripe(`/v1/invoices/${problem?.invoiceId}/pay`, { payment_method: 'pm_card_visa' })
    await advance(tollgate, 2 * MINUTE_MS)
    expect((await ada.call('/v1/phone', ONE_CHECK)).status).toBe(200)
    expect(await payments(adaId)).toMatchObject({ blocks: [], problems: [] })
    const told = (await subjects('ada@example.com')).filter(subject => /pa(y|id)|refused/i.test(subject))
    expect(told.toReversed()).toEqual([
      'A payment did not go through',
      'An invoice is still unpaid',
      expect.stringMatching(/^Calls will be refused from /),
      'Calls are refused: an invoice is unpaid',
      'Your payment went through',
    ])

    await tollgate.clock.advanceTo((bobs?.cancelAt ?? 0) + 30 * MINUTE_MS)
    expect(await subjects('bob@example.com')).toContain('Your subscription has ended')
    expect((await bob.call('/v1/phone', ONE_CHECK)).status).toBe(402)
    const account = expectOk(await billing().adminGetAccount({ accountId: bobId }, operator()))
    expect(account).toMatchObject({ blocks: ['unpaid'], payment: 'unpaid', subscriptionId: null })
    for (const { invoiceId } of (await payments(bobId)).problems)
      await stripe(`/v1/invoices/${invoiceId}/pay`, { payment_method: 'pm_card_visa' })
    await advance(tollgate, 2 * MINUTE_MS)
    expect((await bob.call('/v1/phone', ONE_CHECK)).status).toBe(200)
  })
})

describe('a disputed charge', () => {
  it('suspends the account with a reason until the dispute is won', async () => {
    const [eve, accountId] = await buyer('eve@example.com')
    const { invoices } = expectOk(await billing().listInvoices({ accountId }, operator()))
    const invoiceId = invoices[0]?.invoiceId ?? ''
    const dispute = (await control('disputes', { invoice: invoiceId })) as { id: string }
    await advance(tollgate, 2 * MINUTE_MS)
    expect((await eve.call('/v1/phone', ONE_CHECK)).status).toBe(402)
    expect((await payments(accountId)).suspensions).toMatchObject([{ invoiceId, dispute: 'open' }])
    await control(`disputes/${dispute.id}/won`, {})
    await advance(tollgate, 2 * MINUTE_MS)
    expect((await eve.call('/v1/phone', ONE_CHECK)).status).toBe(200)
  })
})

async function control(path: string, body: unknown): Promise<unknown> {
  const answer = await fetch(`${tollgate.urls.stripe}/_local/${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}
