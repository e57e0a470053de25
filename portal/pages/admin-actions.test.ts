import { describe, expect, test } from 'vitest'
import { fail, ok } from '#kernel/result'
import { ACCOUNT_ID, INVOICE_ID } from '../testing/fake-admin.ts'
import { createTestPortal } from '../testing/test-portal.ts'

const ACCOUNT = `/admin/accounts/${ACCOUNT_ID}`
const CLOSE = `/admin/closes/${ACCOUNT_ID}/${INVOICE_ID}`
const REASON = 'because we agreed so'
const plan = (repair: string) => ({
  ...{ planId: 'plan_1', repair, steps: ['Something happens.'], owedUnits: 1, invoicedUnits: 2 },
  ...{ carryUnits: 0, waivedUnits: 0, creditMinor: '1', currency: 'usd' },
})
const credit = {
  ...{ grantId: 'credgr_1', reason: REASON, amountMinor: '500', remainingMinor: '500', grantedAt: 1 },
  ...{ expiresAt: null, status: 'active' },
}
const discount = {
  ...{ discountId: 'di_1', name: '20 %', percentOff: 20, amountOffMinor: null, duration: 'forever' },
  ...{ months: null, endsAt: null },
}

type Case = {
  /** Where the form stands, and where it posts to. */
  readonly page: string
  readonly action: string
  readonly fields: Readonly<Record<string, string>>
  readonly procedure: string
  readonly answer: unknown
  /** The page after it asks once more. */
  readonly reviewed?: true
}

const repair = (name: string, procedure: string): Case => ({
  ...{ page: CLOSE, action: `${CLOSE}/${name}`, procedure, fields: { plan: 'plan_1', reason: REASON } },
  answer: { plan: plan(name), applied: true, started: null },
})
const onAccount = (name: string, procedure: string, fields: Case['fields'], answer: unknown = {}): Case => ({
  ...{ page: ACCOUNT, action: `${ACCOUNT}/${name}`, procedure, answer, reviewed: true },
  fields: { ...fields, reason: REASON },
})

const CASES: Readonly<Record<string, Case>> = {
  'granting credit': onAccount('credit', 'adminGrantCredit', { amount: '5.00' }, { credit }),
  'taking credit back': onAccount('void-credit', 'adminVoidCredit', { grantId: 'credgr_1' }, { credit }),
  'applying a discount': onAccount('coupon', 'adminApplyCoupon', { off: '20 %' }, { discount }),
  'removing a discount': onAccount('remove-coupon', 'adminRemoveCoupon', { discountId: 'di_1' }),
  'refunding an invoice': onAccount('refund', 'adminRefund', { invoiceId: INVOICE_ID, amount: '1.00' }),
  'suspending an account': onAccount('suspend', 'adminSuspend', {}),
  'lifting a suspension': onAccount('unsuspend', 'adminUnsuspend', {}),
  'reporting a close again': repair('retry', 'adminRetryClose'),
  'crediting the difference of a close': repair('credit', 'adminCreditClose'),
  'accepting a close': repair('accept', 'adminAcceptClose'),
  'waiving units of a close': repair('waive', 'adminWaiveClose'),
  'reading dead letters again': {
    ...{ page: '/admin/reconciliation', action: '/admin/reconciliation/redrive' },
    ...{ fields: { reason: REASON }, procedure: 'adminRedrive', answer: { taken: 1, left: 0 } },
  },
  'archiving a plan': {
    ...{ page: '/admin/plans/starter/archive', action: '/admin/plans/starter/archive' },
    ...{ fields: { action: 'archive', reason: REASON }, procedure: 'adminArchivePlan' },
    answer: { archivedAt: 1 },
  },
  'publishing a draft': {
    ...{ page: '/admin/plans/starter/review', action: '/admin/plans/starter/publish' },
    ...{ fields: { revision: '2', reason: REASON }, procedure: 'adminPublishDraft' },
    answer: { planVersionId: 'starter@2', started: 'exec_1' },
  },
  'starting a migration': {
    ...{ page: '/admin/plans/starter/migrate', action: '/admin/plans/starter/migrate' },
    fields: { action: 'start', toVersionId: 'starter@1', noticeDays: '14', reason: REASON },
    ...{ procedure: 'adminStartMigration', answer: {} },
  },
}

