import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DAY_MS, instant, parseInstant, plusMs, utcMonthOf } from '#kernel/time'
import type { Account } from '../domain/records.ts'
import { accountId } from '../ledger/testing/arbitrary-records.ts'
import { createTestDeps, NOW, type TestDeps } from '../procedures/testing/test-deps.ts'
import { catchUpFree, nextSegment, openFree } from './advance-segment.ts'
import { listDue } from './due.ts'

const id = accountId('one')
const open = (deps: TestDeps, openedAt = NOW) =>
  openFree(deps.accounts, { accountId: id, openedAt, planVersionId: 'free@1' })

test('opening an account twice leaves one account with one segment', async () => {
  const deps = createTestDeps()
  const first = await open(deps)
  expect(await open(deps, plusMs(NOW, 40 * DAY_MS))).toEqual(first)
  expect(await deps.accounts.listSegments(id)).toEqual([
    {
      ...{ accountId: id, ...utcMonthOf(NOW), planVersionId: 'free@1', subscriptionId: null },
      ...{ carriedInUnits: 0, invoicedUnits: null, waivedUnits: 0, closedAt: null },
    },
  ])
})

test('an opening that was cut off between account and segment is completed', async () => {
  const deps = createTestDeps()
  const halfOpen = { ...deps.accounts, addSegment: async () => false }
  await openFree(halfOpen, { accountId: id, openedAt: NOW, planVersionId: 'free@1' })
  await open(deps)
  expect(await deps.accounts.newestSegment(id)).toMatchObject(utcMonthOf(NOW))
})

test('idle months leave no gap', async () => {
  const deps = createTestDeps()
  const account = await open(deps)
  const later = parseInstant('2027-02-10T00:00:00Z')
  expect(await catchUpFree(deps.accounts, account, later)).toMatchObject(utcMonthOf(later))
  expect(await deps.accounts.listSegments(id)).toHaveLength(4)
})

test('what follows a paid segment comes from Stripe, not from the calendar', async () => {
  const deps = createTestDeps()
  const account = await open(deps)
  const period = { start: NOW, end: plusMs(NOW, 30 * DAY_MS) }
  const paid = { planVersionId: 'starter@1', subscriptionId: 'sub_1', period }
  const segment = await nextSegment(deps, account, paid)
  const payer = { ...account, subscriptionId: 'sub_1' }
  expect(await catchUpFree(deps.accounts, payer, plusMs(period.end, 40 * DAY_MS))).toEqual(segment)
  expect(await deps.accounts.newestSegment(id)).toEqual(segment)
})

test('the time between two subscriptions was spent on Free', async () => {
  const deps = createTestDeps()
  const account = await open(deps)
  const [first, second] = [NOW, plusMs(NOW, 35 * DAY_MS)].map(start => ({
    ...{ planVersionId: 'starter@1', subscriptionId: `sub_${start}` },
    period: { start, end: plusMs(start, 30 * DAY_MS) },
  })) as [Parameters<typeof nextSegment>[2], Parameters<typeof nextSegment>[2]]
  await nextSegment(deps, account, first)
  await nextSegment(deps, { ...account, subscriptionId: first.subscriptionId }, second)
  const segments = await deps.accounts.listSegments(id)
  expect(segments.map(({ subscriptionId }) => subscriptionId)).toEqual([
    ...[null, first.subscriptionId, null],
    second.subscriptionId,
  ])
  expect(segments[2]).toMatchObject({ start: first.period.end, end: second.period.start })
})

test('a paid segment marks the entitlement as due, because its cap belongs to it', async () => {
  const deps = createTestDeps()
  const account = await open(deps)
  const period = { start: NOW, end: plusMs(NOW, 30 * DAY_MS) }
  await nextSegment(deps, account, { planVersionId: 'starter@1', subscriptionId: 'sub_1', period })
  expect(await listDue(deps.billing, 'entitle-due')).toMatchObject([{ name: id }])
})

test('a purchase that is seen after the month has turned takes over the new month', async () => {
  const deps = createTestDeps()
  const account = await open(deps)
  const month = utcMonthOf(NOW)
  await catchUpFree(deps.accounts, account, month.end)
  const period = { start: plusMs(month.end, -5_000), end: plusMs(month.end, 30 * DAY_MS) }
  const paid = { planVersionId: 'starter@1', subscriptionId: 'sub_1', period }
  const segment = await nextSegment(deps, account, paid)
  expect(segment).toMatchObject({ start: month.end, end: period.end, subscriptionId: 'sub_1' })
  expect(await nextSegment(deps, account, paid)).toEqual(segment)
  expect(await deps.accounts.listSegments(id)).toMatchObject([{ subscriptionId: null, ...month }, segment])
})

/** Waits, purchases, renewals and cancellations in any order, each possibly repeated. */
const arbitraryHistory = fc.array(
  fc.record({
    waitMs: fc.integer({ min: 0, max: 70 * DAY_MS }),
    action: fc.constantFrom('wait', 'buy', 'renew', 'cancel'),
    times: fc.integer({ min: 1, max: 2 }),
    /** How long before it is processed a purchase began at Stripe. */
    lagMs: fc.integer({ min: 0, max: 3 * DAY_MS }),
  }),
  { maxLength: 12 },
)

test('segments of any history tile the time of the account', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryHistory, async history => {
      const deps = createTestDeps()
      let account: Account = await open(deps)
      let now = NOW
      for (const [n, step] of history.entries()) {
        now = plusMs(now, step.waitMs)
        for (let time = 0; time < step.times; time++) account = await act(deps, account, step, n, now)
      }
      const segments = await deps.accounts.listSegments(id)
      expect(segments[0]?.start).toBe(utcMonthOf(NOW).start)
      for (const [i, segment] of segments.entries()) {
        expect(segment.start).toBeLessThan(segment.end)
        if (i > 0) expect(segment.start).toBe(segments[i - 1]?.end)
      }
      const newest = await catchUpFree(deps.accounts, account, now)
      if (account.subscriptionId === null) expect(newest.end).toBeGreaterThan(now)
    }),
    { numRuns: 200 },
  )
})

async function act(
  deps: TestDeps,
  account: Account,
  { action, lagMs }: { action: string; lagMs: number },
  n: number,
  now: ReturnType<typeof instant>,
): Promise<Account> {
  const newest = await deps.accounts.newestSegment(id)
  if (!newest) throw new Error('no segment')
  const paid = async (subscriptionId: string, start: typeof now) => {
    const period = { start, end: plusMs(start, 30 * DAY_MS) }
    await nextSegment(deps, account, { planVersionId: 'starter@1', subscriptionId, period })
    return { ...account, subscriptionId }
  }
  if (action === 'wait') await catchUpFree(deps.accounts, account, now)
  if (action === 'buy' && account.subscriptionId === null)
    return paid(`sub_${n}`, instant(Math.max(NOW, now - lagMs)))
  if (action === 'renew' && account.subscriptionId !== null) return paid(account.subscriptionId, newest.end)
  if (action === 'cancel' && account.subscriptionId !== null) {
    if (now > newest.start && now < newest.end) await deps.accounts.endSegment(newest, now)
    return { ...account, subscriptionId: null }
  }
  return account
}
