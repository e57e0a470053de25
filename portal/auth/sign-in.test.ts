import { expect, test } from 'vitest'
import { PASSWORD, TOKEN_LIFE_MS } from '../testing/fake-identity.ts'
import { createTestPortal } from '../testing/test-portal.ts'

const EMAIL = 'ada@example.com'

test('a wrong password and an unknown address get the same answer', async () => {
  const portal = createTestPortal()
  await portal.signedIn(EMAIL)
  const answers = []
  for (const [email, password] of [
    [EMAIL, 'Wrong-horse-42'],
    ['eve@example.com', PASSWORD],
  ] as const) {
    const browser = portal.browser()
    await browser.get('/signin')
    const { status, html } = await browser.submit('/signin', { email, password })
    const anonymous = html.replaceAll(email, '').replaceAll(encodeURIComponent(email), '')
    answers.push([status, anonymous.replaceAll(/name="token" value="[^"]+"/g, '')])
  }
  expect(answers[0]).toEqual(answers[1])
  expect(answers[0]?.[0]).toBe(401)
})

test('somebody who is not confirmed is led to the code', async () => {
  const portal = createTestPortal()
  await portal.deps.identity.signUp(EMAIL, PASSWORD)
  const browser = portal.browser()
  await browser.get('/signin')
  await browser.submit('/signin', { email: EMAIL, password: PASSWORD })
  expect(browser.page.path).toContain('/confirm?email=ada')
  expect(browser.page.html).toContain('not confirmed yet')
})

test('a session whose ID token ran out goes on without a word', async () => {
  const portal = createTestPortal()
  const browser = await portal.signedIn(EMAIL)
  const before = browser.cookies.get('id')
  portal.advance(TOKEN_LIFE_MS + 1)
  expect((await browser.get('/home')).path).toBe('/home')
  expect(browser.cookies.get('id')).not.toBe(before)
})

test('signing out revokes the refresh token, and kept cookies open nothing once the ID token ran out', async () => {
  const portal = createTestPortal()
  const browser = await portal.signedIn(EMAIL)
  const kept = new Map(browser.cookies)
  await browser.submit('/signout')
  expect(browser.page.html).toContain('You are signed out.')
  expect(browser.cookies.has('id')).toBe(false)
  const thief = portal.browser()
  for (const [name, value] of kept) thief.cookies.set(name, value)
  portal.advance(TOKEN_LIFE_MS + 1)
  expect((await thief.get('/home')).path).toContain('/signin')
})

test('a page behind the sign-in leads there and back, and never to another site', async () => {
  const portal = createTestPortal()
  await portal.signedIn(EMAIL)
  const browser = portal.browser()
  expect((await browser.get('/usage?by=hour')).path).toBe('/signin?next=%2Fusage%3Fby%3Dhour')
  expect((await browser.submit('/signin', { email: EMAIL, password: PASSWORD })).path).toBe('/usage?by=hour')
  for (const next of ['//evil.example', 'https://evil.example', '/\\evil.example', '/\tx']) {
    const visitor = portal.browser()
    await visitor.get(`/signin?next=${encodeURIComponent(next)}`)
    await visitor.submit('/signin', { email: EMAIL, password: PASSWORD })
    expect(visitor.page.path).toBe('/home')
  }
})

test('a forgotten password is reset with a code, and whether the address is known stays unsaid', async () => {
  const portal = createTestPortal()
  await portal.signedIn(EMAIL)
  const browser = portal.browser()
  const texts = []
  for (const email of ['eve@example.com', EMAIL]) {
    await browser.get('/forgot')
    const { html } = await browser.submit('/forgot', { email })
    texts.push(html.replaceAll(email, '').replaceAll(encodeURIComponent(email), ''))
  }
  expect(texts[0]).toBe(texts[1])
  await browser.submit('/reset', { email: EMAIL, code: '424242', password: 'New-horse-4242' })
  expect(browser.page.html).toContain('Your password is changed')
  await browser.submit('/signin', { email: EMAIL, password: 'New-horse-4242' })
  expect(browser.page.path).toBe('/home')
})

test('a new password that is too weak leaves the code in its field, and a wrong code does not stay', async () => {
  const portal = createTestPortal()
  await portal.signedIn(EMAIL)
  const browser = portal.browser()
  await browser.get(`/reset?email=${EMAIL}`)
  const weak = await browser.submit('/reset', { email: EMAIL, code: '424242', password: 'short' })
  expect(weak.status).toBe(422)
  expect(weak.html).toContain('value="424242"')
  expect(weak.html).toContain('id="password-error"')
  const wrong = await browser.submit('/reset', { email: EMAIL, code: '111111', password: 'New-horse-4242' })
  expect(wrong.html).not.toContain('value="111111"')
})

test('after a wrong password the way to a new one knows the address', async () => {
  const portal = createTestPortal()
  await portal.signedIn(EMAIL)
  const browser = portal.browser()
  await browser.get('/signin')
  const { html } = await browser.submit('/signin', { email: EMAIL, password: 'wrong' })
  expect(html).toContain(`href="/forgot?email=${encodeURIComponent(EMAIL)}"`)
})

test.each([
  ['https://portal.test', '__Host-id', true],
  ['http://portal.test', 'id', false],
])(
  'session cookies of %s are out of reach of scripts and end with the browser',
  async (portalUrl, name, secure) => {
    const portal = createTestPortal({ portalUrl })
    await portal.deps.identity.signUp(EMAIL, PASSWORD)
    await portal.deps.identity.confirmSignUp(EMAIL, '424242')
    const page = await portal.app.request('/signin')
    const form = /^([^;]+)/.exec(page.headers.getSetCookie()[0] ?? '')?.[1] ?? ''
    const token = /name="token" value="([^"]+)"/.exec(await page.text())?.[1] ?? ''
    const answer = await portal.app.request('/signin', {
      method: 'POST',
      headers: { cookie: form },
      body: new URLSearchParams({ token, email: EMAIL, password: PASSWORD }),
    })
    const cookie = answer.headers.getSetCookie().find(line => line.startsWith(`${name}=`)) ?? ''
    expect(cookie).toMatch(/; Path=\/; HttpOnly;.* SameSite=Lax/)
    expect(cookie.includes('Secure')).toBe(secure)
    expect(cookie).not.toMatch(/max-age|expires|domain/i)
  },
)
