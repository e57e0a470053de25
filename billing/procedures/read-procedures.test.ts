import { describe, expect, test } from 'vitest'
import { billingContract } from '#billing/contract'
import { type Call, client, serve } from '#kernel/rpc'
import { DAY_MS, HOUR_MS, parseInstant, plusMs, utcMonthOf } from '#kernel/time'
import { nextSegment } from '../accounts/advance-segment.ts'
import { entitle } from '../accounts/entitle.ts'
import { openAccount } from '../jobs/open-account.ts'
import { rollUp } from '../jobs/roll-up.ts'
import { append } from '../ledger/append.ts'
import { ACCOUNT, accountId, keyId, usageEvent } from '../ledger/testing/arbitrary-records.ts'
import { workKey } from '../workflows/work-item.ts'
import { getSubscription } from './get-subscription.ts'
import { getUsage } from './get-usage.ts'
import { keyUsage } from './key-usage.ts'
import { adminListPlans } from './plans/admin-list-plans.ts'
import { listPlans } from './plans/list-plans.ts'
import { callAt, createTestDeps, NOW, publishCatalogue, type TestDeps } from './testing/test-deps.ts'

const owner: Call['actor'] = { kind: 'customer', accountId: ACCOUNT, userId: 'u1' }
const stranger: Call['actor'] = { kind: 'customer', accountId: accountId('two'), userId: 'u2' }
const admin: Call['actor'] = { kind: 'admin', userId: 'u3' }

/** The procedures behind their contract, as another service reaches them. */
function procedures(deps: TestDeps) {
  const contract = {
    listPlans: billingContract.listPlans,
    getSubscription: billingContract.getSubscription,
    getUsage: billingContract.getUsage,
    keyUsage: billingContract.keyUsage,
    adminListPlans: billingContract.adminListPlans,
  }
  const handlers = {
    listPlans: listPlans(deps),
    getSubscription: getSubscription(deps),
    getUsage: getUsage(deps),
    keyUsage: keyUsage(deps),
    adminListPlans: adminListPlans(deps),
  }
  return client(contract, serve(contract, handlers))
}

async function openedDeps() {
  const deps = createTestDeps()
  await publishCatalogue(deps)
  await openAccount(deps, { accountId: ACCOUNT, createdAt: NOW }, callAt(NOW))
  return { deps, ask: procedures(deps) }
}

async function buyStarter(deps: TestDeps) {
  const account = await deps.accounts.getAccount(ACCOUNT)
  if (!account) throw new Error('no account')
  const paid = { planVersionId: 'starter@1', subscriptionId: 'sub_1' }
  const period = { start: NOW, end: plusMs(NOW, 30 * DAY_MS) }
  await nextSegment(deps, account, { ...paid, period })
  await deps.accounts.changeAccount(account, paid)
  await entitle(deps, ACCOUNT, callAt(NOW))
}

describe('who may ask', () => {
  const accountQuestions = ['getSubscription', 'getUsage', 'keyUsage'] as const

  test.each(accountQuestions)(
    '%s tells a stranger the same as about an account that is not there',
    async name => {
      const { ask } = await openedDeps()
      const foreign = await ask[name]({ accountId: ACCOUNT }, callAt(NOW, stranger))
      const missing = await ask[name]({ accountId: accountId('nobody') }, callAt(NOW, stranger))
      expect(foreign).toMatchObject({ ok: false, code: 'not_found' })
      expect(foreign).toEqual(missing)
    },
  )

  test.each(accountQuestions)('%s answers the owner and an admin', async name => {
    const { ask } = await openedDeps()
    for (const actor of [owner, admin])
      expect(await ask[name]({ accountId: ACCOUNT }, callAt(NOW, actor))).toMatchObject({ ok: true })
  })

  test.each(accountQuestions)(
    '%s says that an account is not ready before billing has opened it',
    async name => {
      const ask = procedures(createTestDeps())
      const answer = await ask[name]({ accountId: ACCOUNT }, callAt(NOW, owner))
      expect(answer).toMatchObject({ ok: false, code: 'account_not_ready' })
    },
  )

  test('the list of all plan versions needs an admin', async () => {
    const { ask } = await openedDeps()
    expect(await ask.adminListPlans({}, callAt(NOW, owner))).toMatchObject({ ok: false, code: 'forbidden' })
    expect(await ask.adminListPlans({}, callAt(NOW, admin))).toMatchObject({ ok: true })
  })
})

