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
    expect(await page.textContent('main')).toMatch(/Calls\s*1\s*in this period/)
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
    for (const path of ['/', '/docs', '/home', '/keys', '/usage', '/plan', '/billing']) {
      await open(path)
      expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(360)
      await expectAccessible(page, `${path} in the dark`)
    }
    await page.setViewportSize({ width: 1280, height: 900 })
    await page.emulateMedia({ colorScheme: 'light' })
  })

  it('lists the plans to an admin and hides the page from others', async () => {
    expect((await open('/admin/plans'))?.status()).toBe(404)
    const context = await browser.newContext()
    const admin = await context.newPage()
    await admin.goto(`${tollgate.portalUrl}/signin`)
    await admin.fill('input[name="email"]', DEMO_ADMIN.email)
    await admin.fill('input[name="password"]', DEMO_ADMIN.password)
    await admin.locator('main form button[type="submit"]').first().click()
    await admin.waitForLoadState('domcontentloaded')
    await admin.goto(`${tollgate.portalUrl}/admin/plans`)
    expect(await admin.textContent('main')).toMatch(/Free[\s\S]*Starter[\s\S]*Scale/)
    await context.close()
  })
})
