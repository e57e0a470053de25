import { expect, test } from 'vitest'
import { PROBLEMS } from '#api/contract'
import type { InvoiceDetail } from '#billing/contract'
import { accountIdOf, randomId } from '#kernel/ids'
import { NOVEMBER, NOW, planOf, STARTER } from '../testing/fake-services.ts'
import { createTestPortal } from '../testing/test-portal.ts'

const invoiceOf = (accountId: string): InvoiceDetail & { accountId: string } => ({
  accountId,
  invoiceId: 'in_november',
  number: 'TG-0001',
  status: 'paid',
  period: NOVEMBER,
  createdAt: NOVEMBER.end,
  totalMinor: '3650',
  currency: 'usd',
  hostedUrl: null,
  pdfUrl: 'https://invoice.stripe.test/in_november.pdf',
  close: 'equal',
  planName: 'Starter',
  unit: 'check',
  lines: [
    {
      kind: 'flat_fee',
      description: 'Starter',
      quantity: 1,
      unitPriceMinor: '2900',
      amountMinor: '2900',
      period: NOVEMBER,
    },
    {
      kind: 'tier',
      description: 'Checks',
      quantity: 5_000,
      unitPriceMinor: '0.15',
      amountMinor: '750',
      period: NOVEMBER,
    },
  ],
  statement: null,
  proof: {
    meteredUnits: 25_003,
    carriedInUnits: 4,
    carriedOutUnits: 5,
    waivedUnits: 2,
    reportedUnits: 25_000,
    invoicedUnits: 25_000,
    holds: true,
  },
})

test('a double submit makes one key and says what to do if its secret was not seen', async () => {
  const portal = createTestPortal()
  const browser = await portal.signedIn()
  await browser.get('/keys')
  const fields = { ...browser.hiddenFields('/keys'), name: 'Server' }
  await browser.post('/keys', fields)
  const second = await browser.post('/keys', fields)
  expect(portal.world.keys).toHaveLength(1)
  expect(second.html).not.toContain('data-testid="new-key"')
  expect(second.html).toContain('cannot be shown again')
})

test('a key name is shown as text, whatever is in it', async () => {
  const portal = createTestPortal()
  const browser = await portal.signedIn()
  await browser.get('/keys')
  const name = '<img src=x onerror=alert(1)>"&'
  const { html } = await browser.submit('/keys', { name })
  expect(html).not.toContain('<img')
  expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;&amp;')
})

test('a key without a name is refused at its field', async () => {
  const portal = createTestPortal()
  const browser = await portal.signedIn()
  await browser.get('/keys')
  const refused = await browser.submit('/keys', { name: '   ' })
  expect(refused.status).toBe(422)
  expect(refused.html).toContain('id="name-error"')
  expect(portal.world.keys).toHaveLength(0)
})

test('revoking asks first, and then the key is shown as revoked', async () => {
  const portal = createTestPortal()
  const browser = await portal.signedIn()
  await browser.get('/keys')
  await browser.submit('/keys', { name: 'Server' })
  const path = `/keys/${portal.world.keys[0]?.keyId}/revoke`
  expect((await browser.get(path)).html).toContain('Revoke this key')
  expect(portal.world.keys[0]?.status).toBe('active')
  const revoked = await browser.submit(path)
  expect(revoked.path).toBe('/keys?done=revoked')
  expect(portal.world.keys[0]?.status).toBe('revoked')
  expect((await browser.get(`/keys/${randomId('key')}/revoke`)).status).toBe(404)
})

test.each(['/home', '/keys', '/usage', '/plan', '/billing'])(
  'until the account is open %s says that it is being prepared and looks again, without JavaScript too',
  async path => {
    const portal = createTestPortal()
    const browser = await portal.signedIn()
    portal.world.ready = false
    const { status, html } = await browser.get(path)
    expect(status).toBe(200)
    expect(html).toContain('Your account is being prepared')
    expect(html).toContain('<noscript><meta http-equiv="refresh" content="3"/></noscript>')
  },
)