describe('plans', () => {
  test('on sale are listed cheapest first', async () => {
    const { ask } = await openedDeps()
    const answer = await ask.listPlans({}, callAt(NOW, owner))
    expect(answer).toMatchObject({
      ok: true,
      value: { currency: 'usd', plans: [{ id: 'free' }, { id: 'starter' }, { id: 'scale' }] },
    })
  })

  test('show an admin how many accounts are on each version', async () => {
    const { ask } = await openedDeps()
    const answer = await ask.adminListPlans({}, callAt(NOW, admin))
    const versions = answer.ok ? answer.value.versions : []
    expect(versions.map(({ planVersionId, live, accounts }) => [planVersionId, live, accounts])).toEqual([
      ['free@1', true, 1],
      ['scale@1', true, 0],
      ['starter@1', true, 0],
    ])
  })
})

describe('a subscription', () => {
  test('on Free shows the month, its limit and the units used, rolled up or not', async () => {
    const { deps, ask } = await openedDeps()
    await append(deps.ledger, { usage: [usageEvent({ id: 'a', units: 3 })], access: [] })
    await rollUp(deps, callAt(NOW))
    await append(deps.ledger, { usage: [usageEvent({ id: 'b', units: 4 })], access: [] })
    const answer = await ask.getSubscription({ accountId: ACCOUNT }, callAt(NOW, owner))
    expect(answer).toMatchObject({
      value: {
        ...{ stripeStatus: 'none', unitsUsed: 7, includedUnits: 1_000, hardLimitUnits: 1_000 },
        ...{ costSoFarMinor: '0', openChange: null, segment: utcMonthOf(NOW), plan: { id: 'free' } },
      },
    })
  })

  test('on Starter costs the flat fee and the rated units, at most the cap', async () => {
    const { deps, ask } = await openedDeps()
    await buyStarter(deps)
    await append(deps.ledger, { usage: [usageEvent({ id: 'a', units: 25_000 })], access: [] })
    const at25k = await ask.getSubscription({ accountId: ACCOUNT }, callAt(NOW, owner))
    expect(at25k).toMatchObject({
      value: { unitsUsed: 25_000, costSoFarMinor: '3650', stripeStatus: 'active' },
    })
    await append(deps.ledger, { usage: [usageEvent({ id: 'b', units: 75_000 })], access: [] })
    const past = await ask.getSubscription({ accountId: ACCOUNT }, callAt(NOW, owner))
    expect(past).toMatchObject({ value: { unitsUsed: 100_000, costSoFarMinor: '12900' } })
  })

  test('forecasts units and cost from the last days, up to the cap, once a day is known', async () => {
    const { deps, ask } = await openedDeps()
    await buyStarter(deps)
    const forecastAt = async (now: typeof NOW) => {
      await rollUp(deps, callAt(now))
      const answer = await ask.getSubscription({ accountId: ACCOUNT }, callAt(now, owner))
      return answer.ok ? answer.value.forecast : answer
    }
    const use = (day: number, units: number) => {
      const event = usageEvent({ id: `day-${day}-${units}`, units, usedAt: plusMs(NOW, day * DAY_MS) })
      return append(deps.ledger, { usage: [event], access: [] })
    }
    await use(0, 1_000)
    expect(await forecastAt(plusMs(NOW, HOUR_MS))).toBeNull()
    await use(1, 1_000)
    // 28 of the 30 days are left: 2,000 + 28,000 units, of which 10,000 cost 0.15 cents.
    const units = { lowUnits: 30_000, units: 30_000, highUnits: 30_000 }
    const costs = { lowMinor: '4400', costMinor: '4400', highMinor: '4400' }
    expect(await forecastAt(plusMs(NOW, 2 * DAY_MS))).toEqual({ ...units, ...costs })
    await use(1.5, 60_000)
    expect(await forecastAt(plusMs(NOW, 2 * DAY_MS))).toMatchObject({ units: 86_669, costMinor: '12900' })
  })

  test('counts usage of the last moment before a purchase to Free, and of its first moment to the plan', async () => {
    const { deps, ask } = await openedDeps()
    await buyStarter(deps)
    const usage = [
      usageEvent({ id: 'a', units: 5, usedAt: plusMs(NOW, -1) }),
      usageEvent({ id: 'b', units: 8 }),
    ]
    await append(deps.ledger, { usage, access: [] })
    const answer = await ask.getSubscription({ accountId: ACCOUNT }, callAt(NOW, owner))
    expect(answer).toMatchObject({ value: { unitsUsed: 8 } })
  })

  test('shows an open Checkout until it expires', async () => {
    const { deps, ask } = await openedDeps()
    const change = {
      ...{ state: 'checkout_open', attempt: 0, owner: null, since: NOW, planId: 'starter' },
      ...{ accountId: ACCOUNT, planVersionId: 'starter@1', expiresAt: plusMs(NOW, HOUR_MS) },
    }
    await deps.billing.put({ ...workKey('change-plan', ACCOUNT), ...change })
    const openChangeAt = async (now: typeof NOW) => {
      const answer = await ask.getSubscription({ accountId: ACCOUNT }, callAt(now, owner))
      return answer.ok && answer.value.openChange
    }
    expect(await openChangeAt(NOW)).toEqual({ planId: 'starter', state: 'checkout_open', since: NOW })
    expect(await openChangeAt(plusMs(NOW, HOUR_MS))).toBeNull()
  })

  test('on Free moves to the new month by itself', async () => {
    const { ask } = await openedDeps()
    const january = parseInstant('2027-01-15T00:00:00Z')
    const answer = await ask.getSubscription({ accountId: ACCOUNT }, callAt(january, owner))
    expect(answer).toMatchObject({ value: { segment: utcMonthOf(january) } })
  })
})

