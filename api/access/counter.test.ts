import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DynamoError } from '#kernel/dynamo-request'
import { createMemoryTable } from '#kernel/memory-table'
import type { Table } from '#kernel/table'
import { type Instant, MINUTE_MS, parseInstant, plusMs } from '#kernel/time'
import { startDynalite } from '../kernel/testing/dynalite-table.ts'
import { ACCOUNT, START } from '../testing/builders.ts'
import { align, lift } from './align-counter.ts'
import { type Counter, type LimitInForce, readCounter, segmentOf } from './counter.ts'
import { giveBack, reserve } from './reserve.ts'

const monthStart = parseInstant('2026-11-01T00:00:00Z')
const nextMonth = parseInstant('2026-12-01T00:00:00Z')
const quota = (units: number, version = 1): LimitInForce => ({
  units,
  version,
  reason: 'quota',
  segment: { kind: 'calendar_month' },
})
const capOver = (start: Instant, end: Instant): LimitInForce => ({
  units: 10,
  version: 1,
  reason: 'spend_cap',
  segment: { kind: 'period', period: { start, end } },
})

const ofAccount = { segmentStart: monthStart, meters: [null] }
const takenOf = (counter: Counter | undefined) =>
  Object.values(counter?.h ?? {}).reduce((sum, units) => sum + units, 0)

describe('the counter of a hard limit', () => {
  test('lets through exactly the units there are, and says when it lifts', async () => {
    const table = createMemoryTable()
    const outcomes = []
    for (let n = 0; n < 4; n++) outcomes.push(await reserve(table, ACCOUNT, quota(3), START, 1))
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['taken', 'taken', 'taken', 'refused'])
    expect(outcomes[3]).toEqual({ outcome: 'refused', reason: 'quota', leftUnits: 0, liftsAt: nextMonth })
  })

  test('refuses a call that may cost more than is left, and takes nothing for it', async () => {
    const table = createMemoryTable()
    expect(await reserve(table, ACCOUNT, quota(3), START, 4)).toMatchObject({
      outcome: 'refused',
      leftUnits: 3,
    })
    expect(await reserve(table, ACCOUNT, quota(3), START, 3)).toMatchObject({ outcome: 'taken' })
  })

  test('starts anew with the UTC month of use', async () => {
    const table = createMemoryTable()
    await reserve(table, ACCOUNT, quota(1), plusMs(nextMonth, -1), 1)
    expect(await reserve(table, ACCOUNT, quota(1), plusMs(nextMonth, -1), 1)).toMatchObject({
      outcome: 'refused',
    })
    expect(await reserve(table, ACCOUNT, quota(1), nextMonth, 1)).toMatchObject({ outcome: 'taken' })
  })

  test('starts anew at a period’s end before billing has said so', () => {
    const limit = capOver(monthStart, START)
    expect(segmentOf(limit, plusMs(START, -1))).toEqual({ start: monthStart, end: START })
    expect(segmentOf(limit, START)).toEqual({ start: START, end: undefined })
  })

  test('books units under their hour of use', async () => {
    const table = createMemoryTable()
    await reserve(table, ACCOUNT, quota(10), START, 5)
    await giveBack(table, ACCOUNT, ofAccount, START, 2)
    await reserve(table, ACCOUNT, quota(10), plusMs(START, 60 * MINUTE_MS), 1)
    const counter = await readCounter(table, ACCOUNT, monthStart)
    expect(counter).toMatchObject({ left: 6, h: { '2026-11-22T14': 3, '2026-11-22T15': 1 } })
  })

  test('a raised limit moves it once per version, however often it is told', async () => {
    const table = createMemoryTable()
    await reserve(table, ACCOUNT, quota(3, 1), START, 2)
    for (let n = 0; n < 3; n++) await align(table, ACCOUNT, quota(10, 2), monthStart)
    expect(await readCounter(table, ACCOUNT, monthStart)).toMatchObject({ left: 8, limit: 10, version: 2 })
  })

  test('a request with an older authorizer answer neither moves it back nor is refused by it', async () => {
    const table = createMemoryTable()
    await align(table, ACCOUNT, quota(10, 2), monthStart)
    expect(await reserve(table, ACCOUNT, quota(3, 1), START, 4)).toMatchObject({ outcome: 'taken' })
    expect(await readCounter(table, ACCOUNT, monthStart)).toMatchObject({ left: 6, limit: 10, version: 2 })
  })

  test('a counter that an older answer made follows the newer limit at its first request', async () => {
    const table = createMemoryTable()
    await reserve(table, ACCOUNT, quota(3, 1), START, 3)
    expect(await reserve(table, ACCOUNT, quota(10, 2), START, 3)).toMatchObject({
      outcome: 'taken',
      reservation: { leftUnits: 4, limitUnits: 10 },
    })
  })

  test('a lower limit that the counter’s maker did not know yet holds from its first request on', async () => {
    const table = createMemoryTable()
    await reserve(table, ACCOUNT, quota(100, 1), START, 1)
    expect(await reserve(table, ACCOUNT, quota(5, 2), START, 5)).toMatchObject({
      outcome: 'refused',
      leftUnits: 4,
    })
  })

  test('a lowered limit may leave a negative rest, which refuses', async () => {
    const table = createMemoryTable()
    await reserve(table, ACCOUNT, quota(10, 1), START, 8)
    await align(table, ACCOUNT, quota(5, 2), monthStart)
    expect(await reserve(table, ACCOUNT, quota(5, 2), START, 1)).toMatchObject({
      outcome: 'refused',
      leftUnits: -3,
    })
  })

  test('a lifted limit lets older answers pass at once, and holds again with the next limit', async () => {
    const table = createMemoryTable()
    await reserve(table, ACCOUNT, quota(1, 1), START, 1)
    await lift(table, ACCOUNT, 2, monthStart)
    expect(await reserve(table, ACCOUNT, quota(1, 1), START, 1)).toEqual({ outcome: 'unlimited' })
    expect(await reserve(table, ACCOUNT, quota(1, 3), START, 1)).toMatchObject({ outcome: 'refused' })
  })

  test('lifting a limit that was never used makes nothing', async () => {
    const table = createMemoryTable()
    await lift(table, ACCOUNT, 2, monthStart)
    expect(await readCounter(table, ACCOUNT, monthStart)).toBeUndefined()
  })
})

