import { randomUUID } from 'node:crypto'
import {
  APIGatewayClient,
  CreateApiKeyCommand,
  CreateDeploymentCommand,
  CreateRestApiCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
  DeleteApiKeyCommand,
  DeleteRestApiCommand,
  DeleteUsagePlanCommand,
  DeleteUsagePlanKeyCommand,
  GetAccountCommand,
  GetApiKeyCommand,
  GetApiKeysCommand,
  GetAuthorizersCommand,
  GetDeploymentsCommand,
  GetGatewayResponsesCommand,
  GetResourcesCommand,
  GetRestApiCommand,
  GetRestApisCommand,
  GetStagesCommand,
  GetTagsCommand,
  GetUsageCommand,
  GetUsagePlanCommand,
  GetUsagePlanKeyCommand,
  GetUsagePlanKeysCommand,
  GetUsagePlansCommand,
  PutIntegrationCommand,
  PutMethodCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateApiKeyCommand,
  UpdateUsagePlanCommand,
} from '@aws-sdk/client-api-gateway'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningCloud, startLocalCloud } from '../../cloud.ts'
import { freePorts, writeAssembly } from '../../testing/assembly.ts'
import { clientConfig, localOnly, ON_AWS } from '../../testing/contract-target.ts'

// A data plane with an authorizer needs deployed functions; what it does is proved beside it, locally.

const STAGE = 'contract'
/** Unique per run, so that runs on one account do not meet. */
const RUN = randomUUID().slice(0, 8)

let cloud: RunningCloud | undefined
let client: APIGatewayClient
let api: { id: string; rootResourceId: string }
const cleanUp: (() => Promise<unknown>)[] = []

const send: APIGatewayClient['send'] = ((command: never) => client.send(command)) as never

beforeAll(async () => {
  if (!ON_AWS) cloud = await startEmulator()
  client = new APIGatewayClient({ ...clientConfig(cloud?.urls.aws ?? ''), maxAttempts: 12 })
  api = ON_AWS ? await makeApi() : await findApi()
}, 120_000)

afterAll(async () => {
  // The emulator ends with the suite; on AWS one plan takes 20 s, as UpdateUsagePlan allows no more.
  if (ON_AWS) for (const undo of cleanUp.reverse()) await undo().catch(() => undefined)
  client?.destroy()
  await cloud?.stop()
}, 240_000)

async function startEmulator(): Promise<RunningCloud> {
  const [aws = 0, console = 0, stripe = 0, front = 0] = await freePorts(4)
  const reference = { Ref: 'Api' }
  const assembly = writeAssembly([
    {
      name: 'api',
      template: {
        Resources: {
          Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'contract' } },
          Health: {
            Type: 'AWS::ApiGateway::Method',
            Properties: {
              RestApiId: reference,
              ResourceId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] },
              HttpMethod: 'GET',
              AuthorizationType: 'NONE',
              Integration: {
                Type: 'AWS_PROXY',
                IntegrationHttpMethod: 'POST',
                Uri: 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:f/invocations',
              },
            },
          },
          Deployment: {
            Type: 'AWS::ApiGateway::Deployment',
            DependsOn: ['Health'],
            Properties: { RestApiId: reference },
          },
          Stage: {
            Type: 'AWS::ApiGateway::Stage',
            Properties: { RestApiId: reference, DeploymentId: { Ref: 'Deployment' }, StageName: STAGE },
          },
        },
      },
    },
  ])
  try {
    return await startLocalCloud({
      assemblyDir: assembly.dir,
      parameters: {},
      clock: { mode: 'live', startAt: Date.now() },
      ports: { aws, console, stripe, apis: { contract: front } },
    })
  } finally {
    assembly.remove()
  }
}

async function findApi() {
  const [rest] = (await send(new GetRestApisCommand({}))).items ?? []
  return { id: rest?.id ?? '', rootResourceId: rest?.rootResourceId ?? '' }
}

async function makeApi() {
  const { id = '', rootResourceId = '' } = await send(
    new CreateRestApiCommand({ name: `tollgate-contract-${RUN}` }),
  )
  cleanUp.push(() => send(new DeleteRestApiCommand({ restApiId: id })))
  const method = { restApiId: id, resourceId: rootResourceId, httpMethod: 'GET' }
  await send(new PutMethodCommand({ ...method, authorizationType: 'NONE' }))
  await send(new PutIntegrationCommand({ ...method, type: 'MOCK' }))
  await send(new CreateDeploymentCommand({ restApiId: id, stageName: STAGE }))
  return { id, rootResourceId }
}

async function makeKey(more: object = {}) {
  const key = await send(new CreateApiKeyCommand({ name: `contract-${RUN}`, ...more }))
  const apiKey = key.id ?? ''
  cleanUp.push(() => send(new DeleteApiKeyCommand({ apiKey })))
  return { ...key, id: apiKey }
}

