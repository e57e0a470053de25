import { serialize } from 'node:v8'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createApi } from './api/handle.ts'
import { v1Routes } from './api/routes/index.ts'
import { v2Routes } from './api/v2.ts'
import { createEngine, type TimerKind } from './engine/engine.ts'
import type { Param } from './engine/params.ts'
import { TIMERS } from './engine/timers.ts'
import { handlePage } from './pages/handle-page.ts'

const SEED = 20_261_122
const START_MS = Date.parse('2026-11-10T09:30:00Z')

/** The engine without a wire, on a clock of its own, with everything it ever made known by id. */
function createWorld() {
  let now = START_MS
  const timers: { kind: TimerKind; dueAt: number; subject: string }[] = []
  const engine = createEngine(
    { now: () => now, later: (kind, dueAt, subject) => timers.push({ kind, dueAt, subject }) },
    { baseUrl: 'http://stripe.test' },
  )
  const broken: string[] = []
  const api = createApi(engine, {
    journal: ({ summary, detail }) => {
      if (summary.startsWith('failed')) broken.push(`${summary}\n${String(detail)}`)
    },
  })
  return {
    engine,
    api,
    broken,
    /** Moves on and runs what is due, as the local clock does. */
    advance(ms: number) {
      const target = now + ms
      for (;;) {
        timers.sort((left, right) => left.dueAt - right.dueAt)
        if (timers[0] === undefined || timers[0].dueAt > target) break
        const [next] = timers.splice(0, 1)
        if (next === undefined) break
        now = Math.max(now, next.dueAt)
        TIMERS[next.kind](engine, next.subject, next.dueAt)
      }
      now = target
    },
    ids: () =>
      Object.values(engine.state).flatMap(table => (table instanceof Map ? [...table.keys()].slice(-3) : [])),
    fingerprint() {
      const { sequence: _sequence, idempotencyKeys: _keys, ...rest } = engine.state
      return serialize(rest)
    },
  }
}

type World = ReturnType<typeof createWorld>

const ODD = [
  '',
  '0',
  '-1',
  '1e400',
  '999999999999999999999999',
  '0.0000000000001',
  'NaN',
  'true',
  'inf',
  'now',
  '__proto__',
  'constructor',
  'toString',
  '\u0000',
  '💥',
  'x'.repeat(6_000),
]
const USUAL = [
  '1',
  '5',
  '2900',
  'usd',
  'month',
  'metered',
  'tiered',
  'graduated',
  'once',
  'sum',
  'pm_card_visa',
]

/** Parameter names that an endpoint takes, in brackets, and some that none does. */
function namesOf(param: Param<unknown>, prefix = ''): string[] {
  return Object.entries(param.shape ?? {}).flatMap(([name, inner]) => {
    const path = prefix === '' ? name : `${prefix}[${name}]`
    return [path, `${path}[0]`, ...namesOf(inner, path), ...namesOf(inner, `${path}[0]`)]
  })
}
const STRANGE = [
  '__proto__',
  'constructor[prototype]',
  `deep${'[a]'.repeat(40)}`,
  'a[]',
  ']',
  '[',
  'expand',
  'expand[0]',
  'limit',
]

const routes = [...v1Routes, ...v2Routes].map(route => ({
  route,
  names: [...namesOf(route.params), ...STRANGE],
}))

const request = fc.record({
  route: fc.constantFrom(...routes),
  picks: fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat()), { maxLength: 8 }),
  id: fc.nat(),
  advanceMs: fc.constantFrom(0, 0, 0, 1_000, 3_600_000, 86_400_000, 31 * 86_400_000),
})

function run(
  world: World,
  { route: { route, names }, picks, id }: typeof request extends fc.Arbitrary<infer T> ? T : never,
) {
  const ids = world.ids()
  const values = [...ids, ...ids, ...ODD, ...USUAL]
  const pick = <T>(from: readonly T[], index: number): T | undefined => from[index % from.length]
  const odd = picks.map(([name, value]) => [pick(names, name) ?? 'x', pick(values, value) ?? ''] as const)
  // Half of the requests are what the endpoint needs, with at most two things wrong about them.
  const fields =
    id % 2 === 0
      ? odd
      : [...plausible(world, route.params, id), ...odd.slice(0, Math.max(0, ((id >> 1) % 4) - 2))]
  const isJson = route.path.startsWith('/v2/') && route.method === 'POST'
  const form = fields
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&')
  const body = isJson ? JSON.stringify(Object.fromEntries(fields)) : form
  const path = route.path
    .replace(
      ':id',
      encodeURIComponent(
        id % 2 === 0 ? (pick([...ids, ...ODD.slice(1)], id) ?? 'x') : idFor(world, route.path, id),
      ),
    )
    .replace(':sub', 'sub_x')
  return world.api({
    method: route.method,
    path,
    query: route.method === 'POST' ? '' : form,
    headers: { authorization: 'Bearer sk_test_fuzz' },
    body: route.method === 'POST' ? body : '',
  })
}

