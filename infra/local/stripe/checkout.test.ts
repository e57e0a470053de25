import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Plan, type Started, seconds, sellPlan, startForTest } from './testing/start.ts'

const CARD = {
  cardNumber: '4242 4242 4242 4242',
  cardExpiry: '12/30',
  cardCvc: '123',
  billingName: 'Ada Dev',
}
let local: Started
let plan: Plan

beforeEach(async () => {
  local = await startForTest('2026-11-10T09:30:00Z')
  plan = await sellPlan(local.stripe, {
    flatMinor: 2900,
    tiers: [
      { up_to: 20_000, unit_amount: 0 },
      { up_to: 'inf', unit_amount: 1 },
    ],
  })
})

afterEach(() => local.stop())

async function open(fields: { expires_at?: number } = {}) {
  const customer = await local.stripe.customers.create({ email: 'dev@example.com', name: '<b>Dev</b>' })
  const session = await local.stripe.checkout.sessions.create({
    mode: 'subscription',
    customer: customer.id,
    line_items: [{ price: plan.flat.id, quantity: 1 }, { price: plan.usage.id }],
    success_url: 'https://shop.example/ok?session={CHECKOUT_SESSION_ID}',
    cancel_url: 'https://shop.example/plans',
    ...fields,
  })
  return { id: session.id, url: session.url ?? '', customer: customer.id }
}

function submit(url: string, fields: Record<string, string>) {
  return fetch(url, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })
}

test('the page shows plan, tiers and amount, works without script and has the named fields', async () => {
  const { url } = await open()
  const response = await fetch(url)
  const text = await response.text()
  for (const part of [
    'Starter',
    '$29.00',
    '1 to 20,000: included',
    'From 20,001: $0.01 each',
    'data-testid="pay"',
  ]) {
    expect(text).toContain(part)
  }
  for (const name of Object.keys(CARD)) expect(text).toContain(`name="${name}"`)
  expect(text).not.toContain('<script')
})

test.each([
  ['a number that is none', { cardNumber: '4242 4242 4242 4241' }, 'card number is invalid'],
  ['a real card', { cardNumber: '4012888888881881' }, 'use a test card'],
  ['a past date', { cardExpiry: '10/26' }, 'in the past'],
  ['a month that is none', { cardExpiry: '13/30' }, 'MM / YY'],
  ['a short code', { cardCvc: '12' }, 'must have 3 digits'],
  ['no name', { billingName: ' ' }, 'name is missing'],
])('%s is refused with a message and keeps what was typed', async (_name, fields, message) => {
  const { url, id } = await open()
  const response = await submit(url, { ...CARD, cardExpiry: '12/30', ...fields })
  const text = await response.text()
  expect(response.status).toBe(422)
  expect(text).toContain(message)
  expect(text).toContain('aria-invalid="true"')
  expect((await local.stripe.checkout.sessions.retrieve(id)).status).toBe('open')
})

test('a declined card leaves the session open with an incomplete subscription that the next card pays', async () => {
  const { url, id, customer } = await open()
  const response = await submit(url, { ...CARD, cardNumber: '4000000000000002' })
  expect(response.status).toBe(402)
  expect(await response.text()).toContain('Your card was declined.')
  expect((await local.stripe.checkout.sessions.retrieve(id)).status).toBe('open')
  const subscriptions = async () =>
    (await local.stripe.subscriptions.list({ customer, status: 'all' })).data.map(one => one.status)
  expect(await subscriptions()).toEqual(['incomplete'])
  expect((await local.stripe.events.list({ types: ['charge.failed'] })).data).toHaveLength(1)
  expect((await submit(url, CARD)).status).toBe(303)
  expect(await subscriptions()).toEqual(['active'])
  expect((await local.stripe.invoices.list({ customer })).data.map(one => one.status)).toEqual(['paid'])
})

test('submitting a paid session again redirects and charges nothing', async () => {
  const { url, id, customer } = await open()
  const first = await submit(url, CARD)
  const second = await submit(url, CARD)
  expect([first.status, second.status]).toEqual([303, 303])
  expect(second.headers.get('location')).toBe(`https://shop.example/ok?session=${id}`)
  expect((await local.stripe.invoices.list({ customer })).data).toHaveLength(1)
  expect((await fetch(url, { redirect: 'manual' })).status).toBe(303)
})

test('a card that asks its holder is charged only after Complete, and later invoices go through', async () => {
  const { url, id, customer } = await open()
  const submitted = await submit(url, { ...CARD, cardNumber: '4000 0025 0000 3155' })
  const confirmUrl = new URL(submitted.headers.get('location') ?? '', url).href
  expect(await (await fetch(confirmUrl)).text()).toContain('$29.00')
  const failed = await submit(confirmUrl, { outcome: 'fail' })
  expect(failed.status).toBe(402)
  const form = await failed.text()
  expect(form).toContain('unable to authenticate')
  const action = /<form method="post" action="([^"]+)"/.exec(form)?.[1] ?? ''
  const again = await submit(new URL(action, confirmUrl).href, {
    ...CARD,
    cardNumber: '4000 0025 0000 3155',
  })
  expect(again.headers.get('location')).toBe(submitted.headers.get('location'))
  const completed = await submit(confirmUrl, { outcome: 'complete' })
  expect(completed.headers.get('location')).toContain(id)
  await local.advance('2026-12-10T10:31:00Z')
  expect((await local.stripe.invoices.list({ customer })).data.map(invoice => invoice.status)).toEqual([
    'paid',
    'paid',
  ])
})

