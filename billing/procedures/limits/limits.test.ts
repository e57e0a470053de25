import { beforeEach, describe, expect, test } from 'vitest'
import { derivedId } from '#kernel/ids'
import { ok } from '#kernel/result'
import type { Call } from '#kernel/rpc'
import { DAY_MS, HOUR_MS, plusMs } from '#kernel/time'
import { nextSegment } from '../../accounts/advance-segment.ts'
import { listDue } from '../../accounts/due.ts'
import type { Account } from '../../domain/records.ts'
import { openAccount } from '../../jobs/open-account.ts'
import { append } from '../../ledger/append.ts'
import { ACCOUNT, usageEvent } from '../../ledger/testing/arbitrary-records.ts'
import { measureSegment } from '../../stripe/reporting/measure-segment.ts'
import {
  callAt,
  createTestDeps,
  NOW,
  planVersions,
  publishCatalogue,
  type TestDeps,
} from '../testing/test-deps.ts'
import { limitHandlers } from './index.ts'

const KEY = derivedId('key', 'one')
const customer: Call['actor'] = { kind: 'customer', accountId: ACCOUNT, userId: 'u' }
const period = { start: plusMs(NOW, -5 * DAY_MS), end: plusMs(NOW, 25 * DAY_MS) }

let deps: TestDeps
let ask: ReturnType<typeof limitHandlers>
const call = (at = NOW, actor: Call['actor'] = customer) => callAt(at, actor)
const set = (capMinor: string | null, at = NOW) => ask.setSpendCap({ accountId: ACCOUNT, capMinor }, call(at))
const use = (units: number, usedAt = plusMs(NOW, -HOUR_MS), key = KEY) =>
  append(deps.ledger, {
    usage: [usageEvent({ id: `${usedAt}-${units}-${key}`, units, usedAt, key })],
    access: [],
  })
const accountOf = async (): Promise<Account> => {
  const account = await deps.accounts.getAccount(ACCOUNT)
  if (!account) throw new Error('no account')
  return account
}
const limitInForce = () => deps.fakeAccess.entitlements.get(ACCOUNT)
const trail = async () =>
  (await deps.billing.query({ pk: `audit#${ACCOUNT}` })).map(({ action, before, after }) => ({
    action,
    before,
    after,
  }))

beforeEach(async () => {
  deps = createTestDeps()
  ask = limitHandlers(deps, () => {
    throw new Error('no queue')
  })
  await publishCatalogue(deps)
  await openAccount(deps, { accountId: ACCOUNT, createdAt: period.start }, callAt(period.start))
  await nextSegment(deps, await accountOf(), { planVersionId: 'starter@1', subscriptionId: 'sub_1', period })
  const paid = { planVersionId: 'starter@1', subscriptionId: 'sub_1', usageInvoicePaidAt: period.start }
  await deps.accounts.changeAccount(await accountOf(), paid)
})

describe('the spend cap', () => {
  test('is previewed in units without setting it', async () => {
    await use(30_000)
    expect(await ask.previewSpendCap({ accountId: ACCOUNT, capMinor: '3000' }, call())).toEqual(
      ok({
        ...{ capMinor: '3000', chosenMinor: '3000', defaultCapMinor: null, capUnits: 40_003 },
        ...{ usedUnits: 30_000, spentMinor: '1500', isReached: false },
      }),
    )
    expect((await accountOf()).spendCapMinor).toBeUndefined()
  })

  test('is set, told to access at once, and on the trail from what to what', async () => {
    expect(await set('3000')).toMatchObject({ value: { capUnits: 40_003, inForce: true } })
    expect(limitInForce()?.hardLimit).toMatchObject({ units: 40_003, reason: 'spend_cap' })
    expect(await trail()).toEqual([
      { action: 'spend_cap.changed', before: { capMinor: null }, after: { capMinor: '3000' } },
    ])
    expect(await listDue(deps.billing, 'entitle-due')).toEqual([])
  })

  test('that is the same changes nothing', async () => {
    await set('3000')
    await set('3000')
    expect((await accountOf()).spendCapChanges).toHaveLength(1)
    expect(await trail()).toHaveLength(1)
  })

  test('lower than what is spent stops at once and forgives nothing', async () => {
    await use(50_000)
    expect(await set('1500')).toMatchObject({
      value: { isReached: true, capUnits: 30_003, spentMinor: '4500' },
    })
    expect(limitInForce()?.hardLimit).toMatchObject({ units: 30_003 })
    await use(7, plusMs(NOW, 1_000))
    const [, segment] = await deps.accounts.listSegments(ACCOUNT)
    const [, starter] = planVersions
    if (!segment || !starter) throw new Error('no segment')
    const at = plusMs(NOW, HOUR_MS)
    expect(await measureSegment(deps, segment, starter, at)).toMatchObject({
      owedUnits: 50_000,
      waivedUnits: 7,
    })
  })

  test('counts what was used before it: the counter is put right before the cap is said to be in force', async () => {
    await use(50_000)
    const counter = { segmentStart: period.start, leftUnits: 40_003, settledUnits: 0, takenByHour: {} }
    deps.fakeAccess.counters.set(ACCOUNT, { ...counter, repairs: 0, leftByKey: {} })
    expect(await set('3000')).toMatchObject({ value: { inForce: true } })
    expect(deps.fakeAccess.counters.get(ACCOUNT)?.leftUnits).toBe(40_003 - 50_000)
  })

  test('is set although access is down, and told later', async () => {
    deps.fakeAccess.isDown = true
    expect(await set('3000')).toMatchObject({ value: { inForce: false } })
    expect(await listDue(deps.billing, 'entitle-due')).toHaveLength(1)
  })

  test.each(['10001', null])(
    'of a new payer cannot be %j: the default holds until usage was paid',
    async capMinor => {
      const account = await accountOf()
      await deps.billing.put({
        ...account,
        usageInvoicePaidAt: undefined,
        pk: `account#${ACCOUNT}`,
        sk: 'account',
      })
      expect(await set(capMinor)).toMatchObject({ ok: false, code: 'cap_refused' })
      expect(await ask.previewSpendCap({ accountId: ACCOUNT, capMinor }, call())).toMatchObject({
        code: 'cap_refused',
      })
      expect(await set('9999')).toMatchObject({ ok: true })
      expect(await set('10000')).toMatchObject({ ok: true })
    },
  )

  test('cannot be changed without end, so that a bill can always be computed', async () => {
    for (let n = 1; n <= 300; n++) await set(String(n), plusMs(NOW, n))
    expect(await set('1', plusMs(NOW, 301))).toMatchObject({ code: 'cap_refused' })
    expect(await set('1', plusMs(NOW, 101 * DAY_MS))).toMatchObject({ ok: true })
    expect((await accountOf()).spendCapChanges).toHaveLength(2)
  })
})

