import { expect, test } from 'vitest'
import { HOUR_MS } from '#kernel/time'
import { NOVEMBER, NOW, STARTER } from '../testing/fake-services.ts'
import { createTestPortal } from '../testing/test-portal.ts'

const textOf = (html: string): string =>
  html
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()

test('a spend cap is shown as where calls stop, never as what the fee includes', async () => {
  const portal = createTestPortal()
  const browser = await portal.signedIn()
  Object.assign(portal.world, { plan: STARTER, capUnits: 86_669, unitsUsed: 20_466, costSoFarMinor: '2970' })
  const plan = textOf((await browser.get('/plan')).html)
  expect(plan).toContain('20,000 of 20,000 checks')
  expect(plan).toContain('466 beyond what is included. Cost so far: $29.70.')
  expect(plan).toContain('Your spend cap: calls stop at 86,669 checks this period')
  expect(plan).toContain('It renews on 1 Dec 2026')
  expect(textOf((await browser.get('/usage')).html)).toContain('20,000 included')
  expect(textOf((await browser.get('/home')).html)).toMatch(/Renews on 1 Dec 2026 .* of 20,000 included/)
})

test('Free says where calls stop and that there is no bill', async () => {
  const portal = createTestPortal()
  const browser = await portal.signedIn()
  portal.world.hours = [{ hour: '2026-11-03T09', calls: 2, failed: 1, units: 1 }]
  const usage = textOf((await browser.get('/usage')).html)
  expect(usage).toContain('calls stop at 1,000')
  expect(usage).toContain('Free has no bill')
  expect(usage).toContain('1 call, not charged')
  expect(textOf((await browser.get('/home')).html)).not.toContain('Next invoice')
})

test('a switch that takes too long says that the payment is not lost and asks for no second one', async () => {
  const portal = createTestPortal()
  const browser = await portal.signedIn()
  portal.world.openChange = { planId: 'starter', state: 'switching', since: NOW }
  expect((await browser.get('/plan')).html).toContain('Starter is being switched on')
  portal.advance(HOUR_MS)
  const { html } = await browser.get('/plan')
  expect(html).toContain('Starter is not switched on yet')
  expect(html).toContain('you need not pay again')
  expect(html).toContain('http-equiv="refresh"')
})

test.each([
  ['/?calls=25000', ['not enough', '$36.50', '$199.00'], 'Starter'],
  ['/?calls=1%2C000', ['$0.00', '$29.00', '$199.00'], 'Free'],
  ['/?calls=1000000', ['not enough', '$1,499.00', '$799.00'], 'Scale'],
  ['/', ['not enough', '$36.50', '$199.00'], 'Starter'],
])('%s shows the bill on every plan, the cheapest marked', async (path, bills, best) => {
  const { html } = await createTestPortal().browser().get(path)
  const rows = (html.split('data-bills')[1]?.split('</table>')[0] ?? '').split('<tr>').slice(2).map(textOf)
  expect(rows.map(row => /(not enough|\$[\d,.]+)$/.exec(row)?.[1])).toEqual(bills)
  expect(rows.filter(row => row.includes('Cheapest')).map(row => row.split(' ')[0])).toEqual([best])
})

test.each(['-5', '1.5', 'many', '1e9', '999999999'])(
  'the price page refuses to guess for %s',
  async asked => {
    const { status, html } = await createTestPortal().browser().get(`/?calls=${asked}`)
    expect(status).toBe(200)
    expect(html).toContain('Enter a whole number of checks, at most 100,000,000.')
    expect(html).toContain('aria-invalid="true"')
  },
)

test('the price page marks the plan of the visitor', async () => {
  const portal = createTestPortal()
  const browser = await portal.signedIn()
  portal.world.plan = STARTER
  const { html } = await browser.get('/')
  expect(html).toMatch(
    /aria-label="Starter"><div[^>]*><div[^>]*><h2>Starter<\/h2><span class="badge accent">Your plan/,
  )
  expect(html.match(/Your plan/g)).toHaveLength(1)
})

test('an invoice names its lines plainly, beside the words of Stripe', async () => {
  const portal = createTestPortal()
  const browser = await portal.signedIn()
  const accountId = portal.published.find(event => event.type === 'account.created')?.data
  const line = { amountMinor: '0', period: NOVEMBER }
  const fee = {
    ...line,
    kind: 'flat_fee' as const,
    description: '1 check × Starter',
    quantity: 1,
    unitPriceMinor: '2900',
  }
  const tier = { ...line, kind: 'tier' as const, description: '466 check × Starter (Tier 2)', quantity: 466 }
  portal.world.invoices = [
    {
      ...(accountId as { accountId: string }),
      invoiceId: 'in_1',
      number: 'TG-1',
      status: 'paid',
      period: NOVEMBER,
      createdAt: NOVEMBER.end,
      totalMinor: '2970',
      currency: 'usd',
      hostedUrl: null,
      pdfUrl: null,
      close: null,
      planName: 'Starter',
      unit: 'check',
      lines: [fee, { ...tier, unitPriceMinor: '0' }, { ...tier, unitPriceMinor: '0.15' }],
      statement: null,
      proof: null,
    },
  ]
  const text = textOf((await browser.get('/billing/in_1')).html)
  expect(text).toContain('Paid for 1 Nov 2026')
  expect(text).toMatch(/Starter, monthly fee .* Included checks .* Further checks .* 466 check × Starter/)
})

test('somebody who pays already is offered no purchase that would be refused', async () => {
  const portal = createTestPortal()
  const browser = await portal.signedIn()
  portal.world.plan = STARTER
  const { html } = await browser.get('/plan')
  expect(html).not.toContain('name="plan"')
  expect(html).toContain('href="/plan/change?plan=scale"')
  expect(html).toContain('Upgrade to Scale')
  expect(html).toContain('Cancel Starter')
})
