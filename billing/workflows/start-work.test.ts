import { beforeEach, expect, test } from 'vitest'
import { createMemoryTable } from '#kernel/memory-table'
import type { Table } from '#kernel/table'
import { startWork, type WorkOrder } from './start-work.ts'
import { ACCOUNT, createFakeExecutions, PERIOD } from './testing/fixtures.ts'
import { claimPlanChange, type PlanChange, readPlanChange, readWorkItem } from './work-item.ts'

const NOW = PERIOD.end
const order: WorkOrder = {
  ...{ machine: 'close-invoice', machineArn: 'close', object: 'in_1', subject: 'in_1' },
  input: { accountId: ACCOUNT, invoiceId: 'in_1' },
}
let table: Table
let executions: ReturnType<typeof createFakeExecutions>

beforeEach(() => {
  table = createMemoryTable()
  executions = createFakeExecutions()
})
const start = () => startWork(table, executions, order, NOW)

test('of two that take over the same failed attempt one starts the next', async () => {
  await start()
  executions.statuses.set('close-invoice-in_1-1', 'failed')
  const both = await Promise.all([start(), start()])
  expect(both.map(({ started }) => started)).toEqual(['close-invoice-in_1-2', null])
  expect(executions.started).toEqual([
    { name: 'close-invoice-in_1-1', input: { ...order.input, attempt: 1 } },
    { name: 'close-invoice-in_1-2', input: { ...order.input, attempt: 2 } },
  ])
  expect(await readWorkItem(table, 'close-invoice', 'in_1')).toMatchObject({
    ...{ state: 'running', attempt: 2, owner: 'close-invoice-in_1-2' },
  })
})

test('an execution that was claimed and never started is started by whoever comes next', async () => {
  const { start: begin } = executions
  executions.start = () => Promise.reject(new Error('cut off'))
  await expect(start()).rejects.toThrow('cut off')
  executions.start = begin
  expect(await start()).toEqual({ started: 'close-invoice-in_1-1' })
  expect(await start()).toMatchObject({ started: null })
})

const claimOf = (claim: string, change: Partial<PlanChange> = {}): PlanChange => ({
  ...{ state: 'checkout_open', attempt: 0, owner: null, since: NOW, accountId: ACCOUNT },
  ...{ planId: 'starter', planVersionId: 'starter@1', claim, successUrl: '', cancelUrl: '' },
  ...change,
})

test('a plan change replaces only the claim that was read, and none that is being switched on', async () => {
  const [first, second] = [claimOf('first'), claimOf('second')]
  expect(await claimPlanChange(table, first, undefined)).toBe(true)
  expect(await claimPlanChange(table, second, undefined)).toBe(false)
  expect(await claimPlanChange(table, second, first)).toBe(true)
  expect(await claimPlanChange(table, claimOf('third'), first)).toBe(false)
  expect(await claimPlanChange(table, claimOf('second', { state: 'switching' }), second)).toBe(true)
  expect(await claimPlanChange(table, claimOf('third'), second)).toBe(false)
  expect(await readPlanChange(table, ACCOUNT)).toMatchObject({ claim: 'second', state: 'switching' })
})