/** What the required parameters of an endpoint, and every second optional one, could sensibly be. */
function plausible(world: World, param: Param<unknown>, seed: number, prefix = ''): [string, string][] {
  return Object.entries(param.shape ?? {}).flatMap(([name, inner], index): [string, string][] => {
    if (!inner.required && (seed >> (index % 20)) % 3 !== 0) return []
    const path = prefix === '' ? name : `${prefix}[${name}]`
    if (inner.shape !== undefined) {
      const at = LISTS.has(name) ? `${path}[0]` : path
      return plausible(world, inner, seed, at)
    }
    return [[TEXT_LISTS.has(name) ? `${path}[0]` : path, sensible(world, name, seed + index)]]
  })
}

/** An id of the kind that a path is about. */
function idFor({ engine: { state } }: World, path: string, seed: number): string {
  const tables = new Map<string, ReadonlyMap<string, unknown>>([
    ['billing/meters', state.meters],
    ['billing/credit_grants', state.creditGrants],
    ['billing/credit_balance_transactions', state.creditTransactions],
    ['checkout/sessions', state.checkoutSessions],
    ['core/event_destinations', state.eventDestinations],
    ['charges', state.charges],
    ['coupons', state.coupons],
    ['credit_notes', state.creditNotes],
    ['customers', state.customers],
    ['disputes', state.disputes],
    ['invoiceitems', state.invoiceItems],
    ['invoices', state.invoices],
    ['payment_intents', state.paymentIntents],
    ['payment_methods', state.paymentMethods],
    ['prices', state.prices],
    ['products', state.products],
    ['refunds', state.refunds],
    ['subscriptions', state.subscriptions],
    ['subscription_schedules', state.schedules],
    ['webhook_endpoints', state.webhookEndpoints],
  ])
  const kind = path.split('/').slice(2, path.split('/').indexOf(':id')).join('/')
  const keys = [...(tables.get(kind) ?? new Map()).keys()]
  return keys.at(-1 - (seed % Math.max(1, keys.length))) ?? 'x'
}

const LISTS = new Set([
  'items',
  'line_items',
  'lines',
  'tiers',
  'phases',
  'discounts',
  'prices',
  'refunds',
  'events',
])
const TEXT_LISTS = new Set(['enabled_events', 'lookup_keys', 'ids', 'types', 'preferred_locales', 'include'])

function sensible(world: World, name: string, seed: number): string {
  const { state } = world.engine
  const last = (table: ReadonlyMap<string, unknown>) =>
    [...table.keys()].at(-1 - (seed % 2)) ?? [...table.keys()].at(-1) ?? 'x'
  const values: Readonly<Record<string, string>> = {
    customer: last(state.customers),
    price: last(state.prices),
    product: last(state.products),
    subscription: last(state.subscriptions),
    from_subscription: last(state.subscriptions),
    invoice: last(state.invoices),
    charge: last(state.charges),
    coupon: last(state.coupons),
    meter: last(state.meters),
    currency: 'usd',
    interval: 'month',
    mode: 'subscription',
    usage_type: 'metered',
    formula: 'sum',
    event_name: 'units',
    success_url: 'https://shop.example',
    url: 'https://shop.example/hook',
    up_to: 'inf',
    amount: String(1 + (seed % 500)),
    value: '100',
    start_time: '1762732800',
    end_time: '1796860800',
    identifier: `i${seed}`,
  }
  return values[name] ?? ['1', 'true', 'none', 'Text', '3'][seed % 5] ?? '1'
}

/** Makes a world with a subscription, invoices and usage, so that random ids hit something. */
function seeded(): World {
  const world = createWorld()
  const post = (path: string, body: string): string => {
    const { status, body: text } = world.api({
      method: 'POST',
      path,
      query: '',
      headers: { authorization: 'Bearer sk_test_fuzz' },
      body,
    })
    if (status !== 200) throw new Error(`${path}: ${text}`)
    return String(JSON.parse(text).id)
  }
  const product = post('/v1/products', 'name=API')
  const meter = post(
    '/v1/billing/meters',
    'display_name=Units&event_name=units&default_aggregation[formula]=sum',
  )
  const flat = post(
    '/v1/prices',
    `currency=usd&product=${product}&unit_amount=2900&recurring[interval]=month`,
  )
  const usage = post(
    '/v1/prices',
    `currency=usd&product=${product}&billing_scheme=tiered&tiers_mode=graduated&tiers[0][up_to]=10&tiers[0][unit_amount]=0&tiers[1][up_to]=inf&tiers[1][unit_amount]=5&recurring[interval]=month&recurring[usage_type]=metered&recurring[meter]=${meter}`,
  )
  const customer = post('/v1/customers', 'invoice_settings[default_payment_method]=pm_card_visa')
  post('/v1/subscriptions', `customer=${customer}&items[0][price]=${flat}&items[1][price]=${usage}`)
  post(
    '/v1/billing/meter_events',
    `event_name=units&payload[stripe_customer_id]=${customer}&payload[value]=25`,
  )
  post('/v1/coupons', 'percent_off=10')
  post(
    '/v1/checkout/sessions',
    `mode=subscription&customer=${customer}&line_items[0][price]=${flat}&line_items[0][quantity]=1&success_url=https://shop.example`,
  )
  post('/v1/billing_portal/sessions', `customer=${customer}`)
  world.advance(40 * 86_400_000)
  return world
}

