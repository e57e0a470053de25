import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Service } from '../../contract.ts'
import { type Served, serve } from '../../testing/serve.ts'
import { asRoot, type SignedRequest, signedByFunction } from '../testing/sign.ts'

const json: Service = {
  name: 'dynamodb',
  signingName: 'dynamodb',
  protocol: 'json',
  targetPrefix: 'DynamoDB_20120810',
  operations: { Echo: input => input },
  resources: {},
}
const rest: Service = {
  name: 'lambda',
  signingName: 'lambda',
  protocol: 'rest-json',
  routes: [{ method: 'GET', path: '/functions/{name}', operation: 'Get' }],
  operations: { Get: input => input },
  resources: {},
}
const query: Service = {
  name: 'sts',
  signingName: 'sts',
  protocol: 'query',
  operations: { Who: () => ({ Arn: 'a' }) },
  resources: {},
}
const objects: Service = {
  name: 's3',
  signingName: 's3',
  protocol: 'rest-xml',
  operations: {},
  resources: {},
  handle: async ({ path, identity, body }) => ({
    status: 200,
    headers: {},
    body: JSON.stringify({ path, kind: identity.kind, body: body.toString() }),
  }),
}

let served: Served

beforeEach(async () => {
  served = await serve(() => [json, rest, query, objects])
})
afterEach(() => served.close())

const echo = (): SignedRequest => ({
  service: 'dynamodb',
  url: served.url,
  headers: { 'x-amz-target': 'DynamoDB_20120810.Echo', 'content-type': 'application/x-amz-json-1.0' },
  body: '{"a":"b"}',
})
const who = (): SignedRequest => ({
  service: 'sts',
  url: served.url,
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: 'Action=Who',
})
const get = (): SignedRequest => ({
  service: 'lambda',
  method: 'GET',
  url: `${served.url}/functions/a%20b%3A1?x=1&a=%2F*&b`,
})
const put = (): SignedRequest => ({
  service: 's3',
  method: 'PUT',
  url: `${served.url}/bucket/a%20b//../c`,
  headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
  body: 'x',
})

async function send(request: SignedRequest, change: (init: RequestInit) => RequestInit = init => init) {
  const { url, init } = await signedByFunction(request)
  const response = await fetch(url, change(init))
  const text = await response.text()
  const code = /<Code>(.*?)<\/Code>/.exec(text)?.[1] ?? response.headers.get('x-amzn-errortype')
  return { status: response.status, code, text }
}

describe('a function’s request', () => {
  test.each([
    ['to a JSON service', echo],
    ['to a REST service, with letters that need encoding', get],
    ['to a query service', who],
    ['to S3, whose path is signed as it is sent', put],
    ['in the query', () => ({ ...get(), presigned: true })],
  ])('is taken with its own signature: %s', async (_name, request) => {
    expect(await send(request())).toMatchObject({ status: 200 })
  })

  test.each([
    ['a JSON service', echo, 400, 'InvalidSignatureException', /The String-to-Sign should have been/],
    ['a REST service', get, 403, 'InvalidSignatureException', /does not match the signature you provided/],
    ['a query service', who, 403, 'SignatureDoesNotMatch', /Check your AWS Secret Access Key/],
    ['S3', put, 403, 'SignatureDoesNotMatch', /<StringToSign>AWS4-HMAC-SHA256/],
  ])('with a wrong secret is refused by %s', async (_name, request, status, code, message) => {
    const refused = await send({ ...request(), secretAccessKey: 'guessed' })
    expect(refused).toMatchObject({ status, code, text: expect.stringMatching(message) })
  })

  test('whose body was changed on the way is refused', async () => {
    const refused = await send(echo(), init => ({ ...init, body: '{"a":"c"}' }))
    expect(refused).toMatchObject({ status: 400, code: 'InvalidSignatureException' })
  })

  test('whose body is not the one that S3 is told of is refused', async () => {
    const headers = { 'x-amz-content-sha256': 'f'.repeat(64) }
    expect(await send({ ...put(), headers })).toMatchObject({
      status: 400,
      code: 'XAmzContentSHA256Mismatch',
    })
  })

  test('whose address was changed on the way is refused', async () => {
    const { url, init } = await signedByFunction({ ...get(), presigned: true })
    expect((await fetch(url.replace('x=1', 'x=2'), init)).status).toBe(403)
  })

  test.each([
    ['16 minutes old', echo, -16, 400, 'InvalidSignatureException', /Signature expired: 20291231T234400Z/],
    ['16 minutes early', echo, 16, 400, 'InvalidSignatureException', /Signature not yet current/],
    ['16 minutes old, for STS', who, -16, 403, 'SignatureDoesNotMatch', /Signature expired/],
    ['16 minutes old, for S3', put, -16, 403, 'RequestTimeTooSkewed', /too large/],
  ])('that is %s on the local clock is refused', async (_name, request, minutes, status, code, message) => {
    const refused = await send({ ...request(), offsetMs: minutes * 60_000 })
    expect(refused).toMatchObject({ status, code, text: expect.stringMatching(message) })
  })

  test('within 15 minutes of the local clock is taken', async () => {
    expect(await send({ ...echo(), offsetMs: -14 * 60_000 })).toMatchObject({ status: 200 })
    expect(await send({ ...echo(), offsetMs: 14 * 60_000 })).toMatchObject({ status: 200 })
  })

  test('without its session token is refused', async () => {
    const refused = await send({ ...echo(), sessionToken: 'other' })
    expect(refused).toMatchObject({ status: 400, code: 'UnrecognizedClientException' })
  })
})

test.each([
  [
    'no signature',
    'AWS4-HMAC-SHA256 Credential=a/20300101/us-east-1/lambda/aws4_request, SignedHeaders=host',
  ],
  ['no scope', 'AWS4-HMAC-SHA256 Credential=a, SignedHeaders=host, Signature=0'],
])('an authorization with %s is incomplete', async (_name, authorization) => {
  const response = await fetch(`${served.url}/functions/f`, { headers: { authorization } })
  expect([response.status, response.headers.get('x-amzn-errortype')]).toEqual([
    403,
    'IncompleteSignatureException',
  ])
})

test('an unknown access key may sign what it likes', async () => {
  const response = await fetch(`${served.url}/bucket/key`, {
    method: 'PUT',
    headers: asRoot('s3'),
    body: 'x',
  })
  expect(await response.json()).toEqual({ path: '/bucket/key', kind: 'root', body: 'x' })
})

test('an unsigned call in the query protocol is one that lacks its signature', async () => {
  const { headers, body } = who()
  const response = await fetch(served.url, { method: 'POST', headers: { ...headers }, body: body ?? '' })
  expect(response.status).toBe(403)
  expect(await response.text()).toContain('<Code>MissingAuthenticationToken</Code>')
})

test('an unsigned request for an object comes from nobody', async () => {
  const response = await fetch(`${served.url}/bucket/key`)
  expect(await response.json()).toMatchObject({ kind: 'service' })
})
