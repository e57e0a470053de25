import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LedgerUse } from '#api/contract'
import { derivedId } from '#kernel/ids'
import { createMemoryTable } from '#kernel/memory-table'
import type { Table } from '#kernel/table'
import { HOUR_MS, hourOf, parseInstant, plusMs } from '#kernel/time'
import { decide } from '../authorizer/decide.ts'
import { ACCOUNT, createAccess, customer, free, START, starter, unwrap } from '../testing/builders.ts'
import { align, lift } from './align-counter.ts'
import { type Counter, type LimitInForce, readCounter } from './counter.ts'
import { giveBack, reserve } from './reserve.ts'
import { settle } from './settle-counter.ts'

const A = derivedId('key', 'a')
const B = derivedId('key', 'b')
const monthStart = parseInstant('2026-11-01T00:00:00Z')
const HOUR = hourOf(START)
const segment = { kind: 'calendar_month' } as const

type Caps = {
  readonly account?: number | undefined
  readonly key?: number | undefined
  readonly version?: number
}
const limitOf = (id: string, { account, key, version = 1 }: Caps): LimitInForce => ({
  ...{ version, segment },
  ...(account !== undefined && { units: account, reason: 'quota' }),
  ...(key !== undefined && { key: { id, units: key } }),
})
const take = (table: Table, limit: LimitInForce, units: number, usedAt = START) =>
  reserve(table, ACCOUNT, limit, usedAt, units)
const counterOf = async (table: Table): Promise<Counter> => {
  const counter = await readCounter(table, ACCOUNT, monthStart)
  if (!counter) throw new Error('no counter')
  return counter
}

describe('the cap of a key', () => {
  test('stops that key exactly, with a reason of its own, and no other', async () => {
    const table = createMemoryTable()
    const a = limitOf(A, { account: 100, key: 3 })
    expect(await take(table, a, 2)).toMatchObject({
      outcome: 'taken',
      reservation: { leftUnits: 1, reason: 'key_cap' },
    })
    expect(await take(table, a, 2)).toMatchObject({ outcome: 'refused', reason: 'key_cap', leftUnits: 1 })
    expect(await take(table, a, 1)).toMatchObject({ outcome: 'taken' })
    expect(await take(table, a, 1)).toMatchObject({ outcome: 'refused', reason: 'key_cap', leftUnits: 0 })
    expect(await take(table, limitOf(B, { account: 100 }), 97)).toMatchObject({ outcome: 'taken' })
    expect(await counterOf(table)).toMatchObject({ left: 0, k: { [A]: { left: 0 } } })
  })

  test('does not help where the account has too little left', async () => {
    const table = createMemoryTable()
    expect(await take(table, limitOf(A, { account: 1, key: 50 }), 2)).toMatchObject({
      outcome: 'refused',
      reason: 'quota',
    })
    expect(await counterOf(table)).toMatchObject({ left: 1, k: { [A]: { left: 50 } } })
  })

  test('is given back together with the account’s limit', async () => {
    const table = createMemoryTable()
    const taken = await take(table, limitOf(A, { account: 10, key: 5 }), 5)
    if (taken.outcome !== 'taken') throw new Error(taken.outcome)
    await giveBack(table, ACCOUNT, taken.reservation, START, 4)
    expect(await counterOf(table)).toMatchObject({
      left: 9,
      h: { [HOUR]: 1 },
      k: { [A]: { left: 4, h: { [HOUR]: 1 } } },
    })
  })

  test('limits a key of an account that has no limit itself', async () => {
    const table = createMemoryTable()
    expect(await take(table, limitOf(A, { key: 1 }), 1)).toMatchObject({ outcome: 'taken' })
    expect(await take(table, limitOf(A, { key: 1 }), 1)).toMatchObject({
      outcome: 'refused',
      reason: 'key_cap',
    })
    expect(await counterOf(table)).toMatchObject({ left: 0, lifted: true })
    // A cap of the account that comes later starts from its own limit.
    expect(await align(table, ACCOUNT, limitOf(A, { account: 7, version: 2 }), monthStart)).toMatchObject({
      left: 7,
    })
  })

  test('starts anew with the next segment', async () => {
    const table = createMemoryTable()
    const limit = limitOf(A, { key: 1 })
    await take(table, limit, 1)
    expect(await take(table, limit, 1, parseInstant('2026-12-01T00:00:00Z'))).toMatchObject({
      outcome: 'taken',
    })
  })

  test('that was taken away lets older answers pass at once', async () => {
    const table = createMemoryTable()
    await take(table, limitOf(A, { key: 1 }), 1)
    await lift(table, ACCOUNT, 2, monthStart, A)
    expect(await take(table, limitOf(A, { key: 1 }), 1)).toEqual({ outcome: 'unlimited' })
  })

  test('moves with its entitlement, is lifted with it, and only its own key asks the counter', async () => {
    const access = createAccess()
    const keyCaps = { segment, unitsByKey: { [A]: 5 } }
    await unwrap(
      access.setEntitlement(starter({ version: 2, keyCaps }), {
        ...customer(),
        actor: { kind: 'service', service: 'billing' },
      }),
    )
    expect(await counterOf(access.table)).toMatchObject({ k: { [A]: { left: 5 } } })
    const document = await access.store.load(ACCOUNT)
    const key = {
      keyId: B,
      name: 'b',
      hash: 'h',
      masked: '',
      createdAt: START,
      createdBy: '',
      revokedAt: null,
      expiresAt: null,
    }
    const keys = { [A]: { ...key, keyId: A }, [B]: key }
    const callerOf = (keyId: string) => {
      if (!document) throw new Error('no document')
      const decision = decide('h', { accountId: ACCOUNT, keyId }, { ...document, keys }, START)
      return 'caller' in decision ? decision.caller.limit : undefined
    }
    expect(JSON.parse(callerOf(A) ?? 'null')).toEqual({ version: 2, segment, key: { id: A, units: 5 } })
    expect(callerOf(B)).toBeUndefined()
    await unwrap(
      access.setEntitlement(free({ version: 3 }), {
        ...customer(),
        actor: { kind: 'service', service: 'billing' },
      }),
    )
    expect(await counterOf(access.table)).toMatchObject({ left: 1_000, k: { [A]: { lifted: true } } })
  })
})

