import { describe, expect, test } from 'vitest'
import * as z from 'zod/mini'
import { DynamoError } from '#kernel/dynamo-request'
import { createMemoryTable } from '#kernel/memory-table'
import { parseInstant } from '#kernel/time'
import { readCounter } from './access/counter.ts'
import { defineRoute, type Route } from './routes/define-route.ts'
import storedOpenApi from './routes/openapi.json' with { type: 'json' }
import { openApiOf } from './routes/openapi.ts'
import { routes } from './routes/registry.ts'
import { ACCOUNT, START } from './testing/builders.ts'
import { createTestApp, KEY_ID } from './testing/requests.ts'

const quota = (units: number) => ({ units, reason: 'quota', segment: { kind: 'calendar_month' } }) as const
const monthStart = parseInstant('2026-11-01T00:00:00Z')
const phone = { phone: '+41446681800' }

const failing = (error: Error): Route =>
  defineRoute({
    method: 'POST',
    path: '/v1/fails',
    summary: '',
    description: '',
    input: z.object({}),
    output: z.object({}),
    maxUnits: () => 3,
    price: '',
    example: { input: {}, output: {} },
    run: async () => {
      throw error
    },
  })

describe('every route', () => {
  test.each(routes.map(route => [`${route.method} ${route.path}`, route] as const))(
    '%s answers its example as documented',
    async (_name, route) => {
      const app = createTestApp()
      const answer = await app.post(route.path, route.example.input)
      expect(answer.status).toBe(200)
      const body = await answer.json()
      expect(body).toEqual(route.example.output)
      expect(z.parse(route.output, body)).toEqual(body)
    },
  )

  test('is in the stored OpenAPI document: run "npx node api/routes/write-openapi.ts" when it is not', () => {
    expect(storedOpenApi).toEqual(JSON.parse(JSON.stringify(openApiOf(routes))))
  })

  test('of the OpenAPI document runs', async () => {
    for (const [path, operations] of Object.entries(storedOpenApi.paths))
      for (const method of Object.keys(operations)) {
        const answer = await createTestApp().send(path, { method: method.toUpperCase() })
        expect([path, method, answer.status]).not.toEqual([path, method, 404])
        expect(answer.status).not.toBe(405)
      }
  })
})

describe('a served call', () => {
  test('is recorded once, under the id that no caller can choose', async () => {
    const app = createTestApp()
    const answer = await app.post('/v1/phone', phone, { 'x-amzn-requestid': 'mine' })
    expect(answer.headers.get('Tollgate-Units')).toBe('1')
    expect(answer.headers.get('Tollgate-Request-Id')).toBe('ext-1=')
    expect(app.printed).toEqual([
      {
        id: 'ext-1=',
        account: ACCOUNT,
        key: KEY_ID,
        planId: 'starter',
        route: 'POST /v1/phone',
        units: 1,
        status: 200,
        usedAt: START,
        durationMs: 1,
      },
    ])
  })

  test('of a batch costs the checks that worked; a malformed one gets its error in place', async () => {
    const app = createTestApp()
    const checks = [
      { type: 'phone', ...phone },
      { type: 'phone', phone: 41 },
      'nonsense',
      { type: 'email', email: 'not an address' },
    ]
    const answer = await app.post('/v1/batch', { checks })
    const { results } = (await answer.json()) as { results: unknown[] }
    expect(results[0]).toMatchObject({ result: { valid: true } })
    expect(results[1]).toMatchObject({ error: { errors: [{ pointer: '#/checks/1/phone' }] } })
    expect(results[2]).toMatchObject({ error: { errors: [{ pointer: '#/checks/2' }] } })
    expect(results[3]).toMatchObject({ result: { valid: false } })
    expect(app.printed).toMatchObject([{ units: 2, status: 200 }])
  })
})