test('the usage chart names itself, and its table holds the same numbers', async () => {
  const portal = createTestPortal()
  const browser = await portal.signedIn()
  portal.world.hours = [
    { hour: '2026-11-03T09', calls: 1_300, failed: 100, units: 1_200 },
    { hour: '2026-11-03T23', calls: 34, failed: 0, units: 34 },
    { hour: '2026-11-22T14', calls: 10, failed: 1, units: 9 },
  ]
  const { html } = await browser.get('/usage')
  expect(html).toContain('role="img" aria-label="Checks per day, UTC. The numbers are in the table below."')
  expect(html).toContain('<title>3 Nov 2026: 1,234 checks</title>')
  expect(html).toMatch(
    /3 Nov 2026<\/a><\/th><td class="num">1,334<\/td><td class="num">100<\/td><td class="num">1,234</,
  )
  expect(html).toMatch(
    /Total<\/th><td class="num">1,344<\/td><td class="num">101<\/td><td class="num">1,243</,
  )
  expect(html).toContain('Updated 12 s ago')
  const hours = await browser.get('/usage?by=hour&day=2026-11-03')
  expect(hours.html).toContain('Checks per hour on 3 Nov 2026, UTC')
  expect(hours.html).toMatch(/23:00 – 00:00<\/th><td class="num">34</)
})

test('choosing a plan leads to the page that billing names, which the form policy lets through', async () => {
  const portal = createTestPortal()
  const browser = await portal.signedIn()
  const before = await browser.get('/plan')
  expect(before.headers.get('content-security-policy')).toContain("form-action 'self' https: http:;")
  const left = await browser.submit('/plan', { plan: 'starter' })
  expect(left.leftTo).toBe('https://checkout.stripe.test/pay/starter')
  expect(portal.world.checkouts).toEqual(['starter'])
})

test('coming back from paying waits until the plan is switched on, and then says so', async () => {
  const portal = createTestPortal()
  const browser = await portal.signedIn()
  portal.world.openChange = { planId: 'starter', state: 'checkout_open', since: NOW }
  const waiting = await browser.get('/plan?checkout=done')
  expect(waiting.html).toContain('Starter is being switched on')
  expect(waiting.html).toContain('http-equiv="refresh"')
  portal.world.openChange = null
  portal.world.plan = STARTER
  const done = await browser.get('/plan?checkout=done')
  expect(done.html).toContain('You are on Starter')
  expect(done.html).not.toContain('http-equiv="refresh"')
})

test('somebody who left the payment page with an open checkout may choose again', async () => {
  const portal = createTestPortal()
  const browser = await portal.signedIn()
  portal.world.openChange = { planId: 'starter', state: 'checkout_open', since: NOVEMBER.start }
  const { html } = await browser.get('/plan?checkout=canceled')
  expect(html).toContain('Nothing was charged')
  expect(html).not.toContain('disabled')
})

test('a customer sees the price they bought, not the newer one', async () => {
  const portal = createTestPortal()
  const browser = await portal.signedIn()
  portal.world.plan = STARTER
  portal.world.plans = [planOf({ id: 'starter', name: 'Starter', version: 2, flatFeeMinor: '3900' })]
  const { html } = await browser.get('/plan')
  expect(html).toContain('$29 <small>')
  expect(html).not.toContain('$39 <small>')
  expect(html).toContain('You keep the price you bought. New customers pay $39.00 a month.')
})

test('an invoice shows its lines and every term of its proof, and another customer’s is a plain 404', async () => {
  const portal = createTestPortal()
  const browser = await portal.signedIn()
  const own = accountIdOf(portal.people.get('ada@example.com')?.userId ?? '')
  portal.world.invoices = [
    invoiceOf(own),
    { ...invoiceOf(accountIdOf('someone-else')), invoiceId: 'in_other' },
  ]
  const { html } = await browser.get('/billing/in_november')
  expect(html).toContain('$1.50 per 1,000 checks')
  expect(html).toContain('$36.50')
  const terms = [...html.matchAll(/<dt>([^<]+)<\/dt><dd>([\d,]+)<\/dd>/g)].map(match => match.slice(1, 3))
  expect(terms).toEqual([
    ['Metered', '25,003'],
    ['Carried in', '4'],
    ['Carried out', '5'],
    ['Waived', '2'],
    ['Reported', '25,000'],
    ['Invoiced', '25,000'],
  ])
  expect((await browser.get('/billing')).html).toContain('https://invoice.stripe.test/in_november.pdf')
  const [others, nobodys] = [await browser.get('/billing/in_other'), await browser.get('/billing/in_nobody')]
  expect([others.status, nobodys.status]).toEqual([404, 404])
  expect(others.html.replaceAll('in_other', '')).toBe(nobodys.html.replaceAll('in_nobody', ''))
})

