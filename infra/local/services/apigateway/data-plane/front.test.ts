import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import {
  attachKey,
  callWithKey,
  type GatewayUnderTest,
  gatewayUnderTest,
  HANDLER,
  type Settings,
} from '../testing/gateway-under-test.ts'
import { rawHttp, statuses } from '../testing/raw-http.ts'

let gateway: GatewayUnderTest | undefined
afterEach(async () => {
  await gateway?.stop()
  gateway = undefined
})

async function start(settings: Settings = {}): Promise<GatewayUnderTest> {
  gateway = await gatewayUnderTest(settings)
  return gateway
}

async function startWithKey(settings: Settings = {}): Promise<GatewayUnderTest> {
  const api = await start(settings)
  await attachKey(api, { rateLimit: 100_000, burstLimit: 100_000 })
  return api
}

const lastEvent = (api: GatewayUnderTest) =>
  api.invocations.findLast(call => call.functionArn === HANDLER)?.event

const AUTHORIZATION = 'Authorization: Bearer tg_test_abcd'
const request = (line: string, ...headers: string[]) =>
  [`${line} HTTP/1.1`, AUTHORIZATION, ...headers, '', ''].join('\r\n')

test('the address of the API has the stage in its path, the local one has not', async () => {
  const api = await startWithKey()
  const apis = (await api.call('GetRestApis', {})).item as { id: string }[]
  const host = `Host: ${apis[0]?.id}.execute-api.localhost:8081`
  const direct = await rawHttp(api.url, request('GET /prod/v1/phone?a=1', host, 'Connection: close'))
  expect(statuses(direct)).toEqual([200])
  expect(lastEvent(api)).toMatchObject({ path: '/v1/phone', requestContext: { path: '/prod/v1/phone' } })
  const unknown = await rawHttp(api.url, request('GET /v1/phone', host, 'Connection: close'))
  expect(unknown).toMatch(/^HTTP\/1\.1 403 [\s\S]*ForbiddenException[\s\S]*\{"message":"Forbidden"\}$/)
  await callWithKey(api, '/prod/v1/phone')
  expect(lastEvent(api)).toMatchObject({ path: '/prod/v1/phone' })
})

test('an API that is not served at its own address is still served at the local one', async () => {
  const api = await startWithKey({ api: { DisableExecuteApiEndpoint: true } })
  const apis = (await api.call('GetRestApis', {})).item as { id: string }[]
  const host = `Host: ${apis[0]?.id}.execute-api.us-east-1.amazonaws.com`
  const direct = await rawHttp(api.url, request('GET /prod/v1/phone', host, 'Connection: close'))
  expect(statuses(direct)).toEqual([403])
  expect((await callWithKey(api)).status).toBe(200)
})

test('path and path parameters stay percent-encoded, the query is decoded, a slash at the end is allowed', async () => {
  const api = await startWithKey()
  await callWithKey(api, '/v1/a%2Bb@c/d%20e/?plus=x+y&url=%2F&dup=1&dup=2')
  expect(lastEvent(api)).toMatchObject({
    path: '/v1/a%2Bb@c/d%20e/',
    pathParameters: { proxy: 'v1/a%2Bb@c/d%20e' },
    queryStringParameters: { plus: 'x y', url: '/', dup: '2' },
    multiValueQueryStringParameters: { dup: ['1', '2'] },
  })
  expect((await fetch(`${api.url}/health/`)).status).toBe(200)
})

test('HEAD has the headers of the answer and no body; OPTIONS is a method like any other', async () => {
  const api = await startWithKey()
  const head = await callWithKey(api, '/v1/phone', { method: 'HEAD' })
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '11', ''])
  expect((await callWithKey(api, '/v1/phone', { method: 'OPTIONS' })).status).toBe(200)
  expect(lastEvent(api)).toMatchObject({ httpMethod: 'OPTIONS' })
})

test('repeated headers reach the function as a list, those of the connection not at all', async () => {
  const api = await startWithKey()
  const bytes = request(
    'POST /v1/phone',
    'Host: h',
    'X-Two: 1',
    'x-two: 2',
    'Content-Length: 2',
    'Connection: close',
  )
  await rawHttp(api.url, `${bytes}{}`)
  const { headers, multiValueHeaders } = lastEvent(api) ?? {}
  expect(headers).toMatchObject({ 'X-Two': '1', 'x-two': '2', Host: 'h' })
  expect(Object.keys(multiValueHeaders as object)).not.toEqual(
    expect.arrayContaining(['Connection', 'Content-Length']),
  )
})