describe('the cap of a key', () => {
  const setKey = (units: number | null, keyId = KEY, at = NOW) =>
    ask.setKeyCap({ accountId: ACCOUNT, keyId, units }, call(at))
  beforeEach(() => {
    const view = {
      name: 'one',
      masked: '',
      createdAt: NOW,
      createdBy: 'u',
      lastUsedAt: null,
      revokedAt: null,
    }
    const keys = [{ ...view, keyId: KEY, status: 'active' as const, expiresAt: null }]
    deps = { ...deps, access: { ...deps.access, listKeys: async () => ok({ keys, ready: true }) } }
    ask = limitHandlers(deps)
  })

  test('is set with what the key has used, told to access and taken away again', async () => {
    await use(12)
    await use(30, plusMs(NOW, -2 * HOUR_MS), derivedId('key', 'two'))
    expect(await setKey(10)).toEqual(
      ok({ keyId: KEY, capUnits: 10, usedUnits: 12, isReached: true, inForce: true }),
    )
    expect(limitInForce()?.keyCaps).toEqual({
      segment: { kind: 'period', period },
      unitsByKey: { [KEY]: 10 },
    })
    expect(await ask.getLimits({ accountId: ACCOUNT }, call())).toMatchObject({
      value: { keyCaps: [{ keyId: KEY, capUnits: 10, usedUnits: 12 }] },
    })
    await setKey(null, KEY, plusMs(NOW, 1))
    expect(limitInForce()).not.toHaveProperty('keyCaps')
    expect((await trail()).map(({ after }) => after)).toEqual([
      { keyId: KEY, units: 10 },
      { keyId: KEY, units: null },
    ])
  })

  test('needs a key of the account that is active', async () => {
    expect(await setKey(10, derivedId('key', 'other'))).toMatchObject({ code: 'key_not_found' })
  })
})

test('a stranger, and an account that is not there, look the same', async () => {
  const stranger: Call['actor'] = { kind: 'customer', accountId: derivedId('acct', 'eve'), userId: 'e' }
  const missing = derivedId('acct', 'nobody')
  for (const accountId of [ACCOUNT, missing]) {
    expect(await ask.getLimits({ accountId }, call(NOW, stranger))).toMatchObject({ code: 'not_found' })
    expect(await ask.setSpendCap({ accountId, capMinor: '1' }, call(NOW, stranger))).toMatchObject({
      code: 'not_found',
    })
    expect(await ask.setKeyCap({ accountId, keyId: KEY, units: 1 }, call(NOW, stranger))).toMatchObject({
      code: 'not_found',
    })
  }
})

test('an administrator says why', async () => {
  const admin: Call['actor'] = { kind: 'admin', userId: 'a' }
  const input = { accountId: ACCOUNT, capMinor: '100' }
  expect(await ask.setSpendCap(input, call(NOW, admin))).toMatchObject({ code: 'reason_required' })
  expect(await ask.setSpendCap({ ...input, reason: 'asked by mail' }, call(NOW, admin))).toMatchObject({
    ok: true,
  })
})

test('reconciliation and dead letters are the owner’s', async () => {
  expect(await ask.adminListReconciliations({}, call())).toMatchObject({ code: 'forbidden' })
  expect(await ask.adminGetReconciliation({ day: '2026-11-22' }, call())).toMatchObject({ code: 'forbidden' })
  expect(await ask.adminListDeadLetters({}, call())).toMatchObject({ code: 'forbidden' })
  expect(await ask.adminRedrive({ reason: 'because' }, call())).toMatchObject({ code: 'forbidden' })
})
