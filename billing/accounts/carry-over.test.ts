import { expect, test } from 'vitest'
import { DAY_MS, plusMs } from '#kernel/time'
import { append } from '../ledger/append.ts'
import { ACCOUNT, NOON, usageEvent } from '../ledger/testing/arbitrary-records.ts'
import { createTestDeps } from '../procedures/testing/test-deps.ts'
import { loadCarryOver } from './carry-over.ts'

const segment = {
  ...{ accountId: ACCOUNT, start: NOON, end: plusMs(NOON, DAY_MS), planVersionId: 'starter@1' },
  ...{ subscriptionId: 'sub_1', carriedInUnits: 0, invoicedUnits: 10, waivedUnits: 0 },
  closedAt: plusMs(NOON, 2 * DAY_MS),
}
const use = (deps: ReturnType<typeof createTestDeps>, id: string, units: number) =>
  append(deps.ledger, { usage: [usageEvent({ id, units })], access: [] })

test('late usage of a segment is carried over for as long as it can arrive', async () => {
  const deps = createTestDeps()
  await deps.accounts.addSegment(segment)
  await use(deps, 'a', 10)
  const late = plusMs(segment.end, 70 * DAY_MS)
  expect(await loadCarryOver(deps, ACCOUNT, late)).toBe(0)
  await use(deps, 'b', 3)
  expect(await loadCarryOver(deps, ACCOUNT, late)).toBe(3)
})

test('a segment too old for that is folded once more and never again', async () => {
  const deps = createTestDeps()
  await deps.accounts.addSegment(segment)
  await use(deps, 'a', 12)
  const settled = plusMs(segment.end, 76 * DAY_MS)
  expect(await loadCarryOver(deps, ACCOUNT, settled)).toBe(2)
  const ledger = { ...deps.ledger, query: () => Promise.reject(new Error('folded again')) }
  expect(await loadCarryOver({ ...deps, ledger }, ACCOUNT, settled)).toBe(2)
})

test('with a bound only segments before it count', async () => {
  const deps = createTestDeps()
  await deps.accounts.addSegment(segment)
  await use(deps, 'a', 12)
  expect(await loadCarryOver(deps, ACCOUNT, segment.end, segment.start)).toBe(0)
  expect(await loadCarryOver(deps, ACCOUNT, segment.end, segment.end)).toBe(2)
})