test('a pair of header and value in both maps is sent once', async () => {
  const api = await startWithKey()
  api.functions.handler = () => ({
    statusCode: 200,
    headers: { 'X-Both': 'same', 'x-single': 'one', Connection: 'close', Date: 'never' },
    multiValueHeaders: { 'x-both': ['same', 'other'] },
  })
  const { headers } = await callWithKey(api)
  expect(headers.get('x-both')).toBe('same, other')
  expect(headers.get('x-single')).toBe('one')
  expect(headers.get('x-amzn-remapped-connection')).toBe('close')
  expect(headers.get('date')).toBe(new Date(api.clock.now()).toUTCString())
})

test('a body that should be base64 and is not is a configuration error', async () => {
  const api = await startWithKey({ api: { BinaryMediaTypes: ['image/png'] } })
  api.functions.handler = () => ({ statusCode: 200, body: '%%%', isBase64Encoded: true })
  const response = await callWithKey(api, '/v1/phone', { headers: { accept: 'image/png' } })
  expect([response.status, await response.json()]).toEqual([500, { message: 'Internal server error' }])
})

test('gateway responses can repeat what the caller sent, and a variable that is absent is left out', async () => {
  const api = await startWithKey({
    gatewayResponses: [
      {
        ResponseType: 'MISSING_AUTHENTICATION_TOKEN',
        StatusCode: 404,
        ResponseParameters: {
          'gatewayresponse.header.Access-Control-Allow-Origin': 'method.request.header.Origin',
          'gatewayresponse.header.X-Query': 'method.request.querystring.q',
          'gatewayresponse.header.X-Stage': 'stageVariables.color',
          'gatewayresponse.header.X-Absent': 'method.request.header.Absent',
        },
        ResponseTemplates: {
          'application/json':
            '{"path":"$context.path","color":"$stageVariables.color","why":$context.error.messageString}',
        },
      },
    ],
    stage: { Variables: { color: '蓝' } },
  })
  const response = await fetch(`${api.url}/health?q=%C3%BC`, {
    method: 'DELETE',
    headers: { origin: 'https://example.com' },
  })
  expect(response.status).toBe(404)
  expect(response.headers.get('access-control-allow-origin')).toBe('https://example.com')
  expect(Buffer.from(response.headers.get('x-stage') ?? '', 'latin1').toString()).toBe('蓝')
  expect(response.headers.has('x-query')).toBe(true)
  expect(response.headers.has('x-absent')).toBe(false)
  expect(await response.json()).toEqual({
    path: '/prod/health',
    color: '蓝',
    why: 'Missing Authentication Token',
  })
})

test('how long keys take to be seen is chosen when the cloud is assembled', async () => {
  const api = await start({ propagationMs: 60_000 })
  await attachKey(api)
  expect((await callWithKey(api)).status).toBe(403)
  await api.clock.advanceTo(api.clock.now() + 57_999)
  expect((await callWithKey(api)).status).toBe(403)
  await api.clock.advanceTo(api.clock.now() + 1)
  expect((await callWithKey(api)).status).toBe(200)
})

test('usage is told per plan and key, with what is left and what was refused', async () => {
  const api = await start()
  const { keyId, planId } = await attachKey(api, { rateLimit: 1, burstLimit: 2 })
  for (let call = 0; call < 3; call += 1) await callWithKey(api)
  await api.clock.advanceTo(api.clock.now() + 1_000)
  expect(api.service.usage()).toEqual([
    {
      planId,
      planName: 'starter',
      keyId,
      keyName: 'pool',
      total: 2,
      throttled: 1,
      perDay: { '2026-11-22': 2 },
      throttle: { rateLimit: 1, burstLimit: 2, tokensLeft: 1 },
    },
  ])
})

test('flushing the cache makes the authorizer decide again', async () => {
  const api = await startWithKey()
  const asked = () => api.invocations.filter(call => call.functionArn !== HANDLER).length
  await callWithKey(api)
  const apis = (await api.call('GetRestApis', {})).item as { id: string }[]
  await api.call('FlushStageAuthorizersCache', { restapi_id: apis[0]?.id, stage_name: 'prod' })
  await callWithKey(api)
  expect(asked()).toBe(2)
})

