import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTokenVerifier, usernameOf } from './verify-token.ts'

const own = generateKeyPairSync('rsa', { modulusLength: 2048 })
const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 })
const state = { up: true, fetches: 0 }
let server: Server
let issuer: string

beforeAll(async () => {
  const key = { ...own.publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'RS256' }
  server = createServer((request, answer) => {
    state.fetches += 1
    answer.statusCode = state.up && request.url === '/pool/.well-known/jwks.json' ? 200 : 503
    answer.end(JSON.stringify({ keys: [key] }))
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/pool`
})
afterAll(() => server.close())

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

function claimsOf(change: Readonly<Record<string, unknown>> = {}) {
  const seconds = Math.floor(Date.now() / 1000)
  return {
    sub: 'sub-1',
    iss: issuer,
    aud: 'client',
    token_use: 'id',
    email: 'ada@example.com',
    'cognito:username': 'name-1',
    iat: seconds,
    exp: seconds + 900,
    ...change,
  }
}

function sign(change: Readonly<Record<string, unknown>> = {}, key: KeyObject = own.privateKey): string {
  const text = `${part({ alg: 'RS256', kid: 'one' })}.${part(claimsOf(change))}`
  return `${text}.${createSign('RSA-SHA256').update(text).sign(key, 'base64url')}`
}

test('an ID token of this pool and client names its user, and the keys are fetched once', async () => {
  const verify = createTokenVerifier(issuer, 'client')
  state.fetches = 0
  const user = { userId: 'sub-1', email: 'ada@example.com', groups: [] }
  expect(await verify(sign())).toEqual(user)
  expect(await verify(sign({ 'cognito:groups': ['admins'] }))).toEqual({ ...user, groups: ['admins'] })
  expect(state.fetches).toBe(1)
})

test.each([
  ['expired', () => sign({ exp: Math.floor(Date.now() / 1000) - 1 })],
  ['of another client', () => sign({ aud: 'other' })],
  ['of another pool', () => sign({ iss: 'http://127.0.0.1:1/pool' })],
  ['an access token', () => sign({ token_use: 'access' })],
  ['signed by somebody else', () => sign({}, foreign.privateKey)],
  ['changed after signing', () => sign().replace(/\.[^.]+\./, `.${part(claimsOf({ sub: 'root' }))}.`)],
  ['unsigned', () => `${part({ alg: 'none', kid: 'one' })}.${part(claimsOf())}.`],
  ['no token', () => 'nonsense'],
])('a token that is %s names nobody', async (_, make) => {
  expect(await createTokenVerifier(issuer, 'client')(make())).toBeUndefined()
})

test('keys that cannot be had are an outage, not an invalid token', async () => {
  state.up = false
  const verify = createTokenVerifier(issuer, 'client')
  await expect(verify(sign())).rejects.toThrow()
  await expect(verify(sign())).rejects.toThrow()
  state.up = true
})

test('the user name of an expired token can be read, that of nonsense not', () => {
  expect(usernameOf(sign({ exp: 1 }))).toBe('name-1')
  expect(usernameOf('nonsense')).toBeUndefined()
})
