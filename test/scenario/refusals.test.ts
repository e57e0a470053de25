import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MINUTE_MS, SECOND_MS } from '#kernel/time'
import type { Tollgate } from '../../infra/launch.ts'
import { batchOf, type Customer } from '../../infra/seed/customer.ts'
import { accountIdOfEmail } from '../support/account.ts'
import {
  advance,
  billingOf,
  expectOk,
  newCustomer,
  operatorCall,
  startTollgate,
} from '../support/tollgate.ts'

let tollgate: Tollgate
let customer: Customer
let key: string

beforeAll(async () => {
  tollgate = await startTollgate('2026-03-02T09:00:00Z')
  customer = newCustomer(tollgate, 'grace@example.com')
  await customer.signUp()
  await tollgate.clock.whenIdle()
  key = await customer.createKey('Test')
})
afterAll(() => tollgate?.stop())

const request = (path: string, init: RequestInit & { key?: string | null } = {}) => {
  const authorization = init.key === null ? {} : { authorization: `Bearer ${init.key ?? key}` }
  return fetch(`${tollgate.apiUrl}${path}`, {
    method: 'POST',
    ...init,
    headers: {
      'content-type': 'application/json',
      ...authorization,
      ...(init.headers as Record<string, string>),
    },
  })
}
const json = (value: unknown) => JSON.stringify(value)

describe('what the API refuses', () => {
  it.each([
    ['malformed JSON', '/v1/email', { body: '{"email":' }, 400, 'malformed_json'],
    ['a wrong type', '/v1/email', { body: json({ email: 42 }) }, 422, 'invalid_request'],
    ['a missing member', '/v1/phone', { body: json({}) }, 422, 'invalid_request'],
    ['an empty batch', '/v1/batch', { body: json({ checks: [] }) }, 422, 'invalid_request'],
    ['a batch of 101', '/v1/batch', { body: json(batchOf(101)) }, 422, 'invalid_request'],
    [
      'a body over 100 KB',
      '/v1/email',
      { body: json({ email: 'x'.repeat(110_000) }) },
      413,
      'payload_too_large',
    ],
    [
      'another media type',
      '/v1/email',
      { body: 'email=a', headers: { 'content-type': 'text/plain' } },
      415,
      'unsupported_media_type',
    ],
    ['an unknown route', '/v1/fax', { body: '{}' }, 404, 'not_found'],
    ['an unknown method', '/v1/email', { method: 'PUT', body: '{}' }, 405, 'method_not_allowed'],
    ['no key', '/v1/email', { key: null, body: '{}' }, 401, 'invalid_api_key'],
    ['a malformed key', '/v1/email', { key: 'nonsense', body: '{}' }, 401, 'invalid_api_key'],
    [
      'a key that nobody has',
      '/v1/email',
      { key: `tg_test_${'0'.repeat(28)}`, body: '{}' },
      401,
      'invalid_api_key',
    ],
  ])('%s gets its status and a problem document, and costs nothing', async (_, path, init, status, code) => {
    await advance(tollgate, 10 * SECOND_MS)
    const response = await request(path, init)
    const problem = (await response.json()) as Record<string, unknown>
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toContain('application/problem+json')
    expect(problem).toMatchObject({ code, status })
    expect(String(problem.detail ?? problem.title).length).toBeGreaterThan(10)
    expect(Number(response.headers.get('tollgate-units') ?? 0)).toBe(0)
  })

  it('a 405 names the methods that work', async () => {
    const response = await request('/v1/email', { method: 'DELETE' })
    expect(response.headers.get('allow')).toContain('POST')
  })

  it('health and the API description need no key', async () => {
    const health = await fetch(`${tollgate.apiUrl}/health`)
    const description = await fetch(`${tollgate.apiUrl}/openapi.json`)
    expect(health.status).toBe(200)
    expect(await description.json()).toMatchObject({ openapi: expect.stringMatching(/^3\./) })
  })

  it('the twenty-first request at once is told to wait a second', async () => {
    await advance(tollgate, MINUTE_MS)
    const statuses: number[] = []
    for (let i = 0; i < 22; i += 1)
      statuses.push((await request('/v1/email', { body: json({ email: 'a@example.com' }) })).status)
    expect(statuses.slice(0, 20)).toEqual(Array(20).fill(200))
    const refused = await request('/v1/email', { body: json({ email: 'a@example.com' }) })
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBe('1')
    expect(await refused.json()).toMatchObject({ code: 'rate_limited' })
  })

  it('a revoked key is refused within the minute that the authorizer may remember it', async () => {
    const shown = await customer.openPage('/keys')
    expect(shown.html).toContain('Test')
    const other = await customer.createKey('Short-lived')
    expect(
      (await request('/v1/email', { key: other, body: json({ email: 'a@example.com' }) })).status,
    ).toBeLessThan(500)
    await customer.revokeKey('Short-lived')
    await advance(tollgate, 61 * SECOND_MS)
    const refused = await request('/v1/email', { key: other, body: json({ email: 'a@example.com' }) })
    expect(refused.status).toBe(401)
  })

  it('the thousand free units are exactly a thousand, and the refusal says when more come', async () => {
    let answer = await customer.call('/v1/batch', batchOf(100), key)
    while (answer.status === 200) {
      await advance(tollgate, 10 * SECOND_MS)
      answer = await customer.call('/v1/batch', batchOf(100), key)
    }
    expect(answer.status).toBe(429)
    expect(answer.body).toMatchObject({ code: 'quota_exceeded' })
    expect(answer.body.detail).toContain('2026-04-01')
    // What is left is less than a batch: single checks still fit, to the last unit.
    let single = await customer.call('/v1/email', { email: 'a@example.com' }, key)
    while (single.status === 200) {
      await advance(tollgate, SECOND_MS)
      single = await customer.call('/v1/email', { email: 'a@example.com' }, key)
    }
    expect(single.body).toMatchObject({ code: 'quota_exceeded' })
    await advance(tollgate, 3 * MINUTE_MS)
    const accountId = await accountIdOfEmail(tollgate, customer.email)
    const { unitsUsed } = expectOk(
      await billingOf(tollgate).getSubscription({ accountId }, operatorCall(tollgate)),
    )
    expect(unitsUsed).toBe(1000)
  })
})
