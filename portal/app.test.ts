import { expect, test } from 'vitest'
import { ASSETS } from './http/assets.ts'
import { ACCOUNT_ID, DAY, INVOICE_ID } from './testing/fake-admin.ts'
import { createTestPortal } from './testing/test-portal.ts'

const PAGES = ['/', '/docs', '/docs/errors', '/signup', '/signin', '/confirm', '/forgot', '/reset']
const ADMIN_PAGES = [
  ...['/admin/plans', '/admin/plans/starter/draft', '/admin/plans/starter/review'],
  ...['/admin/plans/starter/archive', '/admin/plans/starter/migrate'],
  ...['/admin/accounts', '/admin/accounts?show=problems', `/admin/accounts/${ACCOUNT_ID}`],
  ...['/admin/closes', `/admin/closes/${ACCOUNT_ID}/${INVOICE_ID}`],
  ...['/admin/reconciliation', `/admin/reconciliation/${DAY}`, '/admin/audit'],
]
const SIGNED_IN_PAGES = [
  ...['/home', '/keys', '/usage', '/usage/limits', '/usage/requests', '/plan', '/billing'],
  ...[`/billing/${INVOICE_ID}/explain`, `/billing/${INVOICE_ID}/files`, '/settings', '/settings/activity'],
  ...ADMIN_PAGES,
]
/** What a page may weigh with its style and script. */
const PAGE_MAX_BYTES = 60 * 1024

test('every page weighs under 60 KB, carries the security headers and no inline script or style', async () => {
  const portal = createTestPortal()
  const browser = await portal.signedIn('owner@example.com', { admin: true })
  portal.world.hours = Array.from({ length: 22 * 24 }, (_, i) => ({
    hour: `2026-11-${String(Math.floor(i / 24) + 1).padStart(2, '0')}T${String(i % 24).padStart(2, '0')}`,
    calls: 120 + i,
    failed: 3,
    units: 117 + i,
  }))
  for (const path of [...PAGES, ...SIGNED_IN_PAGES, '/usage?by=hour&show=calls', '/nothing-here']) {
    const { status, html, headers } = await browser.get(path)
    expect(status, path).toBe(path === '/nothing-here' ? 404 : 200)
    const weight = html.length + ASSETS.css.body.length + ASSETS.js.body.length
    expect(weight, path).toBeLessThan(PAGE_MAX_BYTES)
    expect(html, path).not.toMatch(/<style|\sstyle=|<script(?![^>]* src=)|\son[a-z]+=/)
    expect(headers.get('content-security-policy'), path).toContain("default-src 'none'")
    expect(headers.get('x-content-type-options'), path).toBe('nosniff')
    expect(headers.get('cache-control'), path).toBe('no-store')
  }
})

test('style and script are served under their hash and kept forever', async () => {
  const { app } = createTestPortal()
  const html = await (await app.request('/')).text()
  for (const { path, type } of Object.values(ASSETS)) {
    expect(html).toContain(path)
    const answer = await app.request(path)
    expect(answer.headers.get('content-type')).toBe(type)
    expect(answer.headers.get('cache-control')).toContain('immutable')
    expect(answer.headers.getSetCookie()).toEqual([])
  }
})

test('a form from another site is refused, whatever its token', async () => {
  const portal = createTestPortal()
  const browser = await portal.signedIn()
  for (const headers of [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://portal.test', 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ]) {
    await browser.get('/keys')
    const refused = await browser.post('/keys', { ...browser.hiddenFields('/keys'), name: 'x' }, headers)
    expect(refused.status).toBe(403)
    expect(refused.html).toContain('not sent from this site')
  }
  expect(portal.world.keys).toHaveLength(0)
})

test('a form that was opened before the sign-in changed is refused as out of date, and nothing is done', async () => {
  const portal = createTestPortal()
  const browser = await portal.signedIn()
  await browser.get('/keys')
  const stale = { ...browser.hiddenFields('/keys'), name: 'x' }
  await browser.submit('/signout')
  const signedOut = { ...browser.hiddenFields('/signin'), name: 'x' }
  await browser.submit('/signin', { email: 'ada@example.com', password: 'Correct-horse-42' })
  const refused = await browser.post('/keys', stale)
  expect(refused.status).toBe(403)
  expect(refused.html).toContain('This form is out of date')
  expect((await browser.post('/keys', signedOut)).status).toBe(403)
  expect((await browser.post('/keys', { name: 'x' })).status).toBe(403)
  expect(portal.world.keys).toHaveLength(0)
})

test('a form that arrives after the session ended changes nothing and says so', async () => {
  const portal = createTestPortal()
  const browser = portal.browser()
  const answer = await browser.post('/keys', { name: 'x', token: 'x' })
  expect(answer.path).toContain('/signin?next=%2Fkeys')
  expect(answer.html).toContain('nothing was done')
})

test('an error shows a fixed sentence and the request id, and nothing of what went wrong', async () => {
  const secret = 'tg_live_THESECRETTHATLEAKED at /var/task/index.mjs'
  const portal = createTestPortal({
    verifyToken: async () => {
      throw new Error(secret)
    },
  })
  const answer = await portal.app.request('/home', { headers: { cookie: 'id=x' } })
  const html = await answer.text()
  expect(answer.status).toBe(500)
  expect(html).not.toMatch(/THESECRET|var\/task|Error:/)
  const requestId = /req_[0-9A-Za-z]{22}/.exec(html)?.[0]
  expect(portal.failures).toMatchObject([{ requestId, error: new Error(secret) }])
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
})

test('every admin page is the same 404 for customers as a page that does not exist', async () => {
  const portal = createTestPortal()
  const customer = await portal.signedIn()
  const plain = ({ html }: { html: string }, path: string) =>
    html.replaceAll(path.replaceAll('&', '&amp;'), '').replaceAll(path, '')
  const nothing = await customer.get('/admin/nothing')
  expect(nothing.status).toBe(404)
  for (const path of ADMIN_PAGES) {
    const admin = await customer.get(path)
    expect(admin.status, path).toBe(404)
    expect(plain(admin, path), path).toBe(plain(nothing, '/admin/nothing'))
  }
  const owner = await portal.signedIn('owner@example.com', { admin: true })
  const plans = await owner.get('/admin/plans')
  expect(plans.status).toBe(200)
  expect(plans.html).toContain('starter@1')
})

test('the colours that somebody chose stay', async () => {
  const browser = createTestPortal().browser()
  await browser.get('/docs')
  const chosen = await browser.post('/theme', { theme: 'dark', back: '/docs' })
  expect(chosen.path).toBe('/docs')
  expect(chosen.html).toContain('<html lang="en" data-theme="dark">')
  expect((await browser.post('/theme', { theme: '"><script>', back: '//evil.example' })).path).toBe('/')
})

test('choosing colours leads back to the same view, its choices included', async () => {
  const browser = createTestPortal().browser()
  await browser.get('/?calls=250000')
  const chosen = await browser.submit('/theme', { theme: 'dark' })
  expect(chosen.path).toBe('/?calls=250000')
})

test('every request is logged once, with its status and without its query', async () => {
  const records: unknown[] = []
  const portal = createTestPortal({ log: { request: record => records.push(record), failure: () => {} } })
  await portal.app.request('/signin?email=ada@example.com')
  expect(records).toEqual([
    { requestId: expect.any(String), method: 'GET', path: '/signin', status: 200, durationMs: 0 },
  ])
})
