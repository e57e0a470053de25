import { expect, test } from 'vitest'
import { createMemoryTable } from '#kernel/memory-table'
import { instant, plusMs } from '#kernel/time'
import type { Gateway } from './gateway.ts'
import { createLimitSets, LEASE_MS } from './limit-sets.ts'
import { createMemoryGateway } from './memory-gateway.ts'

const LIMITS = { ratePerSecond: 2, burst: 20 }
const START = instant(1_000_000)
const AFTER = plusMs(START, LEASE_MS + 1)

function setUp(change: Partial<Gateway> = {}) {
  const [table, gateway] = [createMemoryTable(), createMemoryGateway()]
  return {
    gateway,
    limitSets: createLimitSets(table, gateway),
    /** The same table, by a run whose gateway behaves otherwise. */
    other: createLimitSets(table, { ...gateway, ...change }),
  }
}

test('two runs at once make one usage plan and one pooled key; the one that came second is told to try again', async () => {
  const { gateway, limitSets } = setUp()
  const outcomes = await Promise.allSettled([
    limitSets.ensure(LIMITS, START),
    limitSets.ensure(LIMITS, START),
  ])
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { name: 'LimitSetBusyError' },
  })
  expect([gateway.plans.size, gateway.keys.size]).toEqual([1, 1])
})

test('what a cut-off leaves is stranded once its lease is over, and is then finished with what is there', async () => {
  const cut = async () => {
    throw new Error('cut off')
  }
  const { gateway, limitSets, other } = setUp({ createKey: cut })
  await expect(other.ensure(LIMITS, START)).rejects.toThrow('cut off')
  expect((await limitSets.list(plusMs(START, LEASE_MS - 1))).stranded).toEqual([])
  await expect(limitSets.ensure(LIMITS, plusMs(START, LEASE_MS - 1))).rejects.toMatchObject({
    name: 'LimitSetBusyError',
  })
  expect((await limitSets.list(AFTER)).stranded).toEqual([LIMITS])
  await limitSets.ensure(LIMITS, AFTER)
  expect(await limitSets.list(AFTER)).toMatchObject({ stranded: [], ready: [{ limits: LIMITS }] })
  expect([gateway.plans.size, gateway.keys.size]).toEqual([1, 1])
})

test('a run that lost its lease does not write over the one that took it', async () => {
  let proceed = () => {}
  const waiting = new Promise<void>(resolve => {
    proceed = resolve
  })
  const slow = {
    attachKey: async () => waiting,
  }
  const { limitSets, other } = setUp(slow)
  const late = other.ensure(LIMITS, START)
  const made = await limitSets.ensure(LIMITS, AFTER)
  proceed()
  await expect(late).rejects.toMatchObject({ name: 'LimitSetBusyError' })
  expect(await limitSets.get(made.limitSetId)).toEqual(made)
})
