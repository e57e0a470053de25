import { afterEach, expect, test } from 'vitest'
import {
  attachKey,
  type GatewayUnderTest,
  gatewayUnderTest,
  KEY_VALUE,
} from './testing/gateway-under-test.ts'

let gateway: GatewayUnderTest | undefined
afterEach(async () => {
  await gateway?.stop()
  gateway = undefined
})

async function start(): Promise<GatewayUnderTest> {
  gateway = await gatewayUnderTest()
  return gateway
}

/** The local clock stands still in these tests; a second on it refills what the limits allow in a second. */
const pause = (of: GatewayUnderTest) => of.clock.advanceTo(of.clock.now() + 1_000)

test('a key is created disabled unless it says otherwise', async () => {
  const api = await start()
  expect(await api.call('CreateApiKey', { value: KEY_VALUE })).toMatchObject({
    enabled: false,
    value: KEY_VALUE,
  })
})

const bad: [what: string, operation: string, input: object, code: string][] = [
  ['a key value of 19 characters', 'CreateApiKey', { value: 'x'.repeat(19) }, 'BadRequestException'],
  ['a key value of 129 characters', 'CreateApiKey', { value: 'x'.repeat(129) }, 'BadRequestException'],
  ['a key value twice', 'CreateApiKey', { value: KEY_VALUE }, 'ConflictException'],
  ['an unknown key', 'GetApiKey', { api_Key: '__proto__' }, 'NotFoundException'],
  ['an unknown plan', 'GetUsagePlan', { usageplanId: 'nope' }, 'NotFoundException'],
  [
    'a plan for an unknown stage',
    'CreateUsagePlan',
    { name: 'p', apiStages: [{ apiId: 'a', stage: 's' }] },
    'NotFoundException',
  ],
  ['a negative rate', 'CreateUsagePlan', { name: 'p', throttle: { rateLimit: -1 } }, 'BadRequestException'],
  ['a wrong type', 'CreateApiKey', { name: { a: 1 } }, 'BadRequestException'],
  ['a body that is a list', 'CreateApiKey', [], 'BadRequestException'],
  [
    'a nonsense date',
    'GetUsage',
    { usageplanId: '<plan>', startDate: 'yesterday', endDate: '2026-11-22' },
    'BadRequestException',
  ],
  [
    'an end before the start',
    'GetUsage',
    { usageplanId: '<plan>', startDate: '2026-11-23', endDate: '2026-11-22' },
    'BadRequestException',
  ],
  [
    'a patch that is null',
    'UpdateUsagePlan',
    { usageplanId: '<plan>', patchOperations: [null] },
    'BadRequestException',
  ],
  [
    'a patch without a path',
    'UpdateUsagePlan',
    { usageplanId: '<plan>', patchOperations: [{ op: 'add' }] },
    'BadRequestException',
  ],
  ['a tag that is no text', 'CreateApiKey', { tags: { a: {} } }, 'BadRequestException'],
  [
    'a rate that is no number',
    'CreateUsagePlan',
    { name: 'p', throttle: { rateLimit: '1' } },
    'BadRequestException',
  ],
  ['a nonsense position', 'GetApiKeys', { position: '%%' }, 'BadRequestException'],
  ['deleting a plan with a stage', 'DeleteUsagePlan', { usageplanId: '<plan>' }, 'BadRequestException'],
]

test.each(bad)('%s is refused as API Gateway refuses it', async (_what, operation, input, code) => {
  const api = await start()
  const { planId } = await attachKey(api)
  const given =
    'usageplanId' in input && input.usageplanId === '<plan>' ? { ...input, usageplanId: planId } : input
  await expect(api.call(operation, given)).rejects.toMatchObject({ code })
})

const refused: [what: string, operation: string, input: object, named: RegExp][] = [
  ['quotas', 'CreateUsagePlan', { name: 'p', quota: { limit: 1, period: 'DAY' } }, /quotas/],
  ['stage keys', 'CreateApiKey', { stageKeys: [] }, /stageKeys/],
  ['an unknown parameter', 'CreateApiKey', { color: 'red' }, /color/],
  [
    'method throttles',
    'CreateUsagePlan',
    { name: 'p', apiStages: [{ apiId: 'a', stage: 's', throttle: { '/x/GET': {} } }] },
    /per method/,
  ],
]

test.each(refused)('%s are refused by name', async (_what, operation, input, named) => {
  const api = await start()
  await expect(api.call(operation, input)).rejects.toThrow(named)
})

test('a key is in one plan per stage only, and can move', async () => {
  const api = await start()
  const { keyId, planId } = await attachKey(api)
  const apis = (await api.call('GetRestApis', {})).item as { id: string }[]
  const other = await api.call('CreateUsagePlan', {
    name: 'scale',
    apiStages: [{ apiId: apis[0]?.id, stage: 'prod' }],
  })
  const attach = { usageplanId: other.id, keyId, keyType: 'API_KEY' }
  await expect(api.call('CreateUsagePlanKey', attach)).rejects.toMatchObject({ code: 'ConflictException' })
  await api.call('DeleteUsagePlanKey', { usageplanId: planId, keyId })
  await api.call('CreateUsagePlanKey', attach)
  const plans = (await api.call('GetUsagePlans', { keyId })).item as { id: string }[]
  expect(plans.map(plan => plan.id)).toEqual([other.id])
})

