import { afterEach, expect, test } from 'vitest'
import { createClock, type LocalClock } from '../../clock.ts'
import {
  type InvokeResult,
  type LocalCloud,
  type OperationContext,
  type Service,
  ServiceError,
} from '../../contract.ts'
import { freePorts } from '../../testing/assembly.ts'
import { createHttpApiService } from './index.ts'

const START = Date.UTC(2026, 10, 22, 15, 0, 0)
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:portal'

type Handler = (event: Record<string, unknown>) => unknown
type Running = {
  url: string
  service: Service
  apiId: string
  addRoute(routeKey: string): Promise<unknown>
  call(operation: string, input: unknown): Promise<unknown>
  checked: string[]
  clock: LocalClock
  events: Record<string, unknown>[]
  logs: string[]
  stop(): Promise<void>
}

let running: Running | undefined
afterEach(async () => {
  await running?.stop()
  running = undefined
})

/** An HTTP API with the given routes on a frozen clock, served on a free port. */
async function start(
  handler: Handler,
  routes = ['$default'],
  stage: object = {},
  accountThrottle = () => true,
): Promise<Running> {
  const clock = createClock({ mode: 'frozen', startAt: START })
  const events: Record<string, unknown>[] = []
  const logs: string[] = []
  const cloud: Partial<LocalCloud> = {
    clock,
    region: 'us-east-1',
    accountId: '000000000000',
    journal: () => {},
    async invoke(_functionArn: string, payload: string): Promise<InvokeResult> {
      const event = JSON.parse(payload) as Record<string, unknown>
      events.push(event)
      const answer = handler(event)
      if (answer instanceof TypeError) return { payload: '{}', functionError: 'Unhandled', requestId: 'r' }
      return { payload: JSON.stringify(answer), requestId: 'r' }
    },
    putLogs: (_group, _stream, lines) => void logs.push(...lines.map(line => line.message)),
  }
  const [port = 0] = await freePorts(1)
  const service = createHttpApiService(cloud as LocalCloud, {
    ports: { portal: port },
    accountThrottle,
  })
  const provide = async (type: string, logicalId: string, properties: object) => {
    const request = {
      stackName: 's',
      logicalId,
      type: `AWS::ApiGatewayV2::${type}`,
      properties,
      assemblyDir: '/',
    }
    return (await service.resources[request.type]?.(request))?.ref
  }
  const ApiId = await provide('Api', 'Api', { Name: 'portal', ProtocolType: 'HTTP' })
  const integration = {
    ApiId,
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: FUNCTION,
    PayloadFormatVersion: '2.0',
  }
  const integrationId = await provide('Integration', 'Integration', integration)
  const addRoute = (RouteKey: string) =>
    provide('Route', `Route${RouteKey}`, { ApiId, RouteKey, Target: `integrations/${integrationId}` })
  for (const routeKey of routes) await addRoute(routeKey)
  await provide('Stage', 'Stage', { ApiId, StageName: '$default', AutoDeploy: true, ...stage })
  const checked: string[] = []
  const context: OperationContext = {
    identity: { kind: 'root' },
    requestId: 'r',
    authorize: (action, resource) => void checked.push(`${action} ${resource}`),
  }
  running = {
    url: `http://127.0.0.1:${port}`,
    service,
    apiId: ApiId ?? '',
    addRoute,
    call: async (operation, input) => service.operations[operation]?.(input, context),
    checked,
    clock,
    events,
    logs,
    stop: async () => service.stop?.(),
  }
  return running
}

test('the event has payload format 2.0: joined headers, cookies apart, forms in base64', async () => {
  const api = await start(() => ({ statusCode: 204 }))
  await fetch(`${api.url}/keys/new?a=1&a=2&b=`, {
    method: 'POST',
    headers: { cookie: 'a=1; b=2', 'content-type': 'application/x-www-form-urlencoded', 'x-two': 'v' },
    body: 'name=x',
  })
  const [event] = api.events
  expect(event).toMatchObject({
    version: '2.0',
    routeKey: '$default',
    rawPath: '/keys/new',
    rawQueryString: 'a=1&a=2&b=',
    cookies: ['a=1', 'b=2'],
    headers: { 'x-two': 'v', 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'https' },
    queryStringParameters: { a: '1,2', b: '' },
    body: Buffer.from('name=x').toString('base64'),
    isBase64Encoded: true,
    requestContext: {
      http: { method: 'POST', path: '/keys/new', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1' },
      stage: '$default',
      time: '22/Nov/2026:15:00:00 +0000',
      timeEpoch: START,
    },
  })
  expect(event?.headers).not.toHaveProperty('cookie')
})

test('a JSON body travels as text', async () => {
  const api = await start(() => ({ statusCode: 204 }))
  await fetch(api.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: '{}',
  })
  expect(api.events[0]).toMatchObject({ body: '{}', isBase64Encoded: false })
})