const use = (units: number, byKey: Record<string, number> = {}) => ({ units, byKey })

describe('settling a counter', () => {
  const drained: LedgerUse = { settleTo: hourOf(plusMs(START, 3 * HOUR_MS)), settled: use(0), hours: {} }

  test('gives back what calls that died had taken, of the account and of the key', async () => {
    const table = createMemoryTable()
    await take(table, limitOf(A, { account: 10, key: 8 }), 6)
    const moved = await settle(table, ACCOUNT, monthStart, { ...drained, settled: use(2, { [A]: 2 }) }, 0)
    expect(moved).toEqual([
      { key: null, units: 4 },
      { key: A, units: 4 },
    ])
    expect(await counterOf(table)).toMatchObject({
      left: 8,
      settled: 2,
      h: {},
      k: { [A]: { left: 6, h: {} } },
    })
  })

  test('leaves a young hour what it took, and raises one that holds less than the ledger', async () => {
    const table = createMemoryTable()
    await take(table, limitOf(A, { account: 100 }), 6)
    const later = hourOf(plusMs(START, HOUR_MS))
    const young = { ...drained, settleTo: HOUR, hours: { [HOUR]: use(2), [later]: use(3) } }
    expect(await settle(table, ACCOUNT, monthStart, young, 0)).toEqual([{ key: null, units: -3 }])
    expect(await counterOf(table)).toMatchObject({ left: 91, h: { [HOUR]: 6, [later]: 3 } })
  })

  test('counts what was used before there was a limit', async () => {
    const table = createMemoryTable()
    await align(table, ACCOUNT, limitOf(A, { account: 10 }), monthStart)
    await settle(table, ACCOUNT, monthStart, { ...drained, settled: use(12) }, 0)
    expect(await take(table, limitOf(A, { account: 10 }), 1)).toMatchObject({
      outcome: 'refused',
      leftUnits: -2,
    })
  })

  test('is refused to whoever read the counter before another repair, or would go back in time', async () => {
    const table = createMemoryTable()
    await take(table, limitOf(A, { account: 10 }), 6)
    await settle(table, ACCOUNT, monthStart, { ...drained, settled: use(5) }, 0)
    expect(await settle(table, ACCOUNT, monthStart, { ...drained, settled: use(1) }, 0)).toEqual([])
    expect(await settle(table, ACCOUNT, monthStart, { ...drained, settleTo: HOUR }, 1)).toEqual([])
    expect(await counterOf(table)).toMatchObject({ left: 5, settled: 5, repairs: 1 })
  })

  test('of a counter that is not there makes none', async () => {
    const table = createMemoryTable()
    expect(await settle(table, ACCOUNT, monthStart, drained, 0)).toEqual([])
    expect(await readCounter(table, ACCOUNT, monthStart)).toBeUndefined()
  })
})

/** What a plain program that runs one step after the other makes of the calls that passed. */
const oracle = (limit: number, used: readonly number[]) => limit - used.reduce((sum, units) => sum + units, 0)

