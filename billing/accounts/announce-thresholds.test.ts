import { beforeEach, expect, test } from 'vitest'
import { MINUTE_MS, plusMs, utcMonthOf } from '#kernel/time'
import { openAccount } from '../jobs/open-account.ts'
import { rollUp } from '../jobs/roll-up.ts'
import { append } from '../ledger/append.ts'
import { ACCOUNT, accessRecord, NOON, usageEvent } from '../ledger/testing/arbitrary-records.ts'
import { callAt, createTestDeps, publishCatalogue, type TestDeps } from '../procedures/testing/test-deps.ts'

let deps: TestDeps
let count = 0

beforeEach(async () => {
  deps = createTestDeps()
  await publishCatalogue(deps)
  await openAccount(deps, { accountId: ACCOUNT, createdAt: NOON }, callAt(NOON))
})

const use = async (units: number, usedAt = NOON) => {
  const id = `request-${++count}`
  await append(deps.ledger, { usage: [usageEvent({ id, units, usedAt })], access: [] })
  return id
}
const told = async (now = NOON) => {
  await rollUp(deps, callAt(now))
  return deps.published.map(({ data }) => data)
}

test('a threshold is told once, with its period and what 100 % is', async () => {
  await use(500)
  await told()
  await use(1)
  expect(await told()).toEqual([
    {
      ...{ accountId: ACCOUNT, segment: utcMonthOf(NOON), planName: 'Free', unit: 'check', currency: 'usd' },
      ...{ of: 'hard_limit', percent: 50, limitUnits: 1_000, limitMinor: null },
    },
  ])
})

test('of several that are passed at once the highest is told, and no lower one after it', async () => {
  const id = await use(900)
  await told()
  // The client saw that call fail: only 600 units remain.
  await append(deps.ledger, { usage: [], access: [accessRecord({ id, status: 504 })] })
  await use(600)
  expect(await told()).toMatchObject([{ percent: 80 }])
})

test('a later one is told when it is reached, and a new month begins anew', async () => {
  await use(500)
  await told()
  await use(500)
  await told()
  const nextMonth = utcMonthOf(NOON).end
  await use(800, nextMonth)
  expect(
    (await told(plusMs(nextMonth, MINUTE_MS))).map(data => (data as { percent: number }).percent),
  ).toEqual([50, 100, 80])
})

test('what could not be published waits in the outbox', async () => {
  const failing = { ...deps, publish: () => Promise.reject(new Error('the bus is down')) }
  await use(500)
  expect((await rollUp(failing, callAt(NOON))).problems).toEqual([expect.stringContaining('the bus is down')])
  const stranded = await deps.billing.query({ pk: 'pending', index: 'unpublished', to: '9' })
  expect(stranded).toMatchObject([{ percent: 50 }])
})
