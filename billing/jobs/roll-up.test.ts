import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createMemoryTable } from '#kernel/memory-table'
import type { Table } from '#kernel/table'
import { HOUR_MS, hourOf, instant, parseInstant, plusMs, utcMonthOf } from '#kernel/time'
import { nextSegment, openFree } from '../accounts/advance-segment.ts'
import { listDue, markDue } from '../accounts/due.ts'
import { foldRecords, type LedgerRecords } from '../domain/fold.ts'
import { append } from '../ledger/append.ts'
import { listDirty } from '../ledger/dirty.ts'
import { foldPeriod } from '../ledger/fold-period.ts'
import {
  ACCOUNT,
  arbitraryDeliveries,
  arbitraryRecords,
  HOURS,
  NOON,
  usageEvent,
} from '../ledger/testing/arbitrary-records.ts'
import { listTotals } from '../ledger/totals.ts'
import { callAt, createTestDeps, publishCatalogue, type TestDeps } from '../procedures/testing/test-deps.ts'
import { openAccount } from './open-account.ts'
import { rollUp } from './roll-up.ts'

const HOUR = hourOf(NOON)
const one = (id: string, units = 1): LedgerRecords => ({ usage: [usageEvent({ id, units })], access: [] })
const totalUnits = async (ledger: Table) =>
  (await listTotals(ledger, ACCOUNT, { from: HOUR, to: HOUR }))[0]?.fold.units
const run = (deps: TestDeps, now = NOON) => rollUp(deps, callAt(now))

describe('hour totals', () => {
  test('a batch that lands between the reading of an hour and the clearing of its marker is not lost', async () => {
    const ledger = createMemoryTable()
    let isFirst = true
    const racing: Table = {
      ...ledger,
      remove: async (key, conditions) => {
        if (isFirst) await append(ledger, one('b', 20))
        isFirst = false
        return ledger.remove(key, conditions)
      },
    }
    const deps = createTestDeps({ ledger: racing })
    await append(ledger, one('a', 1))
    await run(deps)
    expect(await listDirty(ledger)).toHaveLength(1)
    await run(deps)
    expect(await totalUnits(ledger)).toBe(21)
    expect(await listDirty(ledger)).toEqual([])
  })

  test('a slow run never puts back an older total', async () => {
    const ledger = createMemoryTable()
    await append(ledger, one('a', 1))
    let isFirst = true
    const slow: Table = {
      ...ledger,
      put: async (item, conditions) => {
        if (isFirst && item.pk.startsWith('total#')) {
          isFirst = false
          await append(ledger, one('b', 20))
          await run(createTestDeps({ ledger }))
        }
        return ledger.put(item, conditions)
      },
    }
    await run(createTestDeps({ ledger: slow }))
    expect(await totalUnits(ledger)).toBe(21)
  })

  test('whatever overlaps, hours without a marker have the total of all their events', async () => {
    const cases = arbitraryRecords().chain(records =>
      fc.record({ records: fc.constant(records), deliveries: arbitraryDeliveries(records) }),
    )
    await fc.assert(
      fc.asyncProperty(cases, fc.scheduler(), async ({ records, deliveries }, scheduler) => {
        const table = createMemoryTable()
        const ledger = interleaved(table, scheduler)
        const deps = createTestDeps({ ledger })
        const work = [
          ...deliveries.map(delivery => append(ledger, delivery)),
          run(deps),
          run(deps),
          run(deps),
        ]
        await scheduler.waitFor(Promise.all(work))
        const period = { start: NOON, end: plusMs(NOON, HOURS * HOUR_MS) }
        expect(await foldPeriod(table, ACCOUNT, period)).toEqual(foldRecords(records))
        await run(createTestDeps({ ledger: table }))
        expect(await listDirty(table)).toEqual([])
        expect(await foldPeriod(table, ACCOUNT, period)).toEqual(foldRecords(records))
      }),
    )
  })

  test('periods that cut rolled-up hours are folded from events all the same', async () => {
    const cases = fc.tuple(arbitraryRecords(), fc.nat(HOURS * HOUR_MS), fc.nat(HOURS * HOUR_MS))
    await fc.assert(
      fc.asyncProperty(cases, async ([records, a, b]) => {
        const deps = createTestDeps()
        await append(deps.ledger, records)
        await run(deps)
        const cut = { start: instant(NOON + Math.min(a, b)), end: instant(NOON + Math.max(a, b)) }
        const isIn = ({ usedAt }: { usedAt: number }) => cut.start <= usedAt && usedAt < cut.end
        const inside = { usage: records.usage.filter(isIn), access: records.access.filter(isIn) }
        expect(await foldPeriod(deps.ledger, ACCOUNT, cut)).toEqual(foldRecords(inside))
      }),
    )
  })

  test('a run with nothing to do writes nothing', async () => {
    const writes: string[] = []
    const spied = (table: Table): Table => {
      const noting = <A extends readonly [{ readonly pk: string }, ...unknown[]], T>(
        write: (...args: A) => T,
      ) => {
        return (...args: A): T => {
          writes.push(args[0].pk)
          return write(...args)
        }
      }
      return {
        ...table,
        put: noting(table.put),
        update: noting(table.update),
        remove: noting(table.remove),
      }
    }
    const deps = createTestDeps({ ledger: spied(createMemoryTable()), billing: spied(createMemoryTable()) })
    await publishCatalogue(deps)
    await openAccount(deps, { accountId: ACCOUNT, createdAt: NOON }, callAt(NOON))
    await append(deps.ledger, one('a'))
    await run(deps, plusMs(NOON, 4 * HOUR_MS))
    writes.length = 0
    await run(deps, plusMs(NOON, 4 * HOUR_MS))
    expect(writes).toEqual([])
  })
})