describe('usage', () => {
  test('is shown by hour and by route, failed calls apart', async () => {
    const { deps, ask } = await openedDeps()
    const usage = [
      usageEvent({ id: 'a', units: 3 }),
      usageEvent({ id: 'b', units: 9, status: 422 }),
      usageEvent({ id: 'c', units: 20, route: 'POST /v1/batch', usedAt: plusMs(NOW, -2 * HOUR_MS) }),
    ]
    await append(deps.ledger, { usage, access: [] })
    const answer = await ask.getUsage({ accountId: ACCOUNT }, callAt(NOW, owner))
    expect(answer).toMatchObject({
      value: {
        period: utcMonthOf(NOW),
        hours: [
          { hour: '2026-11-22T10', calls: 1, failed: 0, units: 20 },
          { hour: '2026-11-22T12', calls: 2, failed: 1, units: 3 },
        ],
        byRoute: [
          { route: 'POST /v1/batch', calls: 1, failed: 0, units: 20 },
          { route: 'POST /v1/phone', calls: 2, failed: 1, units: 3 },
        ],
        byStatus: [
          { status: 200, calls: 2, refused: 0, units: 23 },
          { status: 422, calls: 1, refused: 0, units: 0 },
        ],
        days: [{ day: '2026-11-22', calls: 3, failed: 1, units: 23, costMinor: '0' }],
        freshAt: plusMs(NOW, -60_000),
      },
    })
  })

  test.each([
    ['ends before it starts', { start: NOW, end: plusMs(NOW, -1) }],
    ['is longer than a year', { start: NOW, end: plusMs(NOW, 400 * DAY_MS) }],
  ])('of a period that %s is refused', async (_, period) => {
    const { ask } = await openedDeps()
    const answer = await ask.getUsage({ accountId: ACCOUNT, period }, callAt(NOW, owner))
    expect(answer).toMatchObject({ ok: false, code: 'invalid_request' })
  })

  test('of keys has the last use of each, also of those last used before this segment', async () => {
    const { deps, ask } = await openedDeps()
    const october = parseInstant('2026-10-20T08:00:00Z')
    const usage = [
      usageEvent({ id: 'a', units: 3 }),
      usageEvent({ id: 'b', key: keyId('old'), units: 9, usedAt: october }),
    ]
    await append(deps.ledger, { usage, access: [] })
    const answer = await ask.keyUsage({ accountId: ACCOUNT }, callAt(NOW, owner))
    const keys = answer.ok ? answer.value.keys : []
    expect(new Map(keys.map(({ keyId: id, ...rest }) => [id, rest]))).toEqual(
      new Map([
        [keyId('a'), { lastUsedAt: NOW, units: 3, calls: 1 }],
        [keyId('old'), { lastUsedAt: october, units: 0, calls: 0 }],
      ]),
    )
  })
})