describe('an answer of DynamoDB that was lost', () => {
  const losing = (error: Error, table = createMemoryTable()) => {
    let isLost = false
    const update: Table['update'] = async (...args) => {
      const item = await table.update(...args)
      if (item === undefined || isLost) return item
      isLost = true
      throw error
    }
    return { ...table, update }
  }
  const timeout = new DynamoError('UpdateItem', 'NetworkError', 'no answer', true)

  test('is asked for again: the call goes on, and may have been counted twice', async () => {
    const table = losing(timeout)
    await align(table, ACCOUNT, quota(10), monthStart)
    expect(await reserve(table, ACCOUNT, quota(10), START, 2)).toMatchObject({ outcome: 'taken' })
    expect(await readCounter(table, ACCOUNT, monthStart)).toMatchObject({ left: 6 })
  })

  test('of a limit that moved does not move it twice', async () => {
    const table = losing(timeout)
    await align(table, ACCOUNT, quota(3, 1), monthStart)
    expect(await align(table, ACCOUNT, quota(10, 2), monthStart)).toMatchObject({ left: 10, version: 2 })
  })

  test('of giving back is never asked for again: nobody gets more than there is', async () => {
    const plain = createMemoryTable()
    await reserve(plain, ACCOUNT, quota(10), START, 5)
    await expect(giveBack(losing(timeout, plain), ACCOUNT, ofAccount, START, 2)).rejects.toBe(timeout)
    expect(await readCounter(plain, ACCOUNT, monthStart)).toMatchObject({ left: 7 })
  })

  test('is told apart from a refusal, which is not repeated', async () => {
    const refused = new DynamoError('UpdateItem', 'AccessDenied', 'no', false)
    const table = losing(refused)
    await align(table, ACCOUNT, quota(10), monthStart)
    await expect(reserve(table, ACCOUNT, quota(10), START, 2)).rejects.toBe(refused)
  })
})

/** One call: takes `max`, uses `used` of it, some minutes into the month. */
const callArbitrary = fc
  .record({ max: fc.integer({ min: 1, max: 5 }), spared: fc.nat(5), minute: fc.nat(300) })
  .map(({ max, spared, minute }) => ({ max, used: Math.max(0, max - spared), minute }))

/** Runs the calls all at once; the limit moves in the middle. Returns the units that the calls used. */
async function runConcurrently(
  table: Table,
  calls: readonly { max: number; used: number; minute: number }[],
  before: LimitInForce,
  after: LimitInForce,
): Promise<number> {
  const runs = calls.map(async ({ max, used, minute }, index) => {
    const limit = index % 2 === 0 ? before : after
    const usedAt = plusMs(START, minute * MINUTE_MS)
    const reserved = await reserve(table, ACCOUNT, limit, usedAt, max)
    if (reserved.outcome !== 'taken') return 0
    if (used < max) await giveBack(table, ACCOUNT, reserved.reservation, usedAt, max - used)
    return used
  })
  const moving = align(table, ACCOUNT, after, monthStart)
  const used = await Promise.all(runs)
  await moving
  return used.reduce((sum, units) => sum + units, 0)
}

describe('any interleaving of calls', () => {
  const limits = fc.record({ before: fc.nat(30), after: fc.nat(30) })

  test('never uses more than the larger limit and loses no unit', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(callArbitrary, { maxLength: 30, size: 'max' }),
        limits,
        fc.scheduler(),
        async (calls, { before, after }, scheduler) => {
          const memory = createMemoryTable()
          const table: Table = {
            ...memory,
            get: scheduler.scheduleFunction(memory.get),
            put: scheduler.scheduleFunction(memory.put),
            update: scheduler.scheduleFunction(memory.update),
          }
          const [first, second] = [quota(before, 1), quota(after, 2)]
          const used = await scheduler.waitFor(runConcurrently(table, calls, first, second))
          const counter = await readCounter(memory, ACCOUNT, monthStart)
          expect(used).toBeLessThanOrEqual(Math.max(before, after))
          expect(takenOf(counter)).toBe(used)
          expect(counter?.left).toBe(after - used)
        },
      ),
      { numRuns: 150 },
    )
  })
})

describe('on a DynamoDB emulator', () => {
  let dynalite: Awaited<ReturnType<typeof startDynalite>>
  beforeAll(async () => {
    dynalite = await startDynalite()
  })
  afterAll(() => dynalite.stop())

  test('100 concurrent calls use exactly what there is', async () => {
    const table = await dynalite.createTable()
    const calls = Array.from({ length: 100 }, () => ({ max: 1, used: 1, minute: 0 }))
    expect(await runConcurrently(table, calls, quota(37, 1), quota(50, 2))).toBe(50)
    expect(await readCounter(table, ACCOUNT, monthStart)).toMatchObject({
      left: 0,
      h: { '2026-11-22T14': 50 },
    })
  })
})
