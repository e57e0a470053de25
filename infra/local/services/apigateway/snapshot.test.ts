import { deserialize, serialize } from 'node:v8'
import { afterEach, expect, test } from 'vitest'
import {
  attachKey,
  callWithKey,
  type GatewayUnderTest,
  gatewayUnderTest,
  HANDLER,
  START,
} from './testing/gateway-under-test.ts'

const running: GatewayUnderTest[] = []
afterEach(async () => {
  for (const gateway of running.splice(0)) await gateway.stop()
})

async function start(): Promise<GatewayUnderTest> {
  const gateway = await gatewayUnderTest()
  running.push(gateway)
  return gateway
}

test('after a restart keys, plans, counts, tokens and cached decisions are as they were', async () => {
  const before = await start()
  const { keyId, planId } = await attachKey(before, { rateLimit: 1, burstLimit: 3 })
  await callWithKey(before)
  await callWithKey(before)
  await before.clock.whenIdle()
  const saved = deserialize(serialize(before.service.snapshot?.()))

  const after = await start()
  await after.service.restore?.(saved)
  await after.clock.advanceTo(START + 2_000)
  expect(after.service.usage()).toEqual(before.service.usage())
  expect(after.service.usage()[0]).toMatchObject({ keyId, planId, total: 2, throttle: { tokensLeft: 1 } })
  expect([(await callWithKey(after)).status, (await callWithKey(after)).status]).toEqual([200, 429])
  expect(after.invocations.map(call => call.functionArn)).toEqual([HANDLER])
  expect((await after.call('GetUsagePlanKeys', { usageplanId: planId })).item).toMatchObject([{ id: keyId }])
})

test('a key that was not yet seen at the snapshot is seen when its time comes', async () => {
  const before = await start()
  const { keyId } = await attachKey(before)
  await before.call('UpdateApiKey', {
    api_Key: keyId,
    patchOperations: [{ op: 'replace', path: '/enabled', value: 'false' }],
  })
  const saved = deserialize(serialize(before.service.snapshot?.()))
  const after = await start()
  await after.service.restore?.(saved)
  await after.clock.advanceTo(START + 3_999)
  expect((await callWithKey(after)).status).toBe(200)
  await after.clock.advanceTo(START + 4_000)
  expect((await callWithKey(after)).status).toBe(403)
})

test('what templates make has the same ids at every start', async () => {
  const ids = async (gateway: GatewayUnderTest) => {
    const [api] = (await gateway.call('GetRestApis', {})).item as { id: string }[]
    const resources = (await gateway.call('GetResources', { restapi_id: api?.id })).item as { id: string }[]
    return [api?.id, ...resources.map(resource => resource.id)]
  }
  expect(await ids(await start())).toEqual(await ids(await start()))
})

test('what is no snapshot is refused', async () => {
  const gateway = await start()
  for (const nonsense of [undefined, 1, {}, { dataPlane: {} }, { keys: [] }]) {
    expect(() => gateway.service.restore?.(nonsense)).toThrow(/snapshot/)
  }
})