describe('what follows from usage', () => {
  test('usage in a new month opens the next Free segment', async () => {
    const deps = createTestDeps()
    await openFree(deps.accounts, { accountId: ACCOUNT, openedAt: NOON, planVersionId: 'free@1' })
    const december = parseInstant('2026-12-02T00:00:00Z')
    await append(deps.ledger, { usage: [usageEvent({ id: 'a', usedAt: december })], access: [] })
    await run(deps, december)
    expect(await deps.accounts.newestSegment(ACCOUNT)).toMatchObject(utcMonthOf(december))
  })

  test('usage of a paying account is due for a report, that of a free one is not', async () => {
    const deps = createTestDeps()
    const account = await openFree(deps.accounts, {
      accountId: ACCOUNT,
      openedAt: NOON,
      planVersionId: 'free@1',
    })
    await append(deps.ledger, one('a'))
    await run(deps)
    expect(await listDue(deps.billing, 'report-due')).toEqual([])
    await deps.accounts.changeAccount(account, { subscriptionId: 'sub_1' })
    await append(deps.ledger, one('b'))
    await run(deps)
    expect(await listDue(deps.billing, 'report-due')).toMatchObject([{ name: ACCOUNT }])
  })

  test('usage that comes after its segment ended moves the cap of the open one', async () => {
    const deps = createTestDeps()
    await publishCatalogue(deps)
    await openAccount(deps, { accountId: ACCOUNT, createdAt: NOON }, callAt(NOON))
    const account = await deps.accounts.getAccount(ACCOUNT)
    if (!account) throw new Error('no account')
    const paid = { planVersionId: 'starter@1', subscriptionId: 'sub_1' }
    const ended = await nextSegment(deps, account, {
      ...paid,
      period: { start: NOON, end: plusMs(NOON, HOUR_MS) },
    })
    const period = { start: ended.end, end: plusMs(ended.end, 30 * 24 * HOUR_MS) }
    await nextSegment(deps, account, { ...paid, period })
    await deps.accounts.changeAccount(account, paid)
    const closedAt = plusMs(ended.end, HOUR_MS)
    await deps.accounts.closeSegment(ended, { carriedInUnits: 0, invoicedUnits: 0, waivedUnits: 0, closedAt })
    await run(deps, closedAt)
    const limitUnits = () => deps.fakeAccess.entitlements.get(ACCOUNT)?.hardLimit?.units
    expect(limitUnits()).toBe(86_669)
    await append(deps.ledger, one('late', 69))
    await run(deps, plusMs(closedAt, HOUR_MS))
    expect(limitUnits()).toBe(86_600)
  })

  test('an account that fails does not keep the others waiting', async () => {
    const deps = createTestDeps()
    await markDue(deps.billing, 'entitle-due', ACCOUNT)
    await append(deps.ledger, one('a', 3))
    const { problems, hours } = await run(deps)
    expect(problems).toEqual([expect.stringContaining('billing does not know the account')])
    expect(hours).toBe(1)
  })
})

