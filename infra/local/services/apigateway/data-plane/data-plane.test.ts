import { afterEach, expect, test } from 'vitest'
import { ServiceError } from '../../../contract.ts'
import {
  allow,
  attachKey,
  callWithKey,
  type GatewayUnderTest,
  gatewayUnderTest,
  HANDLER,
  KEY_VALUE,
  type Settings,
  START,
} from '../testing/gateway-under-test.ts'

let gateway: GatewayUnderTest | undefined
afterEach(async () => {
  await gateway?.stop()
  gateway = undefined
})

async function start(settings: Settings = {}): Promise<GatewayUnderTest> {
  gateway = await gatewayUnderTest(settings)
  return gateway
}

const lastLog = (of: GatewayUnderTest) => of.logs.at(-1)

test('a call with a good key reaches the function and is logged once', async () => {
  const api = await start()
  const { keyId } = await attachKey(api)
  const response = await callWithKey(api)
  expect(response.status).toBe(200)
  expect(await response.json()).toEqual({ ok: true })
  expect(response.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/)
  expect(response.headers.get('date')).toBe(new Date(api.clock.now()).toUTCString())
  await api.clock.whenIdle()
  expect(api.logs).toHaveLength(1)
  expect(lastLog(api)).toMatchObject({
    group: 'access',
    status: '200',
    'authorizer.account': 'acct_1',
    'error.responseType': '-',
    'integration.status': '200',
    'identity.apiKeyId': keyId,
    extendedRequestId: response.headers.get('x-amz-apigw-id'),
  })
})

test('the proxy event has the members of the real one', async () => {
  const api = await start({ api: { BinaryMediaTypes: ['image/png'] } })
  const { keyId } = await attachKey(api)
  await callWithKey(api, '/v1/phone?a=1&a=2&b=x%20y', {
    method: 'POST',
    body: '{"n":1}',
    headers: { 'X-Twice': 'one' },
  })
  const event = api.invocations.find(call => call.functionArn === HANDLER)?.event
  expect(event).toMatchObject({
    resource: '/{proxy+}',
    path: '/v1/phone',
    httpMethod: 'POST',
    queryStringParameters: { a: '2', b: 'x y' },
    multiValueQueryStringParameters: { a: ['1', '2'], b: ['x y'] },
    pathParameters: { proxy: 'v1/phone' },
    stageVariables: null,
    body: '{"n":1}',
    isBase64Encoded: false,
    requestContext: {
      resourcePath: '/{proxy+}',
      path: '/prod/v1/phone',
      stage: 'prod',
      protocol: 'HTTP/1.1',
      accountId: '000000000000',
      requestTimeEpoch: START + 2_000,
      requestTime: '22/Nov/2026:15:00:02 +0000',
      authorizer: { account: 'acct_1', principalId: 'acct_1' },
      identity: { sourceIp: '127.0.0.1', apiKey: KEY_VALUE, apiKeyId: keyId },
    },
  })
  expect(Object.keys(event ?? {}).sort()).toEqual(
    'body headers httpMethod isBase64Encoded multiValueHeaders multiValueQueryStringParameters path pathParameters queryStringParameters requestContext resource stageVariables'.split(
      ' ',
    ),
  )
  expect(Object.keys((event?.requestContext ?? {}) as object).sort()).toEqual(
    'accountId apiId authorizer deploymentId domainName domainPrefix extendedRequestId httpMethod identity path protocol requestId requestTime requestTimeEpoch resourceId resourcePath stage'.split(
      ' ',
    ),
  )
  expect(event?.multiValueHeaders).toMatchObject({ 'X-Forwarded-For': ['127.0.0.1'] })
})