describe('a failed call costs nothing and is still recorded', () => {
  const big = { checks: [{ type: 'email', email: 'x'.repeat(100 * 1024) }] }
  const json = { 'content-type': 'application/json' }
  test.each([
    [
      'malformed JSON',
      400,
      'malformed_json',
      '/v1/phone',
      { method: 'POST', headers: json, body: '{"phone":' },
    ],
    ['no body', 400, 'malformed_json', '/v1/phone', { method: 'POST', headers: json }],
    [
      'no UTF-8',
      400,
      'malformed_json',
      '/v1/phone',
      { method: 'POST', headers: json, body: Uint8Array.of(0xff) },
    ],
    ['an unknown route', 404, 'not_found', '/v1/fax', { method: 'POST', headers: json, body: '{}' }],
    ['a wrong method', 405, 'method_not_allowed', '/v1/phone', { method: 'GET' }],
    [
      'a large body',
      413,
      'payload_too_large',
      '/v1/batch',
      { method: 'POST', headers: json, body: JSON.stringify(big) },
    ],
    [
      'another media type',
      415,
      'unsupported_media_type',
      '/v1/phone',
      { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{}' },
    ],
    ['a missing member', 422, 'invalid_request', '/v1/phone', { method: 'POST', headers: json, body: '{}' }],
    ['a wrong type', 422, 'invalid_request', '/v1/phone', { method: 'POST', headers: json, body: '[]' }],
    [
      'an unknown country',
      422,
      'invalid_request',
      '/v1/phone',
      { method: 'POST', headers: json, body: '{"phone":"1","country":"ZZ"}' },
    ],
    [
      'an empty batch',
      422,
      'invalid_request',
      '/v1/batch',
      { method: 'POST', headers: json, body: '{"checks":[]}' },
    ],
    [
      'a batch of 101',
      422,
      'invalid_request',
      '/v1/batch',
      { method: 'POST', headers: json, body: JSON.stringify({ checks: Array(101).fill(1) }) },
    ],
  ])('%s: %i %s', async (_what, status, code, path, request) => {
    const app = createTestApp({ hardLimit: quota(1_000) })
    const answer = await app.send(path, request as object)
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(await answer.json()).toMatchObject({
      status,
      code,
      requestId: 'ext-1=',
      detail: expect.any(String),
    })
    expect(answer.headers.get('Tollgate-Units')).toBe('0')
    expect(app.printed).toMatchObject([{ units: 0, status }])
    expect(takenUnits(await readCounter(app.table, ACCOUNT, monthStart))).toBe(0)
  })

  test('a wrong method names the right ones', async () => {
    const answer = await createTestApp().send('/v1/phone', { method: 'DELETE' })
    expect(answer.headers.get('Allow')).toBe('POST')
  })

  test('a wrong member is pointed at', async () => {
    const answer = await createTestApp().post('/v1/phone', { phone: 41, 'a/b~c d': 1 })
    expect(await answer.json()).toMatchObject({
      errors: [
        { pointer: '#/phone', detail: 'Invalid input: expected string, received number' },
        { pointer: '#', detail: 'Unrecognized key: "a/b~c d"' },
      ],
    })
  })

  test('an error of ours shows the request id and nothing else, and is logged', async () => {
    const app = createTestApp({ routes: [failing(new Error('secret sk_live_123'))], hardLimit: quota(10) })
    const answer = await app.post('/v1/fails', {})
    expect(answer.status).toBe(500)
    const text = JSON.stringify([await answer.text(), [...answer.headers]])
    expect(text).not.toMatch(/secret|sk_live|stack|app\.test/)
    expect(text).toContain('ext-1=')
    expect(app.logged).toHaveLength(1)
    expect(app.printed).toMatchObject([{ units: 0, status: 500, route: 'POST /v1/fails' }])
    expect(await readCounter(app.table, ACCOUNT, monthStart)).toMatchObject({ left: 10 })
  })

  test('an answer that cannot be written down costs nothing', async () => {
    const unwritable: Route = { ...failing(new Error()), run: async () => ({ body: { n: 1n }, units: 3 }) }
    const app = createTestApp({ routes: [unwritable], hardLimit: quota(10) })
    expect((await app.post('/v1/fails', {})).status).toBe(500)
    expect(app.printed).toMatchObject([{ units: 0, status: 500 }])
    expect(await readCounter(app.table, ACCOUNT, monthStart)).toMatchObject({ left: 10 })
  })

  test('a store that is down is 503 and says when to try again', async () => {
    const down = async () => Promise.reject(new DynamoError('UpdateItem', 'NetworkError', 'secret', true))
    const table = { ...createMemoryTable(), update: down }
    const answer = await createTestApp({ table, hardLimit: quota(1) }).post('/v1/phone', phone)
    expect(answer.status).toBe(503)
    expect(answer.headers.get('Retry-After')).toBe('5')
    expect(await answer.text()).not.toContain('secret')
  })
})

const takenUnits = (counter: { readonly h: Readonly<Record<string, number>> } | undefined) =>
  Object.values(counter?.h ?? {}).reduce((sum, units) => sum + units, 0)

describe('a hard limit', () => {
  test('lets through exactly its units and then says when it lifts', async () => {
    const app = createTestApp({ hardLimit: quota(2) })
    const statuses = []
    for (let n = 0; n < 3; n++) statuses.push((await app.post('/v1/phone', phone)).status)
    expect(statuses).toEqual([200, 200, 429])
    const answer = await app.post('/v1/phone', phone)
    expect(await answer.json()).toMatchObject({ code: 'quota_exceeded', liftsAt: '2026-12-01T00:00:00.000Z' })
    const seconds = (parseInstant('2026-12-01T00:00:00Z') - START) / 1_000
    expect(answer.headers.get('Retry-After')).toBe(String(seconds))
    expect(app.printed.map(({ units }) => units)).toEqual([1, 1, 0, 0])
  })

  test('of a spend cap answers 402', async () => {
    const hardLimit = { ...quota(0), reason: 'spend_cap' } as const
    const answer = await createTestApp({ hardLimit }).post('/v1/phone', phone)
    expect(answer.status).toBe(402)
    expect(await answer.json()).toMatchObject({ code: 'spend_cap_reached' })
  })

  test('is charged for the checks of a batch that worked, and the rest is given back', async () => {
    const app = createTestApp({ hardLimit: quota(10) })
    const answer = await app.post('/v1/batch', {
      checks: [{ type: 'phone', ...phone }, 'nonsense', 'nonsense'],
    })
    expect(answer.headers.get('Tollgate-Units')).toBe('1')
    expect(answer.headers.get('RateLimit')).toMatch(/^"quota";r=9;t=\d+$/)
    expect(answer.headers.get('RateLimit-Policy')).toBe('"quota";q=10')
    expect(await readCounter(app.table, ACCOUNT, monthStart)).toMatchObject({
      left: 9,
      h: { '2026-11-22T14': 1 },
    })
  })

  test('refuses a batch that may cost more than is left, and says so', async () => {
    const app = createTestApp({ hardLimit: quota(1) })
    const checks = [
      { type: 'phone', ...phone },
      { type: 'phone', ...phone },
    ]
    const answer = await app.post('/v1/batch', { checks })
    expect(answer.status).toBe(429)
    expect(await answer.json()).toMatchObject({
      leftUnits: 1,
      detail: expect.stringContaining('2 units and 1'),
    })
  })

  test('is not touched by an account that has none', async () => {
    const table = { ...createMemoryTable(), update: async () => Promise.reject(new Error('touched')) }
    expect((await createTestApp({ table }).post('/v1/phone', phone)).status).toBe(200)
  })

  test('a route that costs more than it said fails and costs nothing', async () => {
    const greedy: Route = { ...failing(new Error()), run: async () => ({ body: {}, units: 4 }) }
    const app = createTestApp({ routes: [greedy], hardLimit: quota(10) })
    expect((await app.post('/v1/fails', {})).status).toBe(500)
    expect(await readCounter(app.table, ACCOUNT, monthStart)).toMatchObject({ left: 10 })
  })
})

describe('the routes without a key', () => {
  test.each(['/health', '/openapi.json'])('%s answers and is not recorded', async path => {
    const app = createTestApp()
    const answer = await app.send(path, {}, { extendedRequestId: 'e' })
    expect(answer.status).toBe(200)
    expect(app.printed).toEqual([])
  })

  test('are the only ones: a call that did not pass the authorizer fails', async () => {
    const app = createTestApp()
    const answer = await app.send(
      '/v1/phone',
      { method: 'POST' },
      { extendedRequestId: 'e', requestTimeEpoch: START },
    )
    expect(answer.status).toBe(500)
  })
})

describe('a route of the owner', () => {
  test('may take path parameters and the query, and answer with a problem that costs nothing', async () => {
    const route: Route = defineRoute({
      method: 'GET',
      path: '/v1/things/:id',
      summary: '',
      description: '',
      input: z.object({ id: z.string(), full: z.optional(z.string()) }),
      output: z.object({ id: z.string() }),
      maxUnits: () => 1,
      price: '',
      example: { input: { id: '1' }, output: { id: '1' } },
      run: async ({ id, full }) =>
        id === '1' && full
          ? { body: { id }, units: 1 }
          : { problem: { code: 'not_found', detail: 'There is no such thing.' } },
    })
    const app = createTestApp({ routes: [route], hardLimit: quota(5) })
    expect(await (await app.send('/v1/things/1?full=yes')).json()).toEqual({ id: '1' })
    const missing = await app.send('/v1/things/2')
    expect([missing.status, missing.headers.get('Tollgate-Units')]).toEqual([404, '0'])
    expect(app.printed.map(({ route }) => route)).toEqual(['GET /v1/things/:id', 'GET /v1/things/:id'])
    expect(await readCounter(app.table, ACCOUNT, monthStart)).toMatchObject({ left: 4 })
  })
})
