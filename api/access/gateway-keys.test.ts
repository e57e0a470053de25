import { describe, expect, test } from 'vitest'
import { limitSetIdOf } from '#api/contract'
import { createMemoryTable } from '#kernel/memory-table'
import type { Limits } from '#kernel/schemas'
import type { Table } from '#kernel/table'
import { type Instant, MINUTE_MS, plusMs } from '#kernel/time'
import {
  ACCOUNT,
  billing,
  CrashError,
  crashing,
  createAccess,
  customer,
  FREE_LIMITS,
  free,
  OTHER_ACCOUNT,
  START,
  STARTER_LIMITS,
  starter,
  unwrap,
} from '../testing/builders.ts'
import { type Access, type ApiKey, chooseGatewayKey, type GatewayKey, newAccess } from './document.ts'
import type { Gateway } from './gateway.ts'
import { LEASE_MS } from './limit-sets.ts'
import { createMemoryGateway, type MemoryGateway } from './memory-gateway.ts'
import { tendGatewayKeys } from './tend-gateway-keys.ts'
import {
  abandonedOf,
  CLAIM_TIMEOUT_MS,
  candidatesFor,
  isLeftOver,
  refillCount,
  type WarmKey,
} from './warm-pool.ts'

const minute = (minutes: number): Instant => plusMs(START, minutes * MINUTE_MS)
const key = { accountId: ACCOUNT, name: 'server' }

const failLoudly = (part: string, error: unknown) => {
  throw new Error(part, { cause: error })
}

async function setUp() {
  const [table, gateway] = [createMemoryTable(), createMemoryGateway()]
  const access = createAccess(table, gateway)
  await unwrap(access.ensureLimitSet({ limits: FREE_LIMITS }, billing()))
  await unwrap(access.ensureLimitSet({ limits: STARTER_LIMITS }, billing()))
  const tend = (now: Instant) => tendGatewayKeys(access, now, failLoudly)
  const gatewayKey = async () => (await access.store.load(ACCOUNT))?.gatewayKey
  return { table, gateway, access, tend, gatewayKey }
}

describe('a limit set', () => {
  test('gets one usage plan, one pooled key and a first warm key, however often it is asked for; the next tick makes it three', async () => {
    const { access, gateway, tend } = await setUp()
    const again = await unwrap(access.ensureLimitSet({ limits: FREE_LIMITS }, billing(minute(5))))
    expect(again).toMatchObject({ limitSetId: 'r2-b20', warmKeys: 1 })
    const keyCounts = () => [...gateway.plans.values()].map(({ name, keyIds }) => [name, keyIds.size])
    expect(keyCounts()).toEqual([
      ['tollgate-r2-b20', 2],
      ['tollgate-r50-b500', 2],
    ])
    await tend(minute(6))
    expect(keyCounts()).toEqual([
      ['tollgate-r2-b20', 4],
      ['tollgate-r50-b500', 4],
    ])
  })
})

describe('the gateway key of an account', () => {
  test('is the pooled one until its first API key, then a warm one of its own', async () => {
    const { access, gatewayKey } = await setUp()
    await unwrap(access.setEntitlement(free(), billing()))
    expect(await gatewayKey()).toMatchObject({ pooled: true, limitSetId: 'r2-b20' })
    await unwrap(access.createKey(key, customer(minute(1))))
    expect(await gatewayKey()).toMatchObject({ pooled: false, limitSetId: 'r2-b20' })
  })

  test('stays pooled while no warm key is ready, and becomes its own at the next tick after', async () => {
    const { access, gatewayKey, tend } = await setUp()
    await unwrap(access.setEntitlement(free(), billing()))
    await unwrap(access.createKey(key, customer()))
    expect(await gatewayKey()).toMatchObject({ pooled: true })
    await tend(minute(1))
    expect(await gatewayKey()).toMatchObject({ pooled: false })
  })

  test('changes with the plan at once, and the old one is deleted ten minutes later', async () => {
    const { access, gateway, gatewayKey, tend } = await setUp()
    await unwrap(access.setEntitlement(free(), billing()))
    await unwrap(access.createKey(key, customer(minute(1))))
    const old = await gatewayKey()
    const answer = await unwrap(access.setEntitlement(starter(), billing(minute(2))))
    expect(answer.limitsInForce).toBe(true)
    expect(await gatewayKey()).toMatchObject({ pooled: false, limitSetId: 'r50-b500' })
    await tend(minute(11))
    expect(gateway.keys.has(old?.id ?? '')).toBe(true)
    await tend(minute(12))
    expect(gateway.keys.has(old?.id ?? '')).toBe(false)
    expect((await access.store.load(ACCOUNT))?.retiredKeys).toEqual([])
  })

  test('is never shared with another account', async () => {
    const { access, tend } = await setUp()
    await tend(minute(0))
    const accounts = [ACCOUNT, OTHER_ACCOUNT]
    for (const accountId of accounts) await unwrap(access.setEntitlement(free({ accountId }), billing()))
    await Promise.all(
      accounts.map(id => unwrap(access.createKey({ accountId: id, name: 'x' }, customer(minute(1), id)))),
    )
    const [mine, theirs] = await Promise.all(accounts.map(id => access.store.load(id)))
    expect(mine?.gatewayKey?.pooled).toBe(false)
    expect(theirs?.gatewayKey?.pooled).toBe(false)
    expect(mine?.gatewayKey?.id).not.toBe(theirs?.gatewayKey?.id)
  })

  test('an unknown limit set is made when an entitlement needs it', async () => {
    const access = createAccess()
    expect(await unwrap(access.setEntitlement(free(), billing()))).toMatchObject({ limitsInForce: true })
  })
})

