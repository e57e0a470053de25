import { describe, expect, test } from 'vitest'
import type { Block } from '#api/contract'
import { MINUTE_MS, plusMs } from '#kernel/time'
import { limitInForceSchema } from '../access/counter.ts'
import { createSecret, hashSecret } from '../access/key-format.ts'
import {
  ACCOUNT,
  billing,
  createAccess,
  customer,
  free,
  START,
  starter,
  unwrap,
} from '../testing/builders.ts'
import { authorize } from './authorize.ts'

const methodArn = 'arn:aws:execute-api:eu-central-1:123456789012:abc123/prod/POST/v1/phone'
const ready = plusMs(START, MINUTE_MS)

async function setUp(entitlement = free()) {
  const access = createAccess()
  await unwrap(access.setEntitlement(entitlement, billing()))
  const { key, secret } = await unwrap(access.createKey({ accountId: ACCOUNT, name: 'x' }, customer()))
  const ask = (text = secret ?? '', now = ready) =>
    authorize(
      { store: access.store, keyStage: 'test' },
      { authorizationToken: `Bearer ${text}`, methodArn },
      now,
    )
  return { access, key, secret: secret ?? '', ask }
}

describe('the authorizer', () => {
  test('lets a live key call every route of the stage, counted on its account’s gateway key', async () => {
    const { access, key, ask } = await setUp()
    const answer = await ask()
    const gatewayKey = (await access.store.load(ACCOUNT))?.gatewayKey
    expect(answer).toMatchObject({
      principalId: ACCOUNT,
      usageIdentifierKey: gatewayKey?.value,
      context: { account: ACCOUNT, key: key.keyId, plan: 'free' },
    })
    expect(answer.policyDocument).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Action: 'execute-api:Invoke',
          Effect: 'Allow',
          Resource: 'arn:aws:execute-api:eu-central-1:123456789012:abc123/prod/*/*',
        },
      ],
    })
  })

  test('passes the hard limit on, and nothing when there is none', async () => {
    const limited = (await (await setUp()).ask()).context
    expect(limitInForceSchema.parse(JSON.parse(String(limited?.limit)))).toEqual({
      ...free().hardLimit,
      version: 1,
    })
    expect((await (await setUp(starter())).ask()).context).not.toHaveProperty('limit')
  })

  test('passes flat strings only: API Gateway drops anything else', async () => {
    for (const entitlement of [free(), free({ blocks: ['unpaid'] })]) {
      const { context } = await (await setUp(entitlement)).ask()
      for (const value of Object.values(context ?? {})) expect(typeof value).toBe('string')
    }
  })

  test.each([
    ['a key that was never issued', createSecret('test'), 1],
    ['a key of another stage', createSecret('live'), 0],
    ['nonsense', 'nonsense', 0],
  ])('answers 401 for %s, and reads only for what can be a key', async (_what, secret, reads) => {
    const { access } = await setUp()
    const asked: string[] = []
    const findPointer: typeof access.store.findPointer = hash => {
      asked.push(hash)
      return access.store.findPointer(hash)
    }
    const ports = { store: { ...access.store, findPointer }, keyStage: 'test' } as const
    const event = { authorizationToken: `Bearer ${secret}`, methodArn }
    await expect(authorize(ports, event, ready)).rejects.toThrow(/^Unauthorized$/)
    expect(asked).toHaveLength(reads)
  })

  test('answers 401 for a revoked key', async () => {
    const { access, key, ask } = await setUp()
    await unwrap(access.revokeKey({ accountId: ACCOUNT, keyId: key.keyId }, customer()))
    await expect(ask()).rejects.toThrow(/^Unauthorized$/)
  })

  test('answers 401 for a key from the instant it expires', async () => {
    const { access, key, ask } = await setUp()
    const read = await access.store.load(ACCOUNT)
    const stored = read?.keys[key.keyId]
    if (!read || !stored) throw new Error('the key is not stored')
    await access.store.save(read, { ...read, keys: { [key.keyId]: { ...stored, expiresAt: ready } } })
    expect(await ask(undefined, plusMs(ready, -1))).toMatchObject({ principalId: ACCOUNT })
    await expect(ask(undefined, ready)).rejects.toThrow(/^Unauthorized$/)
  })

  test('answers 401 for the secret of a creation that was cut off before its document', async () => {
    const { access, key, ask } = await setUp()
    const orphan = createSecret('test')
    await access.store.addPointer(hashSecret(orphan), { accountId: ACCOUNT, keyId: key.keyId })
    await expect(ask(orphan)).rejects.toThrow(/^Unauthorized$/)
  })

  test.each<[Block[], string]>([
    [['unpaid'], 'invoice of this account is unpaid'],
    [['unpaid', 'suspended'], 'account is suspended'],
    [['unpaid', 'suspended', 'closed'], 'account is closed'],
  ])('denies an account with the blocks %j, and the problem document says: %s', async (blocks, detail) => {
    const { ask } = await setUp(free({ blocks }))
    const answer = await ask()
    expect(answer.principalId).toBe(ACCOUNT)
    expect(answer.policyDocument.Statement[0]).toMatchObject({ Effect: 'Deny' })
    expect(answer.context).toMatchObject({
      account: ACCOUNT,
      code: 'payment_required',
      detail: expect.stringContaining(detail),
      retryAfter: '60',
    })
  })

  test.each([
    ['gateway key', { gatewayKey: null }],
    ['entitlement', { entitlement: null }],
  ])('fails, and not as 401, for a live key whose account has no %s yet', async (_, change) => {
    const { access, secret } = await setUp()
    const { findPointer } = access.store
    const load = async (accountId: string) => {
      const read = await access.store.load(accountId)
      return read && { ...read, ...change }
    }
    const event = { authorizationToken: `Bearer ${secret}`, methodArn }
    const asked = authorize({ store: { findPointer, load }, keyStage: 'test' }, event, ready)
    await expect(asked).rejects.toThrow('no gateway key')
  })

  test('fails otherwise, and not as 401, when the store is down', async () => {
    const { secret } = await setUp()
    const store = {
      findPointer: async () => Promise.reject(new Error('down')),
      load: async () => undefined,
    }
    const asked = authorize(
      { store, keyStage: 'test' },
      { authorizationToken: `Bearer ${secret}`, methodArn },
      ready,
    )
    await expect(asked).rejects.toThrow(/^down$/)
  })
})