test('an answer can set several cookies and carry bytes', async () => {
  const bytes = Buffer.from([0, 255, 1])
  const headers = { 'content-type': 'font/woff2', 'cache-control': 'max-age=1' }
  const cookies = ['a=1; HttpOnly', 'b=2']
  const api = await start(() => ({
    statusCode: 200,
    headers,
    cookies,
    body: bytes.toString('base64'),
    isBase64Encoded: true,
  }))
  const response = await fetch(api.url)
  expect(response.headers.getSetCookie()).toEqual(cookies)
  expect(response.headers.get('content-type')).toBe('font/woff2')
  expect(response.headers.get('apigw-requestid')).toMatch(/^[\w+/]{15}=$/)
  expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes)
})

test('an answer without a status is the body', async () => {
  const api = await start(() => ({ received: true }))
  const response = await fetch(api.url)
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json'])
  expect(await response.json()).toEqual({ received: true })
})

const failures: [what: string, handler: Handler, status: number, message: string][] = [
  ['a function that throws', () => new TypeError('x'), 500, 'Internal Server Error'],
  ['a malformed status', () => ({ statusCode: 'abc' }), 500, 'Internal Server Error'],
  [
    'a header with a line break',
    () => ({ statusCode: 200, headers: { a: 'x\r\ny: z' } }),
    500,
    'Internal Server Error',
  ],
  [
    'a call that is not allowed',
    () => {
      throw new ServiceError('AccessDeniedException', 'no', 403)
    },
    500,
    'Internal Server Error',
  ],
  [
    'a throttled function',
    () => {
      throw new ServiceError('TooManyRequestsException', 'no', 429)
    },
    503,
    'Service Unavailable',
  ],
]

test.each(failures)('%s is answered without details', async (_what, handler, status, message) => {
  const api = await start(handler)
  const response = await fetch(api.url)
  expect([response.status, await response.json()]).toEqual([status, { message }])
})

test('the most specific route answers, a method before ANY, the default last', async () => {
  const api = await start(
    () => ({ statusCode: 204 }),
    ['$default', 'ANY /a/{proxy+}', 'POST /a/{id}', 'ANY /only', 'GET /only', 'GET /a/b'],
  )
  const requests = [
    ['GET', '/a/b'],
    ['POST', '/a/b'],
    ['PUT', '/a/b'],
    ['GET', '/a/b/c'],
    ['GET', '/z'],
    ['GET', '/only'],
  ] as const
  for (const [method, path] of requests) await fetch(`${api.url}${path}`, { method })
  expect(api.events.map(event => [event.routeKey, event.pathParameters])).toEqual([
    ['GET /a/b', undefined],
    ['POST /a/{id}', { id: 'b' }],
    ['ANY /a/{proxy+}', { proxy: 'b' }],
    ['ANY /a/{proxy+}', { proxy: 'b/c' }],
    ['$default', undefined],
    ['GET /only', undefined],
  ])
})

test('a route that comes after the stage is served too', async () => {
  const api = await start(() => ({ statusCode: 204 }), ['GET /a'])
  expect((await fetch(`${api.url}/late`)).status).toBe(404)
  await api.addRoute('GET /late')
  expect((await fetch(`${api.url}/late`)).status).toBe(204)
})

test('what no route takes is not found, and a body above 10 MB is refused', async () => {
  const api = await start(() => ({ statusCode: 204 }), ['POST /stripe'])
  const unknown = await fetch(`${api.url}/other`)
  expect([unknown.status, await unknown.json()]).toEqual([404, { message: 'Not Found' }])
  const large = await fetch(`${api.url}/stripe`, { method: 'POST', body: 'x'.repeat(10 * 1024 * 1024 + 1) })
  expect(large.status).toBe(413)
  expect(api.events).toEqual([])
})

test('the access log has one line per request and the stage throttle refills on the local clock', async () => {
  const DestinationArn = 'arn:aws:logs:us-east-1:000000000000:log-group:portal-access'
  const AccessLogSettings = {
    DestinationArn,
    Format: '$context.httpMethod $context.path $context.status $context.authorizer.x',
  }
  const DefaultRouteSettings = { ThrottlingRateLimit: 1, ThrottlingBurstLimit: 1 }
  const api = await start(() => ({ statusCode: 204 }), ['$default'], {
    AccessLogSettings,
    DefaultRouteSettings,
  })
  await fetch(`${api.url}/x`)
  await fetch(`${api.url}/x`)
  await api.clock.whenIdle()
  await api.clock.advanceTo(START + 1_000)
  await fetch(`${api.url}/y`)
  await api.clock.whenIdle()
  expect(api.logs).toEqual(['GET /x 204 -', 'GET /x 429 -', 'GET /y 204 -'])
})

