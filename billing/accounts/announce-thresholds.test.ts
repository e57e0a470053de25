import { beforeEach, expect, test } from 'vitest'
import { DAY_MS, MINUTE_MS, plusMs, utcMonthOf } from '#kernel/time'
import { openAccount } from '../jobs/open-account.ts'
import { rollUp } from '../jobs/roll-up.ts'
import { append } from '../ledger/append.ts'
import { ACCOUNT, accessRecord, NOON, usageEvent } from '../ledger/testing/arbitrary-records.ts'
import { callAt, createTestDeps, publishCatalogue, type TestDeps } from '../procedures/testing/test-deps.ts'
import { nextSegment } from './advance-segment.ts'

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

test('what closed segments left to a payer counts with the rest', async () => {
  const periods = [0, 1].map(n => ({ start: plusMs(NOON, n * DAY_MS), end: plusMs(NOON, (n + 1) * DAY_MS) }))
  const paid = { planVersionId: 'starter@1', subscriptionId: 'sub_1' }
  for (const period of periods) {
    const account = await deps.accounts.getAccount(ACCOUNT)
    if (!account) throw new Error('no account')
    await nextSegment(deps, account, { ...paid, period })
    if (account.subscriptionId === null) await deps.accounts.changeAccount(account, paid)
  }
  const [, first] = await deps.accounts.listSegments(ACCOUNT)
  if (!first) throw new Error('no segment')
  const now = plusMs(first.end, MINUTE_MS)
  await use(9_000)
  const outcome = { carriedInUnits: 0, invoicedUnits: 0, waivedUnits: 0, closedAt: now }
  await deps.accounts.closeSegment(first, outcome)
  await use(1_000, now)
  expect((await told(now)).at(-1)).toMatchObject({ of: 'included_units', percent: 50, limitUnits: 20_000 })
})

test('what could not be published waits in the outbox', async () => {
  const failing = { ...deps, publish: () => Promise.reject(new Error('the bus is down')) }
  await use(500)
  expect((await rollUp(failing, callAt(NOON))).problems).toEqual([expect.stringContaining('the bus is down')])
  const stranded = await deps.billing.query({ pk: 'pending', index: 'unpublished', to: '9' })
  expect(stranded).toMatchObject([{ percent: 50 }])
})