test('the next invoice adds the usage so far and the next month’s fee', async () => {
  const portal = createTestPortal()
  const browser = await portal.signedIn()
  portal.world.plan = STARTER
  portal.world.costSoFarMinor = '3652'
  const { html } = await browser.get('/billing')
  expect([...html.matchAll(/\$[\d.]+/g)].map(String)).toEqual(['$7.52', '$29.00', '$36.52'])
})

test('prices on the home page come from the catalogue, below a cent per 1,000', async () => {
  const { html } = await createTestPortal().browser().get('/')
  expect(html).toContain('Then $1.50 per 1,000 checks')
  expect(html).toContain('Then $0.80 per 1,000 checks, up to 1,000,000')
  expect(html).toContain('Beyond: $0.50 per 1,000 checks')
  expect(html).not.toContain('$0.00 per')
})

test('the home page stands without prices when billing is down', async () => {
  const portal = createTestPortal()
  const billing = {
    ...portal.deps.billing,
    listPlans: async () => {
      throw new Error('down')
    },
  }
  const { status, html } = await createTestPortal({ billing }).browser().get('/')
  expect(status).toBe(200)
  expect(html).toContain('Prices cannot be shown right now')
})

test('the page of errors has an anchor for every code', async () => {
  const { html } = await createTestPortal().browser().get('/docs/errors')
  for (const code of Object.keys(PROBLEMS)) expect(html).toContain(`id="${code}"`)
})

test('every request says what it cost and why, with filters that older pages keep', async () => {
  const portal = createTestPortal()
  const browser = await portal.signedIn()
  expect((await browser.get('/usage/requests')).html).toContain('No requests yet')
  const request = { usedAt: NOW, keyId: randomId('key'), route: 'POST /v1/phone', units: 0, durationMs: null }
  portal.world.requests = [
    { ...request, id: 'one', status: 429, outcome: 'refused' },
    { ...request, id: 'two', status: 200, outcome: 'charged', units: 12, durationMs: 7 },
    { ...request, id: 'three', status: 429, outcome: 'refused' },
    { ...request, id: 'four', status: 429, outcome: 'refused' },
  ]
  const { html } = await browser.get('/usage/requests')
  expect(html).toContain('22 Nov 2026, 14:03:07')
  expect(html).toContain('Stopped by a limit before it was served: never charged.')
  expect(html).toMatch(/Charged<\/span>.*?<td class="num">12<\/td><td class="num nowrap optional">7 ms</)
  const refused = await browser.get('/usage/requests?outcome=refused')
  expect(refused.html).not.toContain('Served; its units count.')
  expect(refused.html).toContain('href="/usage/requests?outcome=refused&amp;cursor=2"')
  expect((await browser.get('/usage/requests?outcome=refused&cursor=2')).html).toContain('four')
  expect((await browser.get('/usage/requests?outcome=voided')).html).toContain('No request fits')
})

test('a payer sees what the period will probably cost, with its band', async () => {
  const portal = createTestPortal()
  const browser = await portal.signedIn()
  portal.world.plan = STARTER
  portal.world.costSoFarMinor = '3100'
  expect((await browser.get('/usage')).html).toContain('A forecast follows after the first whole day')
  const units = { lowUnits: 21_000, units: 24_000, highUnits: 27_000 }
  portal.world.forecast = { ...units, lowMinor: '3050', costMinor: '3500', highMinor: '3950' }
  expect((await browser.get('/home')).html).toContain(
    'Probably $35.00 by 1 Dec, <span class="nowrap">$30.50 to $39.50</span>',
  )
})

test('numbers that are long behind are marked as such', async () => {
  const portal = createTestPortal()
  const browser = await portal.signedIn()
  portal.advance(11 * 60_000)
  expect((await browser.get('/usage')).html).toContain('Behind: Updated 11 min ago')
})