test('a request that the account has no token for is refused like one above the stage throttle', async () => {
  const api = await start(
    () => ({ statusCode: 204 }),
    ['$default'],
    {},
    () => false,
  )
  const refused = await fetch(api.url)
  expect([refused.status, await refused.json()]).toEqual([429, { message: 'Too Many Requests' }])
  expect(api.events).toEqual([])
})

test('paths are decoded for the function, the query is not', async () => {
  const api = await start(() => ({ statusCode: 204 }), ['$default', 'GET /people/{name}'])
  await fetch(`${api.url}/people/a%20b?q=%20`)
  await fetch(`${api.url}/x%3Fy/z`)
  expect(api.events).toMatchObject([
    {
      rawPath: '/people/a b',
      rawQueryString: 'q=%20',
      pathParameters: { name: 'a b' },
      requestContext: { http: { path: '/people/a b' } },
    },
    { rawPath: '/x' },
  ])
})

test('the control plane shows the API, its routes, integrations and stage', async () => {
  const DefaultRouteSettings = { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 9 }
  const api = await start(() => ({}), ['$default', 'GET /a'], { DefaultRouteSettings })
  const { apiId } = api
  const shown = { apiId, name: 'portal', protocolType: 'HTTP', apiEndpoint: api.url }
  expect(await api.call('GetApis', {})).toMatchObject({ items: [shown] })
  expect(await api.call('GetApi', { apiId })).toMatchObject(shown)
  const integrations = (await api.call('GetIntegrations', { apiId })) as {
    items: { integrationId: string }[]
  }
  const [{ integrationId } = { integrationId: '' }] = integrations.items
  expect(await api.call('GetIntegration', { apiId, integrationId })).toMatchObject({
    integrationUri: FUNCTION,
  })
  const routes = (await api.call('GetRoutes', { apiId })) as {
    items: { routeKey: string; routeId: string }[]
  }
  expect(routes.items.map(route => route.routeKey).sort()).toEqual(['$default', 'GET /a'])
  const routeId = routes.items[0]?.routeId ?? ''
  expect(await api.call('GetRoute', { apiId, routeId })).toMatchObject({
    target: `integrations/${integrationId}`,
  })
  const stage = { stageName: '$default', autoDeploy: true, createdDate: '2026-11-22T15:00:00.000Z' }
  expect(await api.call('GetStages', { apiId })).toMatchObject({ items: [stage] })
  expect(await api.call('GetStage', { apiId, stageName: '$default' })).toMatchObject({
    defaultRouteSettings: { throttlingRateLimit: 5, throttlingBurstLimit: 9 },
  })
  expect(api.checked).toContain(`apigateway:GET arn:aws:apigateway:us-east-1::/apis/${apiId}/stages/$default`)
})

test('pages of routes cover each once', async () => {
  const api = await start(() => ({}), ['GET /a', 'GET /b', 'GET /c'])
  const found: string[] = []
  let nextToken: string | undefined
  for (let pages = 0; pages < 3; pages += 1) {
    const input = { apiId: api.apiId, maxResults: '2', ...(nextToken && { nextToken }) }
    const page = (await api.call('GetRoutes', input)) as { items: { routeKey: string }[]; nextToken?: string }
    found.push(...page.items.map(route => route.routeKey))
    nextToken = page.nextToken
    if (nextToken === undefined) break
  }
  expect(found.sort()).toEqual(['GET /a', 'GET /b', 'GET /c'])
})

const badReads: [operation: string, input: unknown, code: string][] = [
  ['GetApi', { apiId: '__proto__' }, 'NotFoundException'],
  ['GetApi', {}, 'BadRequestException'],
  ['GetApi', { apiId: { a: 1 } }, 'BadRequestException'],
  ['GetStage', { apiId: '<api>', stageName: 'prod' }, 'NotFoundException'],
  ['GetRoute', { apiId: '<api>', routeId: 'constructor' }, 'NotFoundException'],
  ['GetApis', { maxResults: '0' }, 'BadRequestException'],
  ['GetApis', { nextToken: '%%' }, 'BadRequestException'],
]

test.each(badReads)('%s with %j is refused', async (operation, input, code) => {
  const api = await start(() => ({}))
  const text = JSON.stringify(input).replace('<api>', api.apiId)
  await expect(api.call(operation, JSON.parse(text))).rejects.toMatchObject({ code })
})

test('the throttle goes on after a restart where it stood', async () => {
  const DefaultRouteSettings = { ThrottlingRateLimit: 1, ThrottlingBurstLimit: 1 }
  const before = await start(() => ({ statusCode: 204 }), ['$default'], { DefaultRouteSettings })
  expect((await fetch(before.url)).status).toBe(204)
  const saved = structuredClone(before.service.snapshot?.())
  await before.stop()
  const after = await start(() => ({ statusCode: 204 }), ['$default'], { DefaultRouteSettings })
  await after.service.restore?.(saved)
  expect((await fetch(after.url)).status).toBe(429)
})