test('a caller can choose the request id but never the extended one', async () => {
  const api = await start()
  await attachKey(api, { rateLimit: 100, burstLimit: 100 })
  const uuid = '11111111-2222-3333-4444-555555555555'
  const sent = ['not-a-uuid', uuid, uuid, uuid]
  const responses = await Promise.all(
    sent.map(id => callWithKey(api, '/v1/phone', { headers: { 'x-amzn-RequestId': id } })),
  )
  expect(responses.map(response => response.headers.get('x-amzn-requestid'))).toEqual([
    'UUID_REPLACED_INVALID_REQUEST_ID',
    uuid,
    uuid,
    uuid,
  ])
  const own = await callWithKey(api, '/v1/phone', {
    headers: { 'x-amz-apigw-id': 'mine', extendedRequestId: 'mine' },
  })
  const extended = [...responses, own].map(response => response.headers.get('x-amz-apigw-id'))
  expect(new Set(extended).size).toBe(5)
  expect(extended.every(id => /^[\w+/]{15}=$/.test(id ?? ''))).toBe(true)
})

const refusals: [
  name: string,
  settings: Settings,
  prepare: (api: GatewayUnderTest) => void,
  init: RequestInit,
  status: number,
  type: string,
][] = [
  ['no key', {}, () => {}, { headers: { authorization: '' } }, 401, 'UNAUTHORIZED'],
  [
    'a malformed key',
    {},
    () => {},
    { headers: { authorization: 'Bearer tg_test_abcd ' + 'x' } },
    401,
    'UNAUTHORIZED',
  ],
  [
    'an authorizer that says Unauthorized',
    {},
    api => {
      api.functions.authorizer = () => {
        throw new TypeError('Unauthorized')
      }
    },
    {},
    401,
    'UNAUTHORIZED',
  ],
  [
    'an authorizer that fails',
    {},
    api => {
      api.functions.authorizer = () => {
        throw new TypeError('store down')
      }
    },
    {},
    500,
    'AUTHORIZER_FAILURE',
  ],
  [
    'an authorizer that may not be called',
    {},
    api => {
      api.functions.authorizer = () => {
        throw new ServiceError('AccessDeniedException', 'no', 403)
      }
    },
    {},
    500,
    'AUTHORIZER_CONFIGURATION_ERROR',
  ],
  [
    'an authorizer that answers nonsense',
    {},
    api => {
      api.functions.authorizer = () => ({ isAuthorized: true })
    },
    {},
    500,
    'AUTHORIZER_CONFIGURATION_ERROR',
  ],
  [
    'objects in the authorizer context',
    {},
    api => {
      api.functions.authorizer = () => allow({ context: { a: {} } })
    },
    {},
    500,
    'AUTHORIZER_CONFIGURATION_ERROR',
  ],
  [
    'a policy for another path',
    {},
    api => {
      api.functions.authorizer = () =>
        allow({
          policyDocument: {
            Statement: [
              {
                Effect: 'Allow',
                Action: 'execute-api:Invoke',
                Resource: 'arn:aws:execute-api:us-east-1:000000000000:*/prod/GET/*',
              },
            ],
          },
        })
    },
    { method: 'POST' },
    403,
    'ACCESS_DENIED',
  ],
  [
    'an explicit deny',
    {},
    api => {
      api.functions.authorizer = () =>
        allow({ policyDocument: { Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }] } })
    },
    {},
    403,
    'ACCESS_DENIED',
  ],
  [
    'an unknown gateway key',
    {},
    api => {
      api.functions.authorizer = () => allow({ usageIdentifierKey: 'another-gateway-key-000' })
    },
    {},
    403,
    'INVALID_API_KEY',
  ],
  [
    'no gateway key',
    {},
    api => {
      api.functions.authorizer = () => allow({ usageIdentifierKey: undefined })
    },
    {},
    403,
    'INVALID_API_KEY',
  ],
  [
    'a function that throws',
    {},
    api => {
      api.functions.handler = () => {
        throw new TypeError('boom')
      }
    },
    {},
    502,
    'DEFAULT_5XX',
  ],
  [
    'a malformed answer',
    {},
    api => {
      api.functions.handler = () => ({ status: 200 })
    },
    {},
    502,
    'DEFAULT_5XX',
  ],
  [
    'an answer with an object body',
    {},
    api => {
      api.functions.handler = () => ({ statusCode: 200, body: {} })
    },
    {},
    502,
    'DEFAULT_5XX',
  ],
  [
    'a status that is no number',
    {},
    api => {
      api.functions.handler = () => ({ statusCode: { toString: 1 } })
    },
    {},
    502,
    'DEFAULT_5XX',
  ],
  [
    'an event larger than Lambda takes',
    {},
    api => {
      api.functions.handler = () => {
        throw new ServiceError('RequestTooLargeException', 'too large', 413)
      }
    },
    {},
    413,
    'REQUEST_TOO_LARGE',
  ],
  [
    'a function that may not be called',
    {},
    api => {
      api.functions.handler = () => {
        throw new ServiceError('AccessDeniedException', 'no', 403)
      }
    },
    {},
    500,
    'API_CONFIGURATION_ERROR',
  ],
  [
    'a failure of Lambda itself',
    {},
    api => {
      api.functions.handler = () => {
        throw new ServiceError('ServiceException', 'down', 500)
      }
    },
    {},
    504,
    'INTEGRATION_FAILURE',
  ],
  [
    'a throttled function',
    {},
    api => {
      api.functions.handler = () => {
        throw new ServiceError('TooManyRequestsException', 'Rate Exceeded.', 429)
      }
    },
    {},
    500,
    'DEFAULT_5XX',
  ],
]