describe('the warm pool', () => {
  test('is refilled to three when one is left', () => {
    const warm = (n: number): WarmKey => ({ name: `n${n}`, limitSetId: 'r2-b20', plannedAt: START })
    expect([0, 1, 2, 3].map(count => refillCount(Array.from({ length: count }, (_, n) => warm(n))))).toEqual([
      3, 2, 0, 0,
    ])
    expect(
      refillCount([warm(1), { ...warm(2), claimedBy: ACCOUNT }, { ...warm(3), claimedBy: ACCOUNT }]),
    ).toBe(2)
  })

  test('hands out no key before the gateway surely knows it', () => {
    const warm = { name: 'n', limitSetId: 'r2-b20', plannedAt: START, readyAt: minute(1) }
    expect(candidatesFor([warm], ACCOUNT, plusMs(minute(1), -1))).toEqual([])
    expect(candidatesFor([warm], ACCOUNT, minute(1))).toEqual([warm])
    expect(candidatesFor([{ ...warm, claimedBy: OTHER_ACCOUNT }], ACCOUNT, minute(1))).toEqual([])
    expect(
      candidatesFor([{ name: 'n', limitSetId: 'r2-b20', plannedAt: START }], ACCOUNT, minute(1)),
    ).toEqual([])
  })

  test('offers what the account has claimed already, then what has been ready for longest', () => {
    const [newer, older] = [2, 1].map(n => ({
      name: `n${n}`,
      limitSetId: 'l',
      plannedAt: START,
      readyAt: minute(n),
    }))
    const own = { name: 'own', limitSetId: 'l', plannedAt: START, readyAt: minute(3), claimedBy: ACCOUNT }
    if (!newer || !older) throw new Error('no keys')
    expect(candidatesFor([newer, older, own], ACCOUNT, minute(5))).toEqual([own, older, newer])
  })

  test('takes only what is old for abandoned or left over, and nothing that is done', () => {
    const warm = { name: 'n', limitSetId: 'l', plannedAt: START }
    const isLeft = (now: Instant, change = {}) => isLeftOver({ ...warm, ...change }, now)
    expect([isLeft(plusMs(START, LEASE_MS - 1)), isLeft(plusMs(START, LEASE_MS))]).toEqual([false, true])
    expect(isLeft(minute(60), { readyAt: minute(1) })).toBe(false)
    const claimed = { ...warm, claimedBy: ACCOUNT, claimedAt: START }
    expect(abandonedOf([claimed, warm], plusMs(START, CLAIM_TIMEOUT_MS - 1))).toEqual([])
    expect(abandonedOf([claimed, warm], plusMs(START, CLAIM_TIMEOUT_MS))).toEqual([claimed])
  })

  test('keeps a claim that was renewed since it was read, and leaves a key to whoever claimed it', async () => {
    const { access, tend } = await setUp()
    await tend(minute(0))
    const claim = (now: Instant) => access.warmPool.claim('r2-b20', ACCOUNT, now)
    const claimed = await claim(minute(5))
    const read = (await access.warmPool.list('r2-b20')).find(({ claimedBy }) => claimedBy === ACCOUNT)
    if (!read) throw new Error('nothing was claimed')
    expect(await claim(minute(6))).toEqual(claimed)
    expect(await access.warmPool.release(read)).toBe(false)
    expect(await access.warmPool.leave(read, OTHER_ACCOUNT)).toBe(false)
    expect(await access.warmPool.leave(read, ACCOUNT)).toBe(true)
  })
})