describe('entitlements', () => {
  test('are repeated until access has them in force', async () => {
    const deps = createTestDeps()
    await publishCatalogue(deps)
    deps.fakeAccess.isDown = true
    await openAccount(deps, { accountId: ACCOUNT, createdAt: NOON }, callAt(NOON))
    expect((await run(deps)).problems).toHaveLength(1)
    deps.fakeAccess.isDown = false
    deps.fakeAccess.limitsInForce = false
    expect(await run(deps)).toMatchObject({ entitled: 0, problems: [] })
    deps.fakeAccess.limitsInForce = true
    expect(await run(deps)).toMatchObject({ entitled: 1 })
    const { calls } = deps.fakeAccess
    await run(deps)
    expect(deps.fakeAccess.calls).toBe(calls)
  })
})

describe('counters', () => {
  async function countedAccount(takenUnits: number) {
    const deps = createTestDeps()
    await publishCatalogue(deps)
    await openAccount(deps, { accountId: ACCOUNT, createdAt: NOON }, callAt(NOON))
    const counter = {
      segmentStart: utcMonthOf(NOON).start,
      leftUnits: 1_000 - takenUnits,
      takenByHour: { [HOUR]: takenUnits } as Record<string, number>,
      ...{ settledUnits: 0, repairs: 0, leftByKey: {} },
    }
    deps.fakeAccess.counters.set(ACCOUNT, counter)
    await append(deps.ledger, one('a', 7))
    return { deps, counter }
  }
  const drained = plusMs(NOON, 3 * HOUR_MS)

  test('of a drained hour are set to what the ledger says', async () => {
    const { deps, counter } = await countedAccount(10)
    await run(deps)
    expect(await run(deps, drained)).toMatchObject({ repaired: 1 })
    expect(counter).toMatchObject({ leftUnits: 993, settledUnits: 7, takenByHour: {} })
    expect(await listDue(deps.billing, 'repair-due')).toEqual([])
  })

  test('are left alone until two hours after the hour', async () => {
    const { deps, counter } = await countedAccount(10)
    await run(deps)
    await run(deps, instant(drained - 1))
    expect(counter.takenByHour).toEqual({ [HOUR]: 10 })
  })

  test.each([
    ['just after one was drained', 0],
    ['just before the next is', HOUR_MS - 1],
  ])('keep what hours have taken that are not drained yet, %s', async (_, ms) => {
    const { deps, counter } = await countedAccount(10)
    const hours = [1, 2, 3].map(n => hourOf(plusMs(NOON, n * HOUR_MS)))
    const open = Object.fromEntries(hours.map((hour, n) => [hour, n + 4]))
    Object.assign(counter.takenByHour, open)
    await run(deps)
    await run(deps, plusMs(drained, ms))
    expect(counter).toMatchObject({ settledUnits: 7, takenByHour: open })
  })

  test('that are right are not touched', async () => {
    const { deps } = await countedAccount(7)
    await run(deps)
    expect(await run(deps, drained)).toMatchObject({ repaired: 0 })
  })

  test('of a plan that began within an hour are not charged with what was used before it', async () => {
    const { deps, counter } = await countedAccount(10)
    const account = await deps.accounts.getAccount(ACCOUNT)
    if (!account) throw new Error('no account')
    const period = { start: plusMs(NOON, 1_000), end: plusMs(NOON, 30 * 24 * HOUR_MS) }
    await nextSegment(deps, account, { planVersionId: 'starter@1', subscriptionId: 'sub_1', period })
    counter.segmentStart = period.start
    const usage = [usageEvent({ id: 'paid', units: 2, usedAt: period.start })]
    await append(deps.ledger, { usage, access: [] })
    await run(deps)
    await run(deps, drained)
    expect(counter).toMatchObject({ settledUnits: 2, takenByHour: {} })
  })

  test('are repaired again when usage comes later still', async () => {
    const { deps, counter } = await countedAccount(10)
    await run(deps)
    await run(deps, drained)
    await append(deps.ledger, one('late', 3))
    await run(deps, drained)
    expect(counter).toMatchObject({ leftUnits: 990, settledUnits: 10 })
  })
})

/** Lets the scheduler decide when each operation takes effect. */
const interleaved = (table: Table, scheduler: fc.Scheduler): Table => {
  const later = <T>(operation: () => Promise<T>): Promise<T> =>
    scheduler.schedule(Promise.resolve()).then(operation)
  return {
    get: (...args) => later(() => table.get(...args)),
    put: (...args) => later(() => table.put(...args)),
    update: (...args) => later(() => table.update(...args)),
    remove: (...args) => later(() => table.remove(...args)),
    query: (...args) => later(() => table.query(...args)),
  }
}