test.each(refusals)(
  '%s is refused by the gateway and logged',
  async (_name, settings, prepare, init, status, type) => {
    const api = await start(settings)
    await attachKey(api)
    prepare(api)
    const response = await callWithKey(api, '/v1/phone', init)
    expect(response.status).toBe(status)
    expect(await response.json()).toHaveProperty('message')
    await api.clock.whenIdle()
    expect(lastLog(api)).toMatchObject({ status: String(status), 'error.responseType': type })
    expect(api.journal.filter(line => line.startsWith('request failed'))).toEqual([])
  },
)

test('a missing or malformed key never reaches the authorizer function', async () => {
  const api = await start()
  await fetch(`${api.url}/v1/phone`)
  await fetch(`${api.url}/v1/phone`, { headers: { authorization: 'Bearer nonsense' } })
  expect(api.invocations).toEqual([])
})

test('the keyless route needs nothing, and any other method on it is unknown', async () => {
  const api = await start()
  expect((await fetch(`${api.url}/health`)).status).toBe(200)
  const unknown = await fetch(`${api.url}/health`, { method: 'DELETE' })
  expect([unknown.status, await unknown.json()]).toEqual([403, { message: 'Missing Authentication Token' }])
})

test('a body above 10 MB is refused before the authorizer is asked', async () => {
  const api = await start()
  const response = await callWithKey(api, '/v1/phone', {
    method: 'POST',
    body: 'x'.repeat(10 * 1024 * 1024 + 1),
  })
  expect(response.status).toBe(413)
  expect(api.invocations).toEqual([])
})

test('the authorizer is asked once per identity until its answer expires on the local clock', async () => {
  const api = await start()
  await attachKey(api, { rateLimit: 100, burstLimit: 100 })
  const asked = () => api.invocations.filter(call => call.functionArn !== HANDLER).length
  await callWithKey(api)
  await callWithKey(api, '/v1/email')
  expect(asked()).toBe(1)
  await callWithKey(api, '/v1/email', { headers: { authorization: 'Bearer tg_test_wxyz' } })
  expect(asked()).toBe(2)
  await api.clock.advanceTo(api.clock.now() + 59_999)
  await callWithKey(api)
  expect(asked()).toBe(2)
  await api.clock.advanceTo(api.clock.now() + 1)
  await callWithKey(api)
  expect(asked()).toBe(3)
})