describe('choosing', () => {
  const own: GatewayKey = { id: 'a', value: 'a', name: 'a', limitSetId: 'r50-b500', pooled: false }
  const withKey = { ...newAccess(ACCOUNT), entitlement: free() }

  test('keeps the old key when nothing of the new limit set is there: no valid customer is refused', () => {
    const access = { ...withKey, gatewayKey: own }
    expect(chooseGatewayKey(access, undefined, undefined, START)).toBe(access)
  })

  test('deletes every key that was replaced, also when plans change twice within ten minutes', () => {
    const change = (read: Access, limits: Limits, n: number) => {
      const warm = { ...own, id: `warm${n}`, limitSetId: limitSetIdOf(limits) }
      return chooseGatewayKey({ ...read, entitlement: free({ limits }) }, warm, undefined, minute(n))
    }
    const onStarter = { ...withKey, keys: { one: {} as ApiKey }, gatewayKey: own }
    const chosen = change(change(onStarter, FREE_LIMITS, 0), STARTER_LIMITS, 1)
    expect(chosen.gatewayKey?.id).toBe('warm1')
    expect(chosen.retiredKeys.map(({ id, deleteAt }) => [id, deleteAt])).toEqual([
      ['a', minute(10)],
      ['warm0', minute(11)],
    ])
  })

  test('never deletes a pooled key', () => {
    const access = { ...withKey, gatewayKey: { ...own, pooled: true } }
    const pooled = { ...own, id: 'b', limitSetId: 'r2-b20', pooled: true }
    expect(chooseGatewayKey(access, undefined, pooled, START)).toMatchObject({
      gatewayKey: pooled,
      retiredKeys: [],
    })
  })
})

/** What must hold once everything has come to rest. */
async function expectHealed(table: Table, gateway: MemoryGateway) {
  const access = createAccess(table, gateway)
  const document = await access.store.load(ACCOUNT)
  expect(document?.gatewayKey).toMatchObject({ pooled: false, limitSetId: 'r50-b500' })
  expect(document?.retiredKeys).toEqual([])
  const { ready } = await access.limitSets.list(minute(60))
  expect(ready.map(({ limitSetId }) => limitSetId)).toEqual(['r2-b20', 'r50-b500'])
  const warm = (await Promise.all(ready.map(({ limitSetId }) => access.warmPool.list(limitSetId)))).flat()
  for (const { claimedBy, readyAt } of warm)
    expect([claimedBy, typeof readyAt]).toEqual([undefined, 'number'])
  const referenced = [
    document?.gatewayKey?.id,
    ...ready.map(({ pooledKey }) => pooledKey.id),
    ...warm.map(({ id }) => id),
  ]
  expect([...gateway.keys.keys()].toSorted()).toEqual(referenced.toSorted())
  const attached = [...gateway.plans.values()].flatMap(({ keyIds }) => [...keyIds])
  expect(attached.toSorted()).toEqual(referenced.toSorted())
  expect(await access.store.listTending()).toEqual([])
}

describe('a crash at any effect', () => {
  const writes = ['put', 'update', 'remove'] as const
  const effects: readonly (keyof Gateway)[] = ['createUsagePlan', 'createKey', 'attachKey', 'deleteKey']

  /** The life of an account with its callers' retries; one effect is cut off. False when it was past the last one. */
  async function live(at: number, when: 'before' | 'after'): Promise<boolean> {
    const [table, gateway] = [createMemoryTable(), createMemoryGateway()]
    const counter = { left: at, when }
    const access = createAccess(
      crashing(table, writes, counter),
      crashing<Gateway>(gateway, effects, counter),
    )
    const steps: readonly ((now: Instant) => Promise<unknown>)[] = [
      now => access.ensureLimitSet({ limits: FREE_LIMITS }, billing(now)),
      now => access.ensureLimitSet({ limits: STARTER_LIMITS }, billing(now)),
      now => access.setEntitlement(free(), billing(now)),
      now => access.createKey({ ...key, idempotencyKey: 'form' }, customer(now)),
      now => access.setEntitlement(starter(), billing(now)),
    ]
    let elapsed = 0
    const tick = async () => {
      elapsed += 3
      await tendGatewayKeys(access, minute(elapsed), () => undefined).catch(onlyCrash)
    }
    for (const step of steps) {
      for (let tries = 0, done = false; !done && tries < 3; tries++) {
        done = await step(minute(elapsed)).then(() => true, onlyCrash)
        await tick()
      }
    }
    for (let n = 0; n < 8; n++) await tick()
    await expectHealed(table, gateway)
    return counter.left < 0
  }
  const onlyCrash = (error: unknown): false => {
    if (error instanceof CrashError) return false
    throw error
  }

  test.each(['before', 'after'] as const)('%s it happened heals without a lost or leaked key', async when => {
    let at = 0
    while (await live(at, when)) at++
    expect(at).toBeGreaterThan(30)
  })
})