test('no request on any route crashes it: the answer is a success or an error in Stripe’s shape', () => {
  fc.assert(
    fc.property(fc.array(request, { minLength: 1, maxLength: 25 }), requests => {
      const world = seeded()
      for (const one of requests) {
        const answer = run(world, one)
        const body = JSON.parse(answer.body)
        expect(world.broken).toEqual([])
        expect(answer.status).toBeLessThan(500)
        if (answer.status !== 200) {
          expect(body.error).toMatchObject({ type: expect.any(String), message: expect.any(String) })
        }
        world.advance(one.advanceMs)
      }
      world.advance(62 * 86_400_000)
    }),
    { numRuns: 60, seed: SEED },
  )
})

test('a refused request changes nothing', () => {
  const world = seeded()
  fc.assert(
    fc.property(request, one => {
      const before = world.fingerprint()
      const answer = run(world, one)
      // A declined card leaves its failed payment, and an answer that cannot be expanded as asked was done.
      const isPlain = answer.status !== 402 && !answer.body.includes('cannot be expanded')
      if (answer.status >= 400 && isPlain) expect(world.fingerprint().equals(before)).toBe(true)
    }),
    { numRuns: 800, seed: SEED },
  )
})

test('no form on any page crashes it', () => {
  const world = seeded()
  const { state } = world.engine
  const paths = [
    ...[...state.checkoutSessions.keys()].flatMap(id => [`/c/pay/${id}`, `/c/pay/${id}/confirm`]),
    ...[...state.portalSessions.keys()].map(id => `/p/session/${id}`),
    ...[...state.invoices.keys()].map(id => `/i/${id}`),
    '/c/pay/__proto__',
    '/p/session/constructor',
    '/i/%',
  ]
  const names = [
    'cardNumber',
    'cardExpiry',
    'cardCvc',
    'billingName',
    'email',
    'outcome',
    'action',
    'card',
    'taxId',
    'addressCountry',
    'billingEmail',
  ]
  const cards = [
    '4242424242424242',
    '4000000000000002',
    '4000002500003155',
    '12/40',
    '123',
    'complete',
    'save-details',
    'remove-card',
    'default-card',
  ]
  fc.assert(
    fc.property(
      fc.constantFrom(...paths),
      fc.constantFrom('GET', 'POST'),
      fc.array(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...cards, ...ODD, ...world.ids())), {
        maxLength: 10,
      }),
      (path, method, fields) => {
        const answer = handlePage(world.engine, {
          method,
          path,
          body: new URLSearchParams(fields).toString(),
        })
        expect(answer?.status).toBeLessThan(500)
      },
    ),
    { numRuns: 300, seed: SEED },
  )
})

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('the id %s is only a name', name => {
  const world = seeded()
  const call = (method: string, path: string, body = '') =>
    world.api({ method, path, query: '', headers: { authorization: 'Bearer sk_test_x' }, body })
  expect(call('GET', `/v1/customers/${name}`).status).toBe(404)
  expect(call('POST', '/v1/products', `id=${name}&name=Odd&metadata[${name}]=1`).status).toBe(200)
  const product = JSON.parse(call('GET', `/v1/products/${name}`).body)
  expect([product.id, Object.keys(product.metadata)]).toEqual([name, [name]])
  expect(call('POST', '/v1/coupons', `id=${name}&percent_off=5`).status).toBe(200)
  const event = `event_name=units&payload[stripe_customer_id]=${name}&payload[value]=1&identifier=${name}`
  expect(call('POST', '/v1/billing/meter_events', event).status).toBe(200)
  expect(call('POST', '/v1/billing/meter_events', event).status).toBe(400)
})

test.each([
  '/v1/customers/%',
  '/v1/customers/%E0%A4%A',
  '//',
  '/v1//customers',
  '/v1/customers/a/b/c/d',
  '/v2/',
  '',
])('the path %j is refused in Stripe’s shape', path => {
  const world = seeded()
  const answer = world.api({
    method: 'GET',
    path,
    query: '',
    headers: { authorization: 'Bearer sk_test_x' },
    body: '',
  })
  expect([world.broken, answer.status]).toEqual([[], 404])
  expect(JSON.parse(answer.body).error.type).toBe('invalid_request_error')
})
