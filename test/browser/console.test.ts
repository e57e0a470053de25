import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DAY_MS } from '#kernel/time'
import type { Tollgate } from '../../infra/launch.ts'
import { startTollgate } from '../support/tollgate.ts'
import { expectAccessible } from './accessible.ts'
import { launchChromium } from './chromium.ts'

const skipped = process.env.SKIP_BROWSER === '1'
const PAGES = ['/', '/clock', '/mailbox', '/functions', '/executions', '/logs', '/dead-letters', '/faults']

let tollgate: Tollgate
let browser: Browser
let page: Page

describe.skipIf(skipped)('the local console in a browser', () => {
  beforeAll(async () => {
    tollgate = await startTollgate('2026-03-02T09:00:00Z')
    browser = await launchChromium()
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  })
  afterAll(async () => {
    await browser?.close()
    await tollgate?.stop()
  })

  const open = (path: string) => page.goto(`${tollgate.urls.console}${path}`)

  it.each(PAGES)('opens %s, which everybody can read', async path => {
    expect((await open(path))?.status()).toBe(200)
    await expectAccessible(page, path)
  })

  it('advances the clock by a day', async () => {
    await open('/')
    const before = tollgate.clock.now()
    await page.getByRole('button', { name: '+1 d' }).click()
    const shown = () => page.locator('#clock time').getAttribute('data-clock')
    await expect.poll(shown, { timeout: 30_000 }).toBe(String(before + DAY_MS))
    expect(tollgate.clock.now()).toBe(before + DAY_MS)
  })

  it('sets a fault switch, which strikes, and removes it', async () => {
    await open('/faults')
    await page.fill('#fault-service', 'lambda')
    await page.fill('#fault-operation', 'Invoke')
    await page.selectOption('#kind', 'fail')
    await page.getByRole('button', { name: 'Set the switch' }).click()
    await page.getByText('1 switch', { exact: true }).waitFor()
    expect(tollgate.cloud.faults.list()).toMatchObject([{ service: 'lambda', operation: 'Invoke' }])
    await expectAccessible(page, 'a switch')
    expect((await fetch(`${tollgate.apiUrl}/health`)).status).toBeGreaterThanOrEqual(500)
    expect((await fetch(`${tollgate.apiUrl}/health`)).status).toBe(200)
    await open('/faults')
    await page.getByRole('button', { name: 'Remove the switch on lambda Invoke' }).click()
    await page.getByText('Nothing is switched on').waitFor()
    expect(tollgate.cloud.faults.list()).toEqual([])
  })
})
