import { describe, expect, test } from 'vitest'
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
    expect(answer.policyDocument.Statement).toEqual([
      {
        Action: 'execute-api:Invoke',
        Effect: 'Allow',
        Resource: 'arn:aws:execute-api:eu-central-1:123456789012:abc123/prod/*/*',
      },
    ])
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
    ['a key that was never issued', createSecret('test')],
    ['a key of another stage', createSecret('live')],
    ['nonsense', 'nonsense'],
  ])('answers 401 for %s', async (_what, secret) => {
    await expect((await setUp()).ask(secret)).rejects.toThrow(/^Unauthorized$/)
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

  test('denies a blocked account with what its problem document needs', async () => {
    const { ask } = await setUp(free({ blocks: ['unpaid', 'suspended'] }))
    const answer = await ask()
    expect(answer.policyDocument.Statement[0]).toMatchObject({ Effect: 'Deny' })
    expect(answer.context).toMatchObject({
      account: ACCOUNT,
      code: 'payment_required',
      detail: expect.stringContaining('suspended'),
      retryAfter: '60',
    })
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