test('the card that fails later pays now and not at the next invoice', async () => {
  const { url, customer } = await open()
  await submit(url, { ...CARD, cardNumber: '4000 0000 0000 0341' })
  await local.advance('2026-12-10T10:31:00Z')
  expect((await local.stripe.invoices.list({ customer })).data.map(invoice => invoice.status)).toEqual([
    'open',
    'paid',
  ])
  const [subscription] = (await local.stripe.subscriptions.list({ customer })).data
  expect(subscription?.status).toBe('past_due')
})

test('a session expires when it is due or when asked to, and says so', async () => {
  const soon = await open({ expires_at: seconds('2026-11-10T10:00:00Z') })
  await local.advance('2026-11-10T09:59:59Z')
  expect((await fetch(soon.url)).status).toBe(200)
  await local.advance('2026-11-10T10:00:00Z')
  expect(await local.stripe.checkout.sessions.retrieve(soon.id)).toMatchObject({
    status: 'expired',
    url: null,
  })
  expect((await submit(soon.url, CARD)).status).toBe(410)
  const asked = await open()
  await local.stripe.checkout.sessions.expire(asked.id)
  expect(await (await fetch(asked.url)).text()).toContain('https://shop.example/plans')
  await expect(local.stripe.checkout.sessions.expire(asked.id)).rejects.toMatchObject({ statusCode: 400 })
})

test('session parameters that Stripe refuses are refused', async () => {
  const base = { mode: 'subscription' as const, success_url: 'https://shop.example/ok' }
  const create = (fields: object) => local.stripe.checkout.sessions.create({ ...base, ...fields })
  const flat = { price: plan.flat.id, quantity: 1 }
  await expect(create({ line_items: [flat, { price: plan.usage.id, quantity: 1 }] })).rejects.toMatchObject({
    param: 'line_items[1][quantity]',
  })
  await expect(create({ line_items: [{ price: plan.flat.id }] })).rejects.toMatchObject({
    code: 'parameter_missing',
  })
  await expect(
    create({ line_items: [flat], expires_at: seconds('2026-11-10T09:59:59Z') }),
  ).rejects.toMatchObject({ param: 'expires_at' })
  await expect(
    create({ line_items: [flat], expires_at: seconds('2026-11-11T09:30:01Z') }),
  ).rejects.toMatchObject({ param: 'expires_at' })
  await expect(create({ line_items: [flat], payment_method_types: ['card'] })).rejects.toMatchObject({
    code: 'parameter_unknown',
  })
})

test('line items come by list and by expansion', async () => {
  const { id } = await open()
  const listed = await local.stripe.checkout.sessions.listLineItems(id)
  const expanded = await local.stripe.checkout.sessions.retrieve(id, { expand: ['line_items'] })
  expect(listed.data.map(item => [item.price?.id, item.quantity])).toEqual([
    [plan.flat.id, 1],
    [plan.usage.id, null],
  ])
  expect(expanded.line_items?.data.map(item => item.id)).toEqual(listed.data.map(item => item.id))
})

test('a person without a customer gets one from the e-mail typed', async () => {
  const session = await local.stripe.checkout.sessions.create({
    mode: 'subscription',
    line_items: [{ price: plan.flat.id, quantity: 1 }],
    success_url: 'https://shop.example/ok',
  })
  await submit(session.url ?? '', { ...CARD, email: 'new@example.com' })
  const [customer] = (await local.stripe.customers.list({ email: 'new@example.com' })).data
  expect(customer?.name).toBe('Ada Dev')
})

test('the billing portal lists invoices and replaces the card of the subscription', async () => {
  const { url, customer } = await open()
  await submit(url, { ...CARD, cardNumber: '4000 0000 0000 0341' })
  const portal = await local.stripe.billingPortal.sessions.create({
    customer,
    return_url: 'https://shop.example/billing',
  })
  const page = await (await fetch(portal.url)).text()
  expect(page).toContain('&#60;b&#62;Dev')
  expect(page).toContain('https://shop.example/billing')
  expect((await submit(portal.url, { ...CARD, cardNumber: '4000000000000002' })).status).toBe(402)
  expect(await (await submit(portal.url, CARD)).text()).toContain('Saved.')
  await local.advance('2026-12-10T10:31:00Z')
  expect((await local.stripe.invoices.list({ customer })).data[0]?.status).toBe('paid')
})
