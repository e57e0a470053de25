import { expect, test } from 'vitest'
import { accountIdOf } from '#kernel/ids'
import { publishStranded } from '#kernel/outbox'
import { MINUTE_MS, plusMs } from '#kernel/time'
import { CODE, PASSWORD } from '../testing/fake-identity.ts'
import { NOW } from '../testing/fake-services.ts'
import { createTestPortal } from '../testing/test-portal.ts'

const EMAIL = 'ada@example.com'
const userIdOf = (portal: ReturnType<typeof createTestPortal>) => portal.people.get(EMAIL)?.userId ?? ''

async function signUp(portal: ReturnType<typeof createTestPortal>) {
  const browser = portal.browser()
  await browser.get('/signup')
  await browser.submit('/signup', { email: 'Ada@Example.com ', password: PASSWORD })
  return browser
}

test('signing up, confirming, signing in and creating a key leads to a key that is shown once', async () => {
  const portal = createTestPortal()
  const browser = await portal.signedIn(EMAIL)
  expect(browser.page.path).toBe('/home')
  await browser.get('/keys')
  const shown = await browser.submit('/keys', { name: 'Server' })
  const secret = /data-testid="new-key"[^>]*>([^<]+)</.exec(shown.html)?.[1]
  expect(secret).toMatch(/^tg_test_\w+$/)
  expect(shown.html).toContain(`Authorization: Bearer ${secret}`)
  expect((await browser.get('/keys')).html).not.toContain(secret)
})

test('confirming makes the account and announces it once', async () => {
  const portal = createTestPortal()
  const browser = await signUp(portal)
  await browser.submit('/confirm', { code: ` ${CODE.slice(0, 3)} ${CODE.slice(3)}` })
  expect(browser.page.html).toContain('Your address is confirmed')
  const accountId = accountIdOf(userIdOf(portal))
  expect(await portal.deps.accounts.get(accountId)).toMatchObject({ email: EMAIL, createdAt: NOW })
  expect(portal.published.map(event => [event.type, event.data])).toEqual([
    ['account.created', { accountId, createdAt: NOW }],
  ])
  await browser.submit('/signin', { email: EMAIL, password: PASSWORD })
  expect(portal.published).toHaveLength(1)
})

test('a confirmation that was cut off before the account was made is healed by signing in', async () => {
  const portal = createTestPortal()
  const browser = await signUp(portal)
  await portal.deps.identity.confirmSignUp(EMAIL, CODE)
  expect(portal.published).toHaveLength(0)
  await browser.get('/signin')
  await browser.submit('/signin', { email: EMAIL, password: PASSWORD })
  expect(browser.page.path).toBe('/home')
  expect(portal.published.map(event => event.type)).toEqual(['account.created'])
})

test('an event that the bus did not take is published later, and the person sees no error', async () => {
  const portal = createTestPortal()
  const browser = await signUp(portal)
  portal.bus.up = false
  expect((await browser.submit('/confirm', { code: CODE })).status).toBe(200)
  portal.bus.up = true
  const publish = async (event: (typeof portal.published)[number]) => void portal.published.push(event)
  expect(await publishStranded(portal.table, publish, plusMs(NOW, 2 * MINUTE_MS))).toBe(1)
  expect(await publishStranded(portal.table, publish, plusMs(NOW, 4 * MINUTE_MS))).toBe(0)
  expect(portal.published.map(event => event.type)).toEqual(['account.created'])
})

test('a code that was used already leads to the sign-in page and makes nothing twice', async () => {
  const portal = createTestPortal()
  const browser = await signUp(portal)
  await browser.submit('/confirm', { code: CODE })
  await browser.get(`/confirm?email=${EMAIL}`)
  await browser.submit('/confirm', { code: CODE })
  expect(browser.page.path).toContain('/signin')
  expect(browser.page.html).toContain('confirmed already')
  expect(portal.published).toHaveLength(1)
})

test('a wrong code is refused with what to do, and the account is not made', async () => {
  const portal = createTestPortal()
  const browser = await signUp(portal)
  const refused = await browser.submit('/confirm', { code: '000000' })
  expect(refused.status).toBe(422)
  expect(refused.html).toContain('The code is not right. Check the newest mail from us, or send a new code.')
  expect(portal.published).toHaveLength(0)
})

test('a double submit of the sign-up form goes on to the code, a later one says that the account exists', async () => {
  const portal = createTestPortal()
  const browser = portal.browser()
  await browser.get('/signup')
  const fields = { ...browser.hiddenFields('/signup'), email: EMAIL, password: PASSWORD }
  await browser.post('/signup', fields)
  expect((await browser.post('/signup', fields)).path).toContain('/confirm')
  portal.advance(2 * MINUTE_MS)
  expect((await browser.post('/signup', fields)).html).toContain(
    'already an account with this e-mail address',
  )
})

test('a weak password is refused with the rule at its field', async () => {
  const browser = createTestPortal().browser()
  await browser.get('/signup')
  const refused = await browser.submit('/signup', { email: EMAIL, password: 'short' })
  expect(refused.html).toMatch(/id="password-error">The password is too weak. At least 10 characters/)
  expect(refused.html).toContain(`value="${EMAIL}"`)
})
