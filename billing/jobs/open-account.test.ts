import { expect, test } from 'vitest'
import { DAY_MS, plusMs, utcMonthOf } from '#kernel/time'
import { listDue } from '../accounts/due.ts'
import { ACCOUNT } from '../ledger/testing/arbitrary-records.ts'
import { callAt, createTestDeps, NOW, publishCatalogue } from '../procedures/testing/test-deps.ts'
import { openAccount } from './open-account.ts'

const fact = { accountId: ACCOUNT, createdAt: NOW }

test('a new account is on Free with its month and its hard limit', async () => {
  const deps = createTestDeps()
  await publishCatalogue(deps)
  expect(await openAccount(deps, fact, callAt(NOW))).toEqual({ version: 1, inForce: true })
  expect(await deps.accounts.newestSegment(ACCOUNT)).toMatchObject(utcMonthOf(NOW))
  expect(deps.fakeAccess.entitlements.get(ACCOUNT)).toMatchObject({
    ...{ version: 1, planVersionId: 'free@1', planId: 'free', limits: { ratePerSecond: 2, burst: 20 } },
    hardLimit: { units: 1_000, reason: 'quota', segment: { kind: 'calendar_month' } },
  })
})

test('the fact arriving again, late, changes nothing', async () => {
  const deps = createTestDeps()
  await publishCatalogue(deps)
  await openAccount(deps, fact, callAt(NOW))
  const account = await deps.accounts.getAccount(ACCOUNT)
  await openAccount(deps, fact, callAt(plusMs(NOW, 40 * DAY_MS)))
  expect(await deps.accounts.getAccount(ACCOUNT)).toEqual(account)
  expect(await deps.accounts.listSegments(ACCOUNT)).toHaveLength(1)
})

test('without a published free plan the fact is refused, to be delivered again', async () => {
  const deps = createTestDeps()
  await expect(openAccount(deps, fact, callAt(NOW))).rejects.toThrow('no free plan')
  expect(await deps.accounts.getAccount(ACCOUNT)).toBeUndefined()
})

test('while access is down the account is opened all the same and its entitlement is due', async () => {
  const deps = createTestDeps()
  await publishCatalogue(deps)
  deps.fakeAccess.isDown = true
  expect(await openAccount(deps, fact, callAt(NOW))).toEqual({
    version: 1,
    inForce: false,
    problem: 'access is down',
  })
  expect(await deps.accounts.getAccount(ACCOUNT)).toBeDefined()
  expect(await listDue(deps.billing, 'entitle-due')).toMatchObject([{ name: ACCOUNT }])
})
