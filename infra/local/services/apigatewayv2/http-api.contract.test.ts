import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type ContractCloud,
  contractCloud,
  fromEnvironment,
  ownName,
  signedFetch,
} from '../../testing/contract-cloud.ts'
import { ON_AWS } from '../../testing/contract-target.ts'

/** No SDK client of HTTP APIs is at hand: the suite speaks the wire. */
const name = ownName('http-api')
const throttle = { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 9 }
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:nobody'
let cloud: ContractCloud
let fetch: ReturnType<typeof signedFetch>
let apiId: string

beforeAll(async () => {
  const ApiId = { Ref: 'Api' }
  const route = (RouteKey: string) => ({
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: { ApiId, RouteKey, Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'Work' }]] } },
  })
  cloud = await contractCloud(
    {
      Resources: {
        Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: name, ProtocolType: 'HTTP' } },
        Work: {
          Type: 'AWS::ApiGatewayV2::Integration',
          Properties: {
            ApiId,
            IntegrationType: 'AWS_PROXY',
            IntegrationUri: FUNCTION,
            PayloadFormatVersion: '2.0',
          },
        },
        Any: route('$default'),
        One: route('GET /one'),
        Stage: {
          Type: 'AWS::ApiGatewayV2::Stage',
          Properties: { ApiId, StageName: '$default', AutoDeploy: true, DefaultRouteSettings: throttle },
        },
      },
    },
    [name],
  )
  fetch = signedFetch('apigateway', 'apigateway', cloud.endpoint)
  if (ON_AWS) await makeOnAws()
  const { body } = await fetch('GET', '/v2/apis?maxResults=100')
  apiId = body.items.find((api: { name: string }) => api.name === name).apiId
}, 120_000)

afterAll(async () => {
  if (ON_AWS) await fetch('DELETE', `/v2/apis/${apiId}`)
  await cloud.stop()
})

async function makeOnAws(): Promise<void> {
  const make = async (path: string, body: object) => {
    const made = await fetch('POST', path, body)
    if (made.status !== 201) throw new Error(JSON.stringify(made.body))
    return made.body
  }
  const { apiId: id } = await make('/v2/apis', { name, protocolType: 'HTTP' })
  const { integrationId } = await make(`/v2/apis/${id}/integrations`, {
    integrationType: 'AWS_PROXY',
    integrationUri: fromEnvironment('TOLLGATE_CONTRACT_FUNCTION_ARN'),
    payloadFormatVersion: '2.0',
  })
  for (const routeKey of ['$default', 'GET /one'])
    await make(`/v2/apis/${id}/routes`, { routeKey, target: `integrations/${integrationId}` })
  const defaultRouteSettings = { throttlingRateLimit: 5, throttlingBurstLimit: 9 }
  await make(`/v2/apis/${id}/stages`, { stageName: '$default', autoDeploy: true, defaultRouteSettings })
}

const get = async (path: string) => (await fetch('GET', `/v2/apis/${apiId}${path}`)).body

test('an API is shown with what was asked for and what is assumed', async () => {
  expect(await get('')).toMatchObject({
    ...{ apiId, name, protocolType: 'HTTP', disableExecuteApiEndpoint: false },
    routeSelectionExpression: '$request.method $request.path',
    apiKeySelectionExpression: '$request.header.x-api-key',
    createdDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
  })
})

test('routes lead to their integration, one by one as in the list', async () => {
  const { items } = await get('/routes')
  expect(items.map((route: { routeKey: string }) => route.routeKey).sort()).toEqual(['$default', 'GET /one'])
  const [first] = items
  expect(first).toMatchObject({ apiKeyRequired: false, authorizationType: 'NONE' })
  expect(await get(`/routes/${first.routeId}`)).toEqual(first)
  const integrationId = first.target.replace('integrations/', '')
  expect(await get(`/integrations/${integrationId}`)).toMatchObject({
    ...{ integrationId, integrationType: 'AWS_PROXY', payloadFormatVersion: '2.0' },
    ...{ connectionType: 'INTERNET', timeoutInMillis: 30_000 },
  })
})

test('pages of a list cover each member once', async () => {
  const first = await get('/routes?maxResults=1')
  expect(first.items).toHaveLength(1)
  const second = await get(`/routes?maxResults=1&nextToken=${encodeURIComponent(first.nextToken)}`)
  expect(second.items).toHaveLength(1)
  expect(second.items[0].routeId).not.toBe(first.items[0].routeId)
})

test('a stage has its throttle and deploys by itself', async () => {
  expect(await get('/stages/$default')).toMatchObject({
    ...{ stageName: '$default', autoDeploy: true },
    defaultRouteSettings: { throttlingRateLimit: 5, throttlingBurstLimit: 9 },
  })
})

test.each(['/routes/nobody1', '/integrations/nobody1', '/stages/nobody'])('%s is not found', async path => {
  const { status, headers, body } = await fetch('GET', `/v2/apis/${apiId}${path}`)
  expect([status, headers.get('x-amzn-errortype')]).toEqual([404, 'NotFoundException'])
  expect(body.message).toMatch(/^Unable to find|^Invalid/)
})