async function makePlan(more: object = {}) {
  const plan = await send(new CreateUsagePlanCommand({ name: `contract-${RUN}`, ...more }))
  const usagePlanId = plan.id ?? ''
  cleanUp.push(() => send(new DeleteUsagePlanCommand({ usagePlanId })))
  return { ...plan, id: usagePlanId }
}

/** A plan with a stage can be deleted only when the stage has been taken out of it. */
async function makePlanWithStage() {
  const plan = await makePlan({ apiStages: [{ apiId: api.id, stage: STAGE }] })
  const patchOperations = [{ op: 'remove' as const, path: '/apiStages', value: `${api.id}:${STAGE}` }]
  cleanUp.push(() => send(new UpdateUsagePlanCommand({ usagePlanId: plan.id, patchOperations })))
  return plan
}

const failure = (name: string, message: RegExp | string) => ({
  name,
  message: typeof message === 'string' ? message : expect.stringMatching(message),
})

test('a key is disabled unless it says otherwise, and its value is shown when asked for', async () => {
  const key = await makeKey()
  expect(key).toMatchObject({ enabled: false, name: `contract-${RUN}`, stageKeys: [] })
  expect(key.value).toMatch(/^[A-Za-z0-9]{40}$/)
  expect(key).not.toHaveProperty('tags')
  const read = await send(new GetApiKeyCommand({ apiKey: key.id }))
  expect(read).toMatchObject({ id: key.id, tags: {} })
  expect(read.value).toBeUndefined()
  expect((await send(new GetApiKeyCommand({ apiKey: key.id, includeValue: true }))).value).toBe(key.value)
})

test('two keys cannot have one value, and a value has at least 20 characters', async () => {
  const value = `contract${RUN}`.padEnd(30, 'x')
  await makeKey({ value })
  await expect(makeKey({ value })).rejects.toMatchObject(
    failure('ConflictException', 'API Key already exists'),
  )
  await expect(makeKey({ value: 'short' })).rejects.toMatchObject(
    failure('BadRequestException', 'API Key value should be at least 20 characters'),
  )
})

test('what is not there is not found, in the words of API Gateway', async () => {
  await expect(send(new GetApiKeyCommand({ apiKey: 'nothere000' }))).rejects.toMatchObject(
    failure('NotFoundException', 'Invalid API Key identifier specified'),
  )
  await expect(send(new GetUsagePlanCommand({ usagePlanId: 'nope00' }))).rejects.toMatchObject(
    failure('NotFoundException', 'Invalid Usage Plan ID specified'),
  )
  await expect(send(new GetRestApiCommand({ restApiId: 'nope000000' }))).rejects.toMatchObject(
    failure('NotFoundException', /^Invalid API identifier specified \d{12}:nope000000$/),
  )
})

test('a key is changed by patch operations, and a path that is none is refused by name', async () => {
  const { id: apiKey } = await makeKey({ enabled: true })
  const patch = (path: string, value: string) =>
    send(new UpdateApiKeyCommand({ apiKey, patchOperations: [{ op: 'replace', path, value }] }))
  expect(await patch('/enabled', 'false')).toMatchObject({ enabled: false, tags: {} })
  expect(await patch('/description', 'text')).toMatchObject({ description: 'text' })
  await expect(patch('/value', 'x'.repeat(20))).rejects.toMatchObject(
    failure('BadRequestException', /^Invalid patch path {2}'\/value' specified for op 'replace'\./),
  )
})

test('a plan shows its throttle, and its stage must exist', async () => {
  const plan = await makePlan({ description: 'd', throttle: { rateLimit: 2.5, burstLimit: 20 } })
  expect(plan).toMatchObject({ description: 'd', throttle: { rateLimit: 2.5, burstLimit: 20 } })
  const read = await send(new GetUsagePlanCommand({ usagePlanId: plan.id }))
  expect(read).toMatchObject({ id: plan.id, throttle: { rateLimit: 2.5, burstLimit: 20 }, tags: {} })
  await expect(makePlan({ apiStages: [{ apiId: api.id, stage: 'nowhere' }] })).rejects.toMatchObject({
    message: `API Stage not found: ${api.id}:nowhere`,
  })
})

test('a key is in one plan per stage only, can move, and a plan with a stage stays', async () => {
  const key = await makeKey({ enabled: true })
  const plan = await makePlanWithStage()
  const attach = (usagePlanId: string) =>
    send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId: key.id, keyType: 'API_KEY' }))
  expect(await attach(plan.id)).toMatchObject({ id: key.id, type: 'API_KEY', value: key.value })
  await expect(attach(plan.id)).rejects.toMatchObject({ name: 'ConflictException' })
  const other = await makePlanWithStage()
  await expect(attach(other.id)).rejects.toMatchObject({ name: 'ConflictException' })
  await expect(send(new DeleteUsagePlanCommand({ usagePlanId: plan.id }))).rejects.toMatchObject(
    failure(
      'BadRequestException',
      `Cannot delete Usage Plan ${plan.id} because there are API Stages associated with it, including ${api.id}:${STAGE}`,
    ),
  )
  await send(new DeleteUsagePlanKeyCommand({ usagePlanId: plan.id, keyId: key.id }))
  await attach(other.id)
  const plans = await send(new GetUsagePlansCommand({ keyId: key.id }))
  expect(plans.items?.map(found => found.id)).toEqual([other.id])
  const keys = await send(new GetUsagePlanKeysCommand({ usagePlanId: other.id, nameQuery: 'contract-' }))
  expect(keys.items?.map(found => found.id)).toEqual([key.id])
  const one = await send(new GetUsagePlanKeyCommand({ usagePlanId: other.id, keyId: key.id }))
  expect(one).toMatchObject({ id: key.id, type: 'API_KEY' })
}, 120_000)

