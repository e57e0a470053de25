import {
  APIGatewayClient,
  CreateApiKeyCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
  DeleteApiKeyCommand,
  DeleteUsagePlanKeyCommand,
  GetApiKeyCommand,
  GetApiKeysCommand,
  GetUsageCommand,
  GetUsagePlanKeysCommand,
  GetUsagePlansCommand,
  UpdateApiKeyCommand,
} from '@aws-sdk/client-api-gateway'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningCloud, startLocalCloud } from '../../cloud.ts'
import { ROOT_CREDENTIALS } from '../../options.ts'
import { freePorts, writeAssembly } from '../../testing/assembly.ts'

let cloud: RunningCloud
let client: APIGatewayClient

beforeAll(async () => {
  const assembly = writeAssembly([{ name: 'empty', template: { Resources: {} } }])
  const [aws = 0, console = 0, stripe = 0] = await freePorts(3)
  const startAt = Date.UTC(2026, 10, 22, 15)
  cloud = await startLocalCloud({
    assemblyDir: assembly.dir,
    parameters: {},
    clock: { mode: 'frozen', startAt },
    ports: { aws, console, stripe, apis: {} },
  })
  assembly.remove()
  client = new APIGatewayClient({
    endpoint: cloud.urls.aws,
    region: 'us-east-1',
    credentials: ROOT_CREDENTIALS,
  })
})

afterAll(async () => {
  client?.destroy()
  await cloud?.stop()
})

test('the SDK reads keys, plans, plan keys and usage as it reads AWS', async () => {
  const created = await client.send(
    new CreateApiKeyCommand({ name: 'pool-1', value: 'k'.repeat(24), enabled: true, tags: { a: 'b' } }),
  )
  expect(created).toMatchObject({
    name: 'pool-1',
    enabled: true,
    createdDate: new Date('2026-11-22T15:00:00Z'),
  })
  const apiKey = created.id
  const keyed = await client.send(new GetApiKeyCommand({ apiKey, includeValue: true }))
  expect(keyed).toMatchObject({ value: 'k'.repeat(24), tags: { a: 'b' } })
  const plan = await client.send(
    new CreateUsagePlanCommand({ name: 'limit-set', throttle: { rateLimit: 2.5, burstLimit: 20 } }),
  )
  const usagePlanId = plan.id
  const attached = await client.send(
    new CreateUsagePlanKeyCommand({ usagePlanId, keyId: apiKey, keyType: 'API_KEY' }),
  )
  expect(attached).toMatchObject({ id: apiKey, type: 'API_KEY', name: 'pool-1' })
  const keys = await client.send(new GetUsagePlanKeysCommand({ usagePlanId, nameQuery: 'pool' }))
  expect(keys.items?.map(key => key.id)).toEqual([apiKey])
  const plans = await client.send(new GetUsagePlansCommand({}))
  expect(plans.items).toMatchObject([{ id: usagePlanId, throttle: { rateLimit: 2.5, burstLimit: 20 } }])
  const usage = await client.send(
    new GetUsageCommand({ usagePlanId, startDate: '2026-11-21', endDate: '2026-11-22' }),
  )
  expect(usage.items).toEqual({
    [String(apiKey)]: [
      [0, 0],
      [0, 0],
    ],
  })
  const patched = await client.send(
    new UpdateApiKeyCommand({
      apiKey,
      patchOperations: [{ op: 'replace', path: '/enabled', value: 'false' }],
    }),
  )
  expect(patched.enabled).toBe(false)
  await client.send(new DeleteUsagePlanKeyCommand({ usagePlanId, keyId: apiKey }))
  await client.send(new DeleteApiKeyCommand({ apiKey }))
  expect((await client.send(new GetApiKeysCommand({ nameQuery: 'pool' }))).items).toEqual([])
})

test("failures have AWS's names in the SDK", async () => {
  const refusal = { name: 'NotFoundException', $metadata: { httpStatusCode: 404 } }
  await expect(client.send(new GetApiKeyCommand({ apiKey: 'nope' }))).rejects.toMatchObject(refusal)
  const short = new CreateApiKeyCommand({ value: 'short' })
  await expect(client.send(short)).rejects.toMatchObject({ name: 'BadRequestException' })
})