describe('any interleaving of calls of two keys, cap moves and repairs', () => {
  const call = fc.record({
    ...{ isA: fc.boolean(), max: fc.integer({ min: 1, max: 5 }), spared: fc.nat(5), hour: fc.nat(3) },
    isLost: fc.boolean(),
  })

  test('never lets a key or the account past its cap, and leaves what the ledger leaves', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(call, { maxLength: 25, size: 'max' }),
        fc.record({ account: fc.nat(40), before: fc.nat(20), after: fc.nat(20) }),
        fc.scheduler(),
        async (calls, { account, before, after }, scheduler) => {
          const memory = createMemoryTable()
          const table: Table = {
            ...memory,
            get: scheduler.scheduleFunction(memory.get),
            put: scheduler.scheduleFunction(memory.put),
            update: scheduler.scheduleFunction(memory.update),
          }
          const [first, second] = [
            limitOf(A, { account, key: before }),
            limitOf(A, { account, key: after, version: 2 }),
          ]
          const served: { isA: boolean; units: number; hour: number }[] = []
          const runs = calls.map(async ({ isA, max, spared, hour, isLost }, n) => {
            const units = Math.max(0, max - spared)
            const usedAt = plusMs(START, hour * HOUR_MS)
            const limit = isA
              ? n % 2 === 0
                ? first
                : second
              : limitOf(B, { account, version: n % 2 === 0 ? 1 : 2 })
            const taken = await reserve(table, ACCOUNT, limit, usedAt, max)
            if (taken.outcome !== 'taken') return
            served.push({ isA, units, hour })
            // A call that dies after its work never gives back: the ledger puts it right.
            if (!isLost && units < max) await giveBack(table, ACCOUNT, taken.reservation, usedAt, max - units)
          })
          await scheduler.waitFor(Promise.all([...runs, align(table, ACCOUNT, second, monthStart)]))
          const usedBy = (isMine: (one: { isA: boolean }) => boolean) =>
            served.filter(isMine).map(({ units }) => units)
          expect(
            oracle(
              account,
              usedBy(() => true),
            ),
          ).toBeGreaterThanOrEqual(0)
          expect(
            oracle(
              Math.max(before, after),
              usedBy(({ isA }) => isA),
            ),
          ).toBeGreaterThanOrEqual(0)
          const ofA = usedBy(({ isA }) => isA).reduce((sum, units) => sum + units, 0)
          const all = usedBy(() => true).reduce((sum, units) => sum + units, 0)
          const settled: LedgerUse = {
            settleTo: hourOf(plusMs(START, 9 * HOUR_MS)),
            settled: use(all, { [A]: ofA }),
            hours: {},
          }
          const { repairs } = (await readCounter(memory, ACCOUNT, monthStart)) ?? { repairs: 0 }
          await settle(memory, ACCOUNT, monthStart, settled, repairs)
          const counter = await readCounter(memory, ACCOUNT, monthStart)
          expect(counter?.left).toBe(
            oracle(
              account,
              usedBy(() => true),
            ),
          )
          expect(counter?.k[A]?.left).toBe(
            oracle(
              after,
              usedBy(({ isA }) => isA),
            ),
          )
          expect(counter?.h).toEqual({})
        },
      ),
      { numRuns: 100 },
    )
  })

  test('a repair between the calls disturbs none of them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 15 }), fc.scheduler(), async (calls, scheduler) => {
        const memory = createMemoryTable()
        const table: Table = {
          ...memory,
          get: scheduler.scheduleFunction(memory.get),
          update: scheduler.scheduleFunction(memory.update),
        }
        const limit = limitOf(A, { account: 1_000, key: 1_000 })
        await align(memory, ACCOUNT, limit, monthStart)
        const before = plusMs(START, -5 * HOUR_MS)
        await reserve(memory, ACCOUNT, limit, before, 7)
        const ledger = { settleTo: HOUR, settled: use(4, { [A]: 4 }), hours: {} }
        const runs = calls.map(({ max, hour }) =>
          reserve(table, ACCOUNT, limit, plusMs(START, hour * HOUR_MS), max),
        )
        await scheduler.waitFor(Promise.all([...runs, settle(table, ACCOUNT, monthStart, ledger, 0)]))
        const used = calls.reduce((sum, { max }) => sum + max, 4)
        expect(await readCounter(memory, ACCOUNT, monthStart)).toMatchObject({
          left: 1_000 - used,
          k: { [A]: { left: 1_000 - used, settled: 4 } },
        })
      }),
      { numRuns: 60 },
    )
  })
})