test('pages cover every key of a name once', async () => {
  const name = `page-${RUN}-`
  const made = [await makeKey({ name: `${name}1` }), await makeKey({ name: `${name}2` })]
  const found: (string | undefined)[] = []
  let position: string | undefined
  do {
    const page = await send(
      new GetApiKeysCommand({ nameQuery: name, limit: 1, ...(position && { position }) }),
    )
    found.push(...(page.items ?? []).map(key => key.id))
    position = page.position
  } while (position)
  expect(found.sort()).toEqual(made.map(key => key.id).sort())
})

test('an API shows its resources, stage, deployment, authorizers and every gateway response', async () => {
  const restApiId = api.id
  const rest = await send(new GetRestApiCommand({ restApiId }))
  expect(rest).toMatchObject({ rootResourceId: api.rootResourceId, apiKeySource: 'HEADER' })
  const resources = await send(new GetResourcesCommand({ restApiId }))
  expect(resources.items).toMatchObject([{ id: api.rootResourceId, path: '/', resourceMethods: { GET: {} } }])
  const embedded = await send(new GetResourcesCommand({ restApiId, embed: ['methods'] }))
  expect(embedded.items?.[0]?.resourceMethods?.GET).toMatchObject({
    httpMethod: 'GET',
    authorizationType: 'NONE',
    apiKeyRequired: false,
  })
  const deployments = (await send(new GetDeploymentsCommand({ restApiId }))).items ?? []
  const stages = (await send(new GetStagesCommand({ restApiId }))).item ?? []
  expect(stages).toMatchObject([{ stageName: STAGE, deploymentId: deployments[0]?.id, methodSettings: {} }])
  expect((await send(new GetAuthorizersCommand({ restApiId }))).items).toEqual([])
  const responses = (await send(new GetGatewayResponsesCommand({ restApiId }))).items ?? []
  expect(responses.find(response => response.responseType === 'THROTTLED')).toEqual({
    responseType: 'THROTTLED',
    statusCode: '429',
    responseParameters: {},
    responseTemplates: { 'application/json': '{"message":$context.error.messageString}' },
    defaultResponse: true,
  })
  expect(responses).toHaveLength(21)
  expect(await send(new GetAccountCommand({}))).toMatchObject({
    throttleSettings: { rateLimit: expect.any(Number), burstLimit: expect.any(Number) },
  })
})

test('tags are added to and taken from a key', async () => {
  const { id } = await makeKey({ tags: { first: '1' } })
  const region = await client.config.region()
  const resourceArn = `arn:aws:apigateway:${region}::/apikeys/${id}`
  await send(new TagResourceCommand({ resourceArn, tags: { second: '2' } }))
  await send(new UntagResourceCommand({ resourceArn, tagKeys: ['first'] }))
  expect((await send(new GetTagsCommand({ resourceArn }))).tags).toEqual({ second: '2' })
})

test('usage is told for days that exist', async () => {
  const { id: usagePlanId } = await makePlan()
  const today = new Date().toISOString().slice(0, 10)
  const usage = await send(new GetUsageCommand({ usagePlanId, startDate: today, endDate: today }))
  expect(usage).toMatchObject({ usagePlanId, startDate: today, endDate: today })
  const nonsense = new GetUsageCommand({ usagePlanId, startDate: 'yesterday', endDate: today })
  await expect(send(nonsense)).rejects.toMatchObject({ name: 'BadRequestException' })
})

localOnly('it would throttle everything else in the account')(
  'the sixth key in a second is refused with a time to wait',
  async () => {
    const impatient = new APIGatewayClient({ ...clientConfig(cloud?.urls.aws ?? ''), maxAttempts: 1 })
    const tries = await Promise.allSettled(
      Array.from({ length: 12 }, () => impatient.send(new CreateApiKeyCommand({}))),
    )
    impatient.destroy()
    const refused = tries.flatMap(result => (result.status === 'rejected' ? [result.reason] : []))
    expect(refused.length).toBeGreaterThan(0)
    expect(refused[0]).toMatchObject({ name: 'TooManyRequestsException', retryAfterSeconds: '1' })
  },
)

localOnly('the local cloud has no quotas')('a plan with a quota is refused by name', async () => {
  const quota = { limit: 10, period: 'DAY' as const }
  await expect(makePlan({ quota })).rejects.toThrow(/quotas/)
})
