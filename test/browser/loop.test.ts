import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '#kernel/time'
import type { Tollgate } from '../../infra/launch.ts'
import { batchOf, Customer } from '../../infra/seed/customer.ts'
import { createAdmin, DEMO_ADMIN } from '../../infra/seed/seed.ts'
import { ROUTE_DOCS } from '../../portal/docs/routes.ts'
import { advance, startTollgate } from '../support/tollgate.ts'
import { expectAccessible } from './accessible.ts'
import { launchChromium } from './chromium.ts'

const EMAIL = 'lin@example.com'
const PASSWORD = 'Correct-horse-7'
const PAGES = [
  ...['/home', '/keys', '/usage', '/usage/limits', '/usage/requests', '/plan', '/plan/change?plan=starter'],
  ...['/billing', '/settings', '/settings/activity'],
]
const ADMIN_PAGES = [
  ...['/admin/plans', '/admin/accounts', '/admin/closes', '/admin/reconciliation', '/admin/audit'],
]
const skipped = process.env.SKIP_BROWSER === '1'
if (skipped) console.warn('SKIP_BROWSER=1: the browser test is left out.')

let tollgate: Tollgate
let browser: Browser
let page: Page
let customer: Customer

describe.skipIf(skipped)('the loop in a browser', () => {
  beforeAll(async () => {
    tollgate = await startTollgate('2026-03-02T09:00:00Z')
    await createAdmin(tollgate)
    browser = await launchChromium()
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
    customer = new Customer(
      { portalUrl: tollgate.portalUrl, apiUrl: tollgate.apiUrl, consoleUrl: tollgate.urls.console },
      EMAIL,
    )
  })
  afterAll(async () => {
    await browser?.close()
    await tollgate?.stop()
  })

  const open = (path: string) => page.goto(`${tollgate.portalUrl}${path}`)
  const submit = async (selector = 'main form button[type="submit"]') => {
    await page.locator(selector).first().click()
    await page.waitForLoadState('domcontentloaded')
  }

  it('signs up with the code from the mail', async () => {
    await open('/')
    await expectAccessible(page, 'the home page')
    await open('/signup')
    await expectAccessible(page, 'sign-up')
    await page.fill('input[name="email"]', EMAIL)
    await page.fill('input[name="password"]', 'short')
    await submit()
    expect(await page.textContent('main')).toMatch(/at least 10/i)
    await page.fill('input[name="email"]', EMAIL)
    await page.fill('input[name="password"]', PASSWORD)
    await submit()
    expect(new URL(page.url()).pathname).toBe('/confirm')
    await page.fill('input[name="code"]', '000000')
    await submit()
    expect(await page.textContent('main')).toMatch(/code/i)
    await page.fill('input[name="code"]', await customer.codeFromMail())
    await submit()
    // Where the pool lends no session to a confirmed address, the person signs in with what they just chose.
    expect(new URL(page.url()).pathname).toBe('/signin')
    expect(await page.textContent('main')).toMatch(/confirmed/i)
    expect(await page.inputValue('input[name="email"]')).toBe(EMAIL)
    await page.fill('input[name="password"]', PASSWORD)
    await submit()
    expect(new URL(page.url()).pathname).toBe('/home')
    await tollgate.clock.whenIdle()
    await open('/home')
    await expectAccessible(page, 'the way to the first call')
  })

  it('creates a key that is shown once and works at once', async () => {
    await open('/keys')
    await page.fill('input[name="name"]', 'Browser')
    await page.locator('form:has(input[name="name"]) button[type="submit"]').click()
    const secret = (await page.textContent('[data-testid="new-key"]'))?.trim() ?? ''
    expect(secret).toMatch(/^tg_test_[0-9A-Za-z]{28}$/)
    await expectAccessible(page, 'the new key')
    await open('/keys')
    expect(await page.content()).not.toContain(secret)
    const answer = await customer.call('/v1/email', { email: 'first@example.com' }, secret)
    expect(answer).toMatchObject({ status: 200, units: 1 })
    customer.useKey(secret)
  })

  it('shows the call on the usage page', async () => {
    await advance(tollgate, 2 * MINUTE_MS)
    await open('/usage')
    expect(await page.locator('main svg[role="img"]').count()).toBe(1)
    expect(await page.textContent('main')).toMatch(/Calls\s*1\s*of what is shown/)
    await expectAccessible(page, 'usage')
  })

  it('buys Starter on the Checkout page', async () => {
    await open('/plan')
    await expectAccessible(page, 'plans')
    await page.locator('form:has(input[name="plan"][value="starter"]) button[type="submit"]').click()
    await page.waitForURL('**/c/pay/**')
    await expectAccessible(page, 'Checkout')
    await page.fill('input[name="cardNumber"]', '4000000000000002')
    await page.fill('input[name="cardExpiry"]', '12 / 34')
    await page.fill('input[name="cardCvc"]', '123')
    await page.fill('input[name="billingName"]', 'Lin Example')
    await page.locator('[data-testid="pay"]').click()
    await page.getByText('Your card was declined.').waitFor()
    await page.fill('input[name="cardNumber"]', '4242424242424242')
    await page.fill('input[name="cardExpiry"]', '12 / 34')
    await page.fill('input[name="cardCvc"]', '123')
    await page.locator('[data-testid="pay"]').click()
    await page.waitForURL(`${tollgate.portalUrl}/**`)
    await advance(tollgate, 2 * MINUTE_MS)
    await open('/plan')
    expect(await page.textContent('main')).toMatch(/You are on Starter\. It renews on/)
    expect(await page.textContent('main')).toMatch(/0 of 20,000 checks/)
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => customer.call('/v1/batch', batchOf(100))),
    )
    expect(answers.map(answer => answer.status)).toEqual(Array(30).fill(200))
  })

  it('shows the paid invoice with its lines and the proof', async () => {
    await advance(tollgate, 33 * 24 * HOUR_MS)
    await open('/billing')
    await expectAccessible(page, 'billing')
    await page.locator('main a[href^="/billing/"]').last().scrollIntoViewIfNeeded()
    const links = await page
      .locator('main a[href^="/billing/"]')
      .evaluateAll(anchors => anchors.map(a => a.getAttribute('href')))
    const pages: string[] = []
    for (const href of new Set(links)) {
      await open(href ?? '')
      pages.push((await page.textContent('main')) ?? '')
      await expectAccessible(page, 'an invoice')
    }
    const proved = pages.find(text => /metered/i.test(text) && /3,000/.test(text))
    expect(proved, pages.join('\n---\n')).toBeDefined()
    expect(proved).toMatch(/paid/i)
    expect(proved).toMatch(/\$29\.00/)
    expect(proved).toMatch(/Metered3,000Carried in0Carried out0Waived0Reported3,000Invoiced3,000/)
  })

  it('upgrades at the price that the preview named', async () => {
    await open('/plan')
    await page.getByRole('link', { name: 'Upgrade to Scale' }).click()
    await page.waitForURL('**/plan/change?plan=scale')
    await expectAccessible(page, 'the preview of an upgrade')
    const preview = (await page.textContent('main')) ?? ''
    expect(preview).toMatch(/Scale, monthly fee\$199\.00/)
    const [, credit = ''] = /Unused part of Starter-\$(\d+\.\d\d)/.exec(preview) ?? []
    const charged = (199 - Number(credit)).toFixed(2)
    await page.getByRole('button', { name: `Pay $${charged} and upgrade` }).click()
    await page.waitForURL('**/plan?changed=now')
    await advance(tollgate, 3 * MINUTE_MS)
    await open('/plan')
    expect(await page.textContent('main')).toMatch(/You are on Scale\. It renews on/)
    await open('/billing')
    expect(await page.textContent('main')).toContain(`$${charged}`)
  })

  it('cancels, says so on the first page, and takes it back', async () => {
    // A plan is changed again no sooner than five minutes after it began.
    await advance(tollgate, 5 * MINUTE_MS)
    await open('/plan/change?plan=free')
    expect(await page.textContent('main')).toMatch(/You stay on Scale until/)
    await page.getByRole('button', { name: 'Cancel Scale' }).click()
    await page.getByText('Scale is cancelled: Free follows').waitFor()
    await expectAccessible(page, 'a scheduled change')
    await open('/home')
    expect(await page.textContent('main')).toMatch(/Scale is cancelled: Free follows/)
    await page.getByRole('link', { name: 'Resume Scale' }).click()
    await page.getByRole('button', { name: 'Resume Scale' }).click()
    await page.getByText('Done: Scale goes on as before.').waitFor()
    expect(await page.textContent('main')).not.toMatch(/cancelled/)
  })

  it('answers what a month would cost, and the slider asks again by itself', async () => {
    await open('/?calls=3000')
    const starter = page.locator('[data-bills] tr', { hasText: 'Starter' })
    expect(await starter.textContent()).toMatch(/Cheapest.*\$29\.00/)
    await page.fill('input[name="calls"]', '25,000')
    await starter.filter({ hasText: '$36.50' }).waitFor()
    await page.locator('[data-range]').fill('80')
    await page.locator('[data-bills] tr', { hasText: 'Scale' }).filter({ hasText: 'Cheapest' }).waitFor()
    expect(await page.inputValue('input[name="calls"]')).toBe('1,000,000')
    expect(new URL(page.url()).search).toBe('?calls=1%2C000%2C000')
    await expectAccessible(page, 'the bills')
  })

  it('shows in the docs what the API really answers', async () => {
    for (const { path, example, answer } of ROUTE_DOCS)
      if (example && answer)
        expect((await customer.call(path, example)).body, path).toEqual(JSON.parse(answer))
    await open('/docs')
    await expectAccessible(page, 'the docs')
  })

  it('works at 360 pixels and in the dark without sideways scrolling', async () => {
    await page.setViewportSize({ width: 360, height: 740 })
    await page.emulateMedia({ colorScheme: 'dark' })
    for (const path of ['/', '/docs', ...PAGES]) {
      await open(path)
      expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(360)
      await expectAccessible(page, `${path} in the dark`)
    }
    await page.setViewportSize({ width: 1280, height: 900 })
    await page.emulateMedia({ colorScheme: 'light' })
  })

  it('lets an admin draft, rehearse and publish a price, which the price list then shows', async () => {
    const context = await browser.newContext()
    const admin = await context.newPage()
    const visit = (path: string) => admin.goto(`${tollgate.portalUrl}${path}`)
    await visit('/signin')
    await admin.fill('input[name="email"]', DEMO_ADMIN.email)
    await admin.fill('input[name="password"]', DEMO_ADMIN.password)
    await admin.locator('main form button[type="submit"]').first().click()
    await admin.waitForLoadState('domcontentloaded')
    for (const path of ADMIN_PAGES) {
      expect((await open(path))?.status(), `${path} for a customer`).toBe(404)
      expect((await visit(path))?.status(), path).toBe(200)
      await expectAccessible(admin, path)
    }
    await visit('/admin/plans')
    expect(await admin.textContent('main')).toMatch(/Free[\s\S]*Starter[\s\S]*Scale/)
    await admin.getByRole('link', { name: 'New draft of Scale' }).click()
    await admin.getByLabel('Monthly fee').fill('249')
    await expectAccessible(admin, 'a draft')
    await admin.getByRole('button', { name: 'Save and review' }).click()
    await admin.waitForURL('**/admin/plans/scale/review')
    await admin.getByText('Rehearsal with real usage').waitFor()
    await expectAccessible(admin, 'a rehearsal')
    expect(await admin.textContent('main')).toMatch(
      /Customers1[\s\S]*\$50\.00[\s\S]*from \$199\.00 to \$249\.00/,
    )
    await admin.fill('input[name="reason"]', 'the new year')
    await admin.getByRole('button', { name: 'Publish' }).click()
    await admin.waitForURL('**/admin/plans?message=publishing')
    await advance(tollgate, 2 * MINUTE_MS)
    await visit('/admin/plans')
    expect(await admin.textContent('main')).toContain('scale@2')
    await context.close()
    await open('/')
    expect(await page.textContent('main')).toMatch(/Scale[\s\S]*\$249/)
    await open('/plan')
    expect(await page.textContent('main')).toContain('You keep the price you bought.')
  })
})