test('failures of the authorizer are not remembered, denials are', async () => {
  const api = await start()
  await attachKey(api)
  api.functions.authorizer = () => {
    throw new TypeError('store down')
  }
  expect((await callWithKey(api)).status).toBe(500)
  api.functions.authorizer = () =>
    allow({ policyDocument: { Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }] } })
  expect((await callWithKey(api)).status).toBe(403)
  api.functions.authorizer = () => allow()
  expect((await callWithKey(api)).status).toBe(403)
})

test('a REQUEST authorizer gets the request and is cached by all its identity sources', async () => {
  const api = await start({
    authorizer: {
      Type: 'REQUEST',
      IdentityValidationExpression: undefined,
      IdentitySource: 'method.request.header.Authorization, method.request.querystring.tenant',
    },
  })
  await attachKey(api)
  expect((await callWithKey(api)).status).toBe(401)
  await callWithKey(api, '/v1/phone?tenant=a')
  await callWithKey(api, '/v1/phone?tenant=a')
  await callWithKey(api, '/v1/phone?tenant=b')
  const events = api.invocations.filter(call => call.functionArn !== HANDLER).map(call => call.event)
  expect(events.map(event => event.queryStringParameters)).toEqual([{ tenant: 'a' }, { tenant: 'b' }])
  expect(events[0]).toMatchObject({
    type: 'REQUEST',
    resource: '/{proxy+}',
    path: '/v1/phone',
    httpMethod: 'GET',
  })
})

test('a key works only after its propagation time, and stops working only after it', async () => {
  const api = await start()
  const { keyId } = await attachKey(api, { rateLimit: 100, burstLimit: 100 })
  await api.call('UpdateApiKey', {
    api_Key: keyId,
    patchOperations: [{ op: 'replace', path: '/enabled', value: 'false' }],
  })
  expect((await callWithKey(api)).status).toBe(200)
  await api.clock.advanceTo(api.clock.now() + 1_999)
  expect((await callWithKey(api)).status).toBe(200)
  await api.clock.advanceTo(api.clock.now() + 1)
  expect((await callWithKey(api)).status).toBe(403)
})

test('a key above its burst waits for its rate on the local clock, and only accepted calls count as used', async () => {
  const api = await start()
  const { keyId, planId } = await attachKey(api, { rateLimit: 2, burstLimit: 5 })
  const statuses = async (count: number) => {
    const found: number[] = []
    for (let index = 0; index < count; index += 1) found.push((await callWithKey(api)).status)
    return found
  }
  expect(await statuses(7)).toEqual([200, 200, 200, 200, 200, 429, 429])
  await api.clock.advanceTo(api.clock.now() + 1_000)
  expect(await statuses(3)).toEqual([200, 200, 429])
  const usage = await api.call('GetUsage', {
    usageplanId: planId,
    startDate: '2026-11-21',
    endDate: '2026-11-22',
  })
  expect(usage.values).toEqual({
    [keyId]: [
      [0, 0],
      [7, 0],
    ],
  })
})

test('the stage throttle holds for callers together', async () => {
  const settings = { HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: 1, ThrottlingBurstLimit: 2 }
  const api = await start({ stage: { MethodSettings: [settings] } })
  await attachKey(api, { rateLimit: 100, burstLimit: 100 })
  const statuses = [await callWithKey(api), await fetch(`${api.url}/health`), await callWithKey(api)].map(
    r => r.status,
  )
  expect(statuses).toEqual([200, 200, 429])
})

test('the account throttle holds for all APIs together, after the limits of key and stage', async () => {
  let tokens = 2
  const api = await start({ accountThrottle: () => tokens-- > 0 })
  await attachKey(api, { rateLimit: 1, burstLimit: 1 })
  const statuses: number[] = []
  for (const call of [callWithKey(api), callWithKey(api), fetch(`${api.url}/health`)])
    statuses.push((await call).status)
  expect(statuses.sort()).toEqual([200, 200, 429])
  expect((await fetch(`${api.url}/health`)).status).toBe(429)
  expect(api.logs.at(-1)).toMatchObject({ 'error.responseType': 'THROTTLED' })
})

