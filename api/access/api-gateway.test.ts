import {
  APIGatewayClient,
  ConflictException,
  CreateApiKeyCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
  DeleteApiKeyCommand,
  GetApiKeysCommand,
  GetUsagePlansCommand,
  LimitExceededException,
  NotFoundException,
  TooManyRequestsException,
} from '@aws-sdk/client-api-gateway'
import { mockClient } from 'aws-sdk-client-mock'
import { beforeEach, describe, expect, test } from 'vitest'
import { createGateway } from './api-gateway.ts'

const client = mockClient(APIGatewayClient)
let waits: number[]
beforeEach(() => {
  client.reset()
  waits = []
})

const gateway = createGateway({ id: 'api1', stage: 'prod' }, new APIGatewayClient(), async ms =>
  waits.push(ms),
)
const failure = { message: 'no', $metadata: {} }
const throttled = new TooManyRequestsException(failure)
const ours = [{ apiId: 'api1', stage: 'prod' }]

describe('finding a usage plan', () => {
  test('reads every page and takes only one that is attached to our stage', async () => {
    client
      .on(GetUsagePlansCommand)
      .resolvesOnce({
        items: [
          { id: 'p3', name: 'tollgate-r2-b200', apiStages: ours },
          { id: 'p4', name: 'tollgate-r2-b20', apiStages: [{ apiId: 'api1', stage: 'test' }] },
          { id: 'p1', name: 'tollgate-r2-b20', apiStages: [{ apiId: 'other', stage: 'prod' }] },
        ],
        position: 'next',
      })
      .resolvesOnce({ items: [{ id: 'p2', name: 'tollgate-r2-b20', apiStages: ours }] })
    expect(await gateway.findUsagePlan('tollgate-r2-b20')).toBe('p2')
    expect(client.commandCalls(GetUsagePlansCommand).map(({ args }) => args[0].input.position)).toEqual([
      undefined,
      'next',
    ])
  })

  test('that is not there gives undefined', async () => {
    client.on(GetUsagePlansCommand).resolves({ items: [] })
    expect(await gateway.findUsagePlan('tollgate-r2-b20')).toBeUndefined()
  })
})

describe('finding keys', () => {
  test('reads every page, and takes exact names only although the query matches prefixes', async () => {
    client
      .on(GetApiKeysCommand)
      .resolvesOnce({ items: [{ id: 'k1', name: 'warm-1', value: 'v1', enabled: true }], position: 'next' })
      .resolvesOnce({
        items: [
          { id: 'k2', name: 'warm-11', value: 'v2', enabled: true },
          { id: 'k3', name: 'warm-1', value: 'v3', enabled: true },
          { id: 'k4', name: 'warm-1', value: 'v4', enabled: false },
        ],
      })
    expect(await gateway.findKeys('warm-1')).toEqual([
      { id: 'k1', value: 'v1' },
      { id: 'k3', value: 'v3' },
    ])
    expect(client.commandCalls(GetApiKeysCommand)[0]?.args[0].input).toMatchObject({
      nameQuery: 'warm-1',
      includeValues: true,
    })
    expect(client.commandCalls(GetApiKeysCommand).map(({ args }) => args[0].input.position)).toEqual([
      undefined,
      'next',
    ])
  })
})

describe('making', () => {
  test('a key enables it: API Gateway’s default does not', async () => {
    client.on(CreateApiKeyCommand).resolves({ id: 'k1', value: 'v1' })
    expect(await gateway.createKey('warm-1')).toEqual({ id: 'k1', value: 'v1' })
    expect(client.commandCalls(CreateApiKeyCommand)[0]?.args[0].input).toEqual({
      name: 'warm-1',
      enabled: true,
    })
  })

  test('a usage plan attaches it to our stage with its throttle and no quota', async () => {
    client.on(CreateUsagePlanCommand).resolves({ id: 'p1' })
    expect(await gateway.createUsagePlan('tollgate-r2-b20', { ratePerSecond: 2, burst: 20 })).toBe('p1')
    expect(client.commandCalls(CreateUsagePlanCommand)[0]?.args[0].input).toEqual({
      name: 'tollgate-r2-b20',
      apiStages: ours,
      throttle: { rateLimit: 2, burstLimit: 20 },
    })
  })
})

describe('attaching and deleting', () => {
  test('name the key and its plan', async () => {
    client.on(CreateUsagePlanKeyCommand).resolves({})
    client.on(DeleteApiKeyCommand).resolves({})
    await gateway.attachKey('p1', 'k1')
    await gateway.deleteKey('k1')
    expect(client.commandCalls(CreateUsagePlanKeyCommand).map(({ args }) => args[0].input)).toEqual([
      { usagePlanId: 'p1', keyId: 'k1', keyType: 'API_KEY' },
    ])
    expect(client.commandCalls(DeleteApiKeyCommand).map(({ args }) => args[0].input)).toEqual([
      { apiKey: 'k1' },
    ])
  })
})

describe('being throttled', () => {
  test('waits longer each time, with jitter, and goes on', async () => {
    client
      .on(CreateApiKeyCommand)
      .rejectsOnce(throttled)
      .rejectsOnce(throttled)
      .resolves({ id: 'k', value: 'v' })
    expect(await gateway.createKey('warm-1')).toEqual({ id: 'k', value: 'v' })
    expect(waits).toHaveLength(2)
    for (const [n, ms] of waits.entries()) expect(ms).toBeLessThanOrEqual(200 * 2 ** n)
  })

  test('for too long is given up', async () => {
    client.on(CreateApiKeyCommand).rejects(throttled)
    await expect(gateway.createKey('warm-1')).rejects.toThrow(TooManyRequestsException)
    expect(waits).toHaveLength(6)
  })
})

describe('a failure', () => {
  test('other than throttling is not repeated: a key may exist', async () => {
    client.on(CreateApiKeyCommand).rejects(new LimitExceededException(failure))
    await expect(gateway.createKey('warm-1')).rejects.toThrow(LimitExceededException)
    expect(client.commandCalls(CreateApiKeyCommand)).toHaveLength(1)
  })

  test('because it is done already is none', async () => {
    client.on(CreateUsagePlanKeyCommand).rejects(new ConflictException(failure))
    client.on(DeleteApiKeyCommand).rejects(new NotFoundException(failure))
    await gateway.attachKey('p1', 'k1')
    await gateway.deleteKey('k1')
  })

  test('to delete a key is one while the key may still be there', async () => {
    client.on(DeleteApiKeyCommand).rejects(new LimitExceededException(failure))
    await expect(gateway.deleteKey('k1')).rejects.toThrow(LimitExceededException)
  })

  test.each([{ id: 'k1' }, { value: 'v1' }])('to name the new key whole is one: %j', async made => {
    client.on(CreateApiKeyCommand).resolves(made)
    await expect(gateway.createKey('warm-1')).rejects.toThrow('without an id or value')
  })

  test('to attach to a plan that is gone is one', async () => {
    client.on(CreateUsagePlanKeyCommand).rejects(new NotFoundException(failure))
    await expect(gateway.attachKey('p1', 'k1')).rejects.toThrow(NotFoundException)
  })
})
