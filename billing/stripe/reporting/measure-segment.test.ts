import { beforeEach, expect, test } from 'vitest'
import { createMemoryTable } from '#kernel/memory-table'
import { DAY_MS, plusMs } from '#kernel/time'
import type { Segment } from '../../domain/records.ts'
import * as given from '../../workflows/testing/fixtures.ts'
import { freeze, measure, measureSegment, readFrozen } from './measure-segment.ts'

test.each([
  ['late usage is owed with the rest', [3, 5, null], { carriedOutUnits: 0, waivedUnits: 0, owedUnits: 8 }],
  [
    'what was billed too much is carried on until usage eats it up',
    [3, -10, null],
    { carriedOutUnits: -7, waivedUnits: 0, owedUnits: 0 },
  ],
  ['what slips past a cap is waived', [100, 5, 50], { carriedOutUnits: 0, waivedUnits: 55, owedUnits: 50 }],
] as const)('%s', (_, [meteredUnits, carriedInUnits, capUnits], rest) => {
  expect(measure(meteredUnits, carriedInUnits, capUnits)).toEqual({ meteredUnits, carriedInUnits, ...rest })
})

let billing: given.TestBilling
const closed: Segment = {
  ...given.paidSegment(),
  invoicedUnits: 10,
  waivedUnits: 2,
  closedAt: given.NEXT.start,
}

beforeEach(async () => {
  billing = await given.createBilling()
  await given.subscribe(billing)
  await billing.use(17, plusMs(given.PERIOD.start, DAY_MS))
  await billing.use(3, plusMs(given.NEXT.start, DAY_MS))
  await billing.accounts.addSegment(given.paidSegment(given.NEXT))
})
const measureNext = () =>
  measureSegment(billing, given.paidSegment(given.NEXT), given.starter, given.NEXT.end)

test('what a closed segment neither billed nor waived is carried into the next', async () => {
  await billing.accounts.closeSegment(given.paidSegment(), { ...closed, closedAt: given.NEXT.start })
  expect(await measureNext()).toMatchObject({ meteredUnits: 3, carriedInUnits: 5, owedUnits: 8 })
})

test('a segment that is still open carries nothing over', async () => {
  expect(await measureNext()).toMatchObject({ carriedInUnits: 0, owedUnits: 3 })
})

test('a closed segment carries nothing into itself, nor into one before it', async () => {
  await billing.accounts.closeSegment(given.paidSegment(), { ...closed, closedAt: given.NEXT.start })
  const next = given.paidSegment(given.NEXT)
  await billing.accounts.closeSegment(next, { ...next, invoicedUnits: 1, closedAt: given.NEXT.end })
  expect(await measureSegment(billing, closed, given.starter, given.NEXT.end)).toMatchObject({
    meteredUnits: 17,
    carriedInUnits: 0,
  })
})

test('the measure that was frozen first stays', async () => {
  const table = createMemoryTable()
  const [first, second] = [measure(7, 0, null), measure(8, 0, null)]
  expect(await freeze(table, given.paidSegment(), first)).toEqual(first)
  expect(await freeze(table, given.paidSegment(), second)).toEqual(first)
  expect(await readFrozen(table, given.paidSegment())).toEqual(first)
  expect(await readFrozen(table, given.paidSegment(given.NEXT))).toBeUndefined()
})
