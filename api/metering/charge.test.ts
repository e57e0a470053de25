import { expect, test } from 'vitest'
import { createMemoryTable } from '#kernel/memory-table'
import { utcMonthOf } from '#kernel/time'
import { readCounter } from '../access/counter.ts'
import { ACCOUNT, START } from '../testing/builders.ts'
import type { Caller } from './caller.ts'
import { charge } from './charge.ts'

const limit = { units: 10, version: 1, reason: 'quota', segment: { kind: 'calendar_month' } } as const
const caller = { accountId: ACCOUNT, usedAt: START, limit } as Caller
const segmentStart = utcMonthOf(START).start
const failLoudly = (error: unknown) => {
  throw error
}
const using = (units: number) => async () => ({ units, value: 'answer' })

test.each([
  ['all', 4, 6],
  ['some', 1, 9],
  ['nothing', 0, 10],
])('of what a call may cost %s is taken: what it used', async (_, units, leftUnits) => {
  const table = createMemoryTable()
  const charged = await charge(table, caller, 4, using(units), failLoudly)
  expect(charged).toMatchObject({ outcome: 'done', value: 'answer', units, allowance: { leftUnits } })
  expect(await readCounter(table, ACCOUNT, segmentStart)).toMatchObject({ left: leftUnits })
})

test.each([5, -1, 0.5, Number.NaN])(
  'a route that says it used %d of 4 units fails and costs nothing',
  async units => {
    const table = createMemoryTable()
    await expect(charge(table, caller, 4, using(units), failLoudly)).rejects.toThrow(RangeError)
    expect(await readCounter(table, ACCOUNT, segmentStart)).toMatchObject({ left: 10 })
  },
)

test.each<[string, Caller, number]>([
  ['a call that costs nothing', caller, 0],
  ['an account without a hard limit', { ...caller, limit: undefined }, 4],
])('the counter is not touched by %s', async (_, unlimited, maxUnits) => {
  const table = createMemoryTable()
  const charged = await charge(table, unlimited, maxUnits, using(0), failLoudly)
  expect(charged).toEqual({ outcome: 'done', value: 'answer', units: 0, allowance: undefined })
  expect(await readCounter(table, ACCOUNT, segmentStart)).toBeUndefined()
})

test('a call that is done is answered although its rest could not be given back', async () => {
  const memory = createMemoryTable()
  const down = new Error('the store is down')
  const isTaken = async () => (await readCounter(memory, ACCOUNT, segmentStart))?.left === 6
  const table = {
    ...memory,
    update: async (...args: Parameters<typeof memory.update>) => {
      if (await isTaken()) throw down
      return memory.update(...args)
    },
  }
  const lost: unknown[] = []
  const charged = await charge(table, caller, 4, using(1), error => lost.push(error))
  expect(charged).toMatchObject({ outcome: 'done', units: 1, allowance: { leftUnits: 6 } })
  expect(lost).toEqual([down])
})