const nonsense: [what: string, bytes: string, expected: number[]][] = [
  ['a broken request line', 'NONSENSE\r\n\r\n', [400]],
  ['a header without a name', 'GET / HTTP/1.1\r\n: x\r\n\r\n', [400]],
  ['headers above 10,240 bytes', request('GET /v1/phone', 'Host: h', `X-Big: ${'x'.repeat(11_000)}`), [431]],
  ['a body cut off', `${request('POST /v1/phone', 'Host: h', 'Content-Length: 100')}{`, [400]],
  ['a broken chunk', `${request('POST /v1/phone', 'Host: h', 'Transfer-Encoding: chunked')}zz\r\n`, [400]],
  [
    'requests in one packet',
    request('GET /v1/1', 'Host: h') + request('GET /v1/2', 'Host: h', 'Connection: close'),
    [200, 200],
  ],
  ['an absolute target', request('GET http://h/v1/phone', 'Host: h', 'Connection: close'), [200]],
  ['a target that is no path', request('OPTIONS *', 'Host: h', 'Connection: close'), [200]],
  ['broken percent-encoding', request('GET /v1/%zz?%=%zz&%', 'Host: h', 'Connection: close'), [200]],
  [
    'an upgrade',
    request('GET /v1/phone', 'Host: h', 'Connection: Upgrade, close', 'Upgrade: websocket'),
    [200],
  ],
]

test.each(nonsense)('%s is answered, and the next caller notices nothing', async (_what, bytes, expected) => {
  const api = await startWithKey()
  expect(statuses(await rawHttp(api.url, bytes))).toEqual(expected)
  expect((await callWithKey(api)).status).toBe(200)
  await api.clock.whenIdle()
  expect(api.clock.inFlight()).toEqual({})
})

test('no bytes make the front fail', { timeout: 60_000 }, async () => {
  const api = await startWithKey()
  const text = fc.string({ unit: 'binary', maxLength: 40 })
  const target = fc.oneof(
    text,
    fc.webPath(),
    fc.constantFrom('/__proto__', '/%2e%2e/', '//', '/health?__proto__=1'),
  )
  const header = fc.tuple(fc.constantFrom('Host', 'X-Amzn-RequestId', 'Accept', '__proto__', 'Cookie'), text)
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('GET', 'POST', 'HEAD', 'BREW', ''),
      target,
      fc.array(header, { maxLength: 4 }),
      text,
      async (method, path, headers, body) => {
        const lines = headers.map(([name, value]) => `${name}: ${value}`)
        const bytes = request(`${method} ${path}`, ...lines, `Content-Length: ${Buffer.byteLength(body)}`)
        const received = statuses(await rawHttp(api.url, bytes + body))
        expect(received.filter(status => status >= 500)).toEqual([])
      },
    ),
    { numRuns: 150 },
  )
  expect((await callWithKey(api)).status).toBe(200)
})

test('whatever a function answers is an answer or 502, never a failure of the gateway', {
  timeout: 30_000,
}, async () => {
  const api = await startWithKey({ api: { BinaryMediaTypes: ['*/*'] } })
  const member = fc.constantFrom(
    'statusCode',
    'headers',
    'multiValueHeaders',
    'body',
    'isBase64Encoded',
    '__proto__',
  )
  const answer = fc.oneof(
    fc.jsonValue(),
    fc.dictionary(
      member,
      fc.oneof(fc.jsonValue(), fc.integer({ min: 90, max: 610 }), fc.dictionary(fc.string(), fc.string())),
    ),
  )
  await fc.assert(
    fc.asyncProperty(answer, async given => {
      api.functions.handler = () => JSON.stringify(given)
      const response = await callWithKey(api)
      await response.arrayBuffer()
      const { statusCode } = Object(given) as { statusCode?: unknown }
      const asked = typeof statusCode === 'object' ? Number.NaN : Number(statusCode)
      if (response.status >= 500 && response.status !== asked) expect([500, 502]).toContain(response.status)
    }),
    { numRuns: 150 },
  )
  expect(api.journal).toEqual([])
})
