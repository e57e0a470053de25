import { expect, test } from 'vitest'
import type { ChangePreview } from '#billing/contract'
import { fail, ok, type Result } from '#kernel/result'
import { DAY_MS, HOUR_MS, plusMs } from '#kernel/time'
import { NOW, SCALE, STARTER } from '../../testing/fake-services.ts'
import { createTestPortal } from '../../testing/test-portal.ts'

const END = plusMs(NOW, 10 * DAY_MS)
const preview = (change: Partial<ChangePreview> = {}): ChangePreview => ({
  ...{
    accountId: `acct_${'0'.repeat(22)}`,
    kind: 'upgrade',
    refused: null,
    currency: 'usd',
    digest: 'shown_1',
  },
  from: { planVersionId: 'starter@1', planName: 'Starter' },
  to: { planVersionId: 'scale@1', planId: 'scale', planName: 'Scale' },
  ...{ pricedAt: NOW, effectiveAt: NOW },
  today: {
    lines: [
      { label: 'Scale, monthly fee', amountMinor: '9900' },
      { label: 'Unused part of Starter', amountMinor: '-1450' },
    ],
    totalMinor: '8450',
    credit: {
      ...{ planName: 'Starter', flatFeeMinor: '2900', creditMinor: '1450', share: 'time' },
      ...{ unusedSeconds: 1_296_000, periodSeconds: 2_592_000, unusedUnits: 20_000, includedUnits: 20_000 },
    },
  },
  usageSoFar: { units: 7, estimateMinor: '0' },
  nextInvoice: {
    ...{ at: END, lines: [{ label: 'Scale, monthly fee', amountMinor: '9900' }], estimateMinor: '9900' },
  },
  ...change,
})

/** A payer on Starter, and what billing answers to each verb. */
async function payer(answers: Readonly<Record<string, Result<unknown>>>) {
  const portal = createTestPortal()
  const asked: unknown[] = []
  for (const [name, answer] of Object.entries(answers))
    Object.assign(portal.deps.billing, {
      [name]: async (input: unknown) => {
        asked.push(name, input)
        return answer
      },
    })
  const browser = await portal.signedIn()
  Object.assign(portal.world, { plan: STARTER, plans: [STARTER, SCALE] })
  return { portal, browser, asked }
}

test('a change is confirmed with its whole arithmetic on the page, and made exactly as shown', async () => {
  const { browser, asked } = await payer({
    previewChange: ok(preview()),
    changePlan: ok({ state: 'switching' }),
  })
  const { html } = await browser.get('/plan/change?plan=scale')
  for (const part of ['$99.00', '-$14.50', '$84.50', '15 of 30 days are unused', 'Pay $84.50 and upgrade'])
    expect(html).toContain(part)
  expect((await browser.submit('/plan/change', {})).html).toContain('You are on Starter')
  expect(asked.at(-1)).toMatchObject({
    ...{ planId: 'scale', expectedPlanVersionId: 'scale@1', pricedAt: NOW, digest: 'shown_1' },
  })
})

test.each([
  ['payment_declined', 'Your card was declined. Nothing was changed.', 'Your card was declined'],
  ['preview_outdated', 'What was shown to you is not up to date any more.', 'The plan was not changed'],
])('a change that fails with %s says so beside the newest amounts', async (code, message, title) => {
  const { browser } = await payer({ previewChange: ok(preview()), changePlan: fail(code, message) })
  await browser.get('/plan/change?plan=scale')
  const { html, status } = await browser.submit('/plan/change', {})
  expect(status).toBe(409)
  for (const part of [title, message, 'Pay $84.50 and upgrade']) expect(html).toContain(part)
})

test('a change that is refused shows why and has no button', async () => {
  const refused = { code: 'plan_change_refused', message: 'A payment is overdue.' }
  const { browser } = await payer({ previewChange: ok(preview({ refused })) })
  const { html } = await browser.get('/plan/change?plan=scale')
  expect(html).toContain('A payment is overdue.')
  expect(html).not.toContain('Pay $84.50')
})

test.each(['', 'no such plan', '<script>'])('there is no page for a change to "%s"', async plan => {
  const { browser } = await payer({})
  expect((await browser.get(`/plan/change?plan=${encodeURIComponent(plan)}`)).status).toBe(404)
})

test('an upgrade that waits for the bank leads to its page, and can be dropped', async () => {
  const { portal, browser } = await payer({ undoChange: ok({ undone: 'unpaid' }) })
  portal.world.openChange = {
    ...{ planId: 'scale', state: 'paying', since: NOW, payUrl: 'https://pay.test/in_1' },
    expiresAt: plusMs(NOW, HOUR_MS),
  }
  const { html } = await browser.get('/plan')
  for (const part of ['Scale waits for its first payment', 'https://pay.test/in_1', 'Drop this change'])
    expect(html).toContain(part)
  expect(html).not.toContain('/plan/change?plan=')
  portal.world.openChange = null
  expect((await browser.submit('/plan/undo', {})).html).toContain('Starter goes on as before')
})

test.each([
  ['cancel', 'Free', 'Starter is cancelled: Free follows', 'Resume Starter'],
  ['downgrade', 'Tiny', 'Tiny follows Starter', 'Undo this change'],
  ['renewal', 'Starter', 'Starter goes on at its present price', 'Undo this change'],
] as const)(
  'a scheduled %s is shown with its undo while that is possible',
  async (kind, planName, title, undo) => {
    const { portal, browser } = await payer({})
    portal.world.scheduled = {
      ...{ kind, planName, planId: planName.toLowerCase(), at: END, undoUntil: plusMs(END, -HOUR_MS) },
    }
    const before = await browser.get('/plan')
    for (const part of [title, undo]) expect(before.html).toContain(part)
    portal.world.scheduled = { ...portal.world.scheduled, undoUntil: NOW }
    const after = await browser.get('/plan')
    expect(after.html).toContain(title)
    expect(after.html).not.toContain(undo)
  },
)