test('pages of keys cover every key once, by name and with values only when asked', async () => {
  const api = await start()
  for (let index = 0; index < 7; index += 1) {
    await api.call('CreateApiKey', { name: index < 5 ? `pool-${index}` : `own-${index}` })
    await pause(api)
  }
  const found: string[] = []
  let position: unknown
  do {
    const page = await api.call('GetApiKeys', {
      name: 'pool-',
      limit: '2',
      ...(position ? { position } : {}),
    })
    const items = page.item as { name: string; value?: string }[]
    expect(items.every(item => item.value === undefined)).toBe(true)
    found.push(...items.map(item => item.name))
    position = page.position
  } while (position !== undefined)
  expect(found.sort()).toEqual(['pool-0', 'pool-1', 'pool-2', 'pool-3', 'pool-4'])
  const [first] = (await api.call('GetApiKeys', { includeValues: 'true', limit: '1' })).item as {
    value?: string
  }[]
  expect(first?.value).toHaveLength(40)
})

test('the sixth key in a second is refused with a time to wait, and accepted after it', async () => {
  const api = await start()
  for (let index = 0; index < 5; index += 1) await api.call('CreateApiKey', {})
  const refusal = { code: 'TooManyRequestsException', status: 429, details: { retryAfterSeconds: '1' } }
  await expect(api.call('CreateApiKey', {})).rejects.toMatchObject(refusal)
  await pause(api)
  await expect(api.call('CreateApiKey', {})).resolves.toBeDefined()
})

test('a plan is changed by patch operations, once in 20 seconds', async () => {
  const api = await start()
  const { planId } = await attachKey(api)
  const patch = (...patchOperations: object[]) =>
    api.call('UpdateUsagePlan', { usageplanId: planId, patchOperations })
  const plan = await patch(
    { op: 'replace', path: '/throttle/rateLimit', value: '7.5' },
    { op: 'replace', path: '/name', value: 'renamed' },
  )
  expect(plan).toMatchObject({ name: 'renamed', throttle: { rateLimit: 7.5, burstLimit: 5 } })
  await expect(patch({ op: 'replace', path: '/name', value: 'x' })).rejects.toMatchObject({
    code: 'TooManyRequestsException',
  })
  await api.clock.advanceTo(api.clock.now() + 20_000)
  await expect(patch({ op: 'replace', path: '/productCode', value: 'x' })).rejects.toThrow(/product codes/)
})

const mistakes: [what: string, type: string, properties: object, named: RegExp][] = [
  ['an unknown property', 'AWS::ApiGateway::RestApi', { Name: 'x', Colour: 1 }, /Colour/],
  [
    'a template with logic',
    'AWS::ApiGateway::GatewayResponse',
    { ResponseType: 'THROTTLED', ResponseTemplates: { 'application/json': '#if($context.x) {} #end' } },
    /logic/,
  ],
  ['an unknown response type', 'AWS::ApiGateway::GatewayResponse', { ResponseType: 'TEAPOT' }, /TEAPOT/],
  [
    'a misspelt log variable',
    'AWS::ApiGateway::Stage',
    {
      StageName: 'x',
      AccessLogSetting: {
        DestinationArn: 'arn:aws:logs:us-east-1:0:log-group:g',
        Format: '$context.requestId $context.statuss',
      },
    },
    /statuss/,
  ],
  [
    'a log without a request id',
    'AWS::ApiGateway::Stage',
    {
      StageName: 'x',
      AccessLogSetting: { DestinationArn: 'arn:aws:logs:us-east-1:0:log-group:g', Format: '$context.status' },
    },
    /requestId/,
  ],
  [
    'a REQUEST authorizer with an expression',
    'AWS::ApiGateway::Authorizer',
    {
      Name: 'a',
      Type: 'REQUEST',
      IdentitySource: 'method.request.header.A',
      IdentityValidationExpression: 'x',
    },
    /IdentityValidationExpression/,
  ],
]

test.each(mistakes)(
  '%s in a template stops the start and is named',
  async (_what, type, properties, named) => {
    const api = await start()
    const [own] = (await api.call('GetRestApis', {})).item as { id: string }[]
    const [stage] = (await api.call('GetStages', { restapi_id: own?.id })).item as { deploymentId: string }[]
    const common = type.endsWith('RestApi') ? {} : { RestApiId: own?.id }
    const deployed = type.endsWith('Stage') ? { DeploymentId: stage?.deploymentId } : {}
    await expect(api.provide(type, { ...common, ...deployed, ...properties }, 'Other')).rejects.toThrow(named)
  },
)