test('gateway responses substitute what the authorizer said, in the body and in headers', async () => {
  const api = await start({
    gatewayResponses: [
      {
        ResponseType: 'ACCESS_DENIED',
        StatusCode: '402',
        ResponseParameters: {
          'gatewayresponse.header.Retry-After': 'context.authorizer.retryAfter',
          'gatewayresponse.header.Content-Type': "'application/problem+json'",
          'gatewayresponse.header.X-Absent': 'context.authorizer.nothing',
        },
        ResponseTemplates: {
          'application/json':
            '{"code":"$context.authorizer.code","id":"$context.requestId","why":$context.error.messageString}',
        },
      },
      {
        ResponseType: 'DEFAULT_5XX',
        ResponseTemplates: { 'application/json': '{"id":"$context.extendedRequestId"}' },
      },
    ],
  })
  await attachKey(api)
  api.functions.authorizer = () =>
    allow({
      policyDocument: { Statement: [{ Effect: 'Deny', Action: 'execute-api:Invoke', Resource: '*' }] },
      context: { code: 'payment_overdue', retryAfter: 3600 },
    })
  const denied = await callWithKey(api)
  expect(denied.status).toBe(402)
  expect(denied.headers.get('retry-after')).toBe('3600')
  expect(denied.headers.get('content-type')).toBe('application/problem+json')
  expect(denied.headers.has('x-absent')).toBe(false)
  expect(await denied.json()).toEqual({
    code: 'payment_overdue',
    id: denied.headers.get('x-amzn-requestid'),
    why: 'User is not authorized to access this resource with an explicit deny',
  })
  api.functions.authorizer = () => {
    throw new TypeError('store down')
  }
  const failed = await callWithKey(api, '/v1/phone', { headers: { authorization: 'Bearer tg_test_wxyz' } })
  expect([failed.status, await failed.json()]).toEqual([500, { id: failed.headers.get('x-amz-apigw-id') }])
})

test('multi-value headers and binary bodies travel both ways', async () => {
  const api = await start({ api: { BinaryMediaTypes: ['image/png'] } })
  await attachKey(api)
  const bytes = Buffer.from([137, 80, 78, 71, 0, 255])
  api.functions.handler = event => ({
    statusCode: '201',
    multiValueHeaders: {
      'Set-Cookie': ['a=1', 'b=2'],
      'Content-Type': ['image/png'],
      'WWW-Authenticate': ['Bearer'],
    },
    body: event.body,
    isBase64Encoded: event.isBase64Encoded,
  })
  const response = await callWithKey(api, '/v1/phone', {
    method: 'POST',
    body: bytes,
    headers: { 'content-type': 'image/png', accept: 'image/png' },
  })
  expect(response.status).toBe(201)
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  expect(response.headers.get('x-amzn-remapped-www-authenticate')).toBe('Bearer')
  expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes)
})

test('the gateway stops waiting for a function after the integration timeout', async () => {
  const api = await start({
    method: {
      Integration: {
        Type: 'AWS_PROXY',
        IntegrationHttpMethod: 'POST',
        TimeoutInMillis: 50,
        Uri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${HANDLER}-slow/invocations`,
      },
    },
  })
  await attachKey(api)
  const { promise, resolve } = Promise.withResolvers<void>()
  api.functions.slow = () => promise
  const response = await callWithKey(api)
  resolve()
  expect([response.status, await response.json()]).toEqual([504, { message: 'Endpoint request timed out' }])
})

test('the cloud is busy until the response and its log line are handed over', async () => {
  const api = await start()
  await attachKey(api)
  let during: Record<string, number> = {}
  api.functions.handler = () => {
    during = api.clock.inFlight()
    return { statusCode: 204 }
  }
  await callWithKey(api)
  await api.clock.whenIdle()
  expect(Object.keys(during)).toEqual(['GET /v1/phone on test-api'])
  expect(api.logs).toHaveLength(1)
})