/** An admin, and what billing was asked to do by the procedure of the case. */
async function adminFor({ procedure }: Pick<Case, 'procedure'>, answer: unknown, admin = true) {
  const portal = createTestPortal()
  const asked: unknown[] = []
  const refund = {
    ...{ number: 'A-1', refundedMinor: '100', toBalanceMinor: '0', reducedMinor: '0' },
    maxMinor: '100',
  }
  Object.assign(portal.deps.billing, {
    adminPreviewRefund: async () => ok(refund),
    [procedure]: async (input: unknown) => {
      asked.push(input)
      return answer
    },
  })
  const browser = await portal.signedIn('root@example.com', { admin })
  return { browser, asked }
}

/** A valid token: the admin's session has one, whichever page rendered it. */
async function tokenOf(browser: Awaited<ReturnType<typeof adminFor>>['browser']): Promise<string> {
  await browser.get('/settings')
  return browser.hiddenFields('/signout').token ?? ''
}

describe.each(Object.entries(CASES))('%s', (_name, its) => {
  test('asks billing exactly once, with the reason, and only when it is confirmed', async () => {
    const { browser, asked } = await adminFor(its, ok(its.answer))
    const token = await tokenOf(browser)
    await browser.get(its.page)
    expect(asked).toEqual([])
    if (its.reviewed) {
      const review = await browser.post(its.action, { ...its.fields, token })
      expect([review.status, asked]).toEqual([200, []])
      expect(review.html).toContain(REASON)
      await browser.submit(its.action)
    } else await browser.post(its.action, { ...its.fields, token })
    expect(asked).toHaveLength(1)
    expect(asked[0]).toMatchObject({ reason: REASON })
    expect(browser.page.status).toBe(200)
  })

  test('shows why it was refused, and nothing claims that it was done', async () => {
    const { browser } = await adminFor(its, fail('refused_for_test', 'It is too late for that & closed.'))
    const token = await tokenOf(browser)
    const confirmed = its.reviewed ? { confirmed: 'yes', request: 'req_12345678' } : {}
    const refused = await browser.post(its.action, { ...its.fields, ...confirmed, token })
    expect(refused.status).toBeGreaterThanOrEqual(400)
    expect(refused.status).toBeLessThan(500)
    expect(refused.html).toContain('It is too late for that &amp; closed.')
    expect(refused.html).not.toContain('notice good')
  })

  test('is absent for customers and refused without the token of the session', async () => {
    const forged = await adminFor(its, ok(its.answer))
    expect((await forged.browser.post(its.action, { ...its.fields, confirmed: 'yes' })).status).toBe(403)
    const customer = await adminFor(its, ok(its.answer), false)
    const token = await tokenOf(customer.browser)
    const answer = await customer.browser.post(its.action, { ...its.fields, confirmed: 'yes', token })
    expect(answer.status).toBe(404)
    expect([forged.asked, customer.asked]).toEqual([[], []])
  })
})

test('a repair without a reason is previewed again and asks for one', async () => {
  const { browser, asked } = await adminFor(
    { procedure: 'adminRetryClose' },
    ok({ plan: plan('retry'), applied: false, started: null }),
  )
  const token = await tokenOf(browser)
  const again = await browser.post(`${CLOSE}/retry`, { plan: 'plan_1', reason: 'x', token })
  expect(again.status).toBe(422)
  expect(again.html).toContain('Say why')
  expect(asked).toEqual([{ accountId: ACCOUNT_ID, invoiceId: INVOICE_ID }])
})
