import { beforeEach, describe, expect, test } from 'vitest'
import type { PlanVersion } from '#billing/contract'
import { accountIdOf } from '#kernel/ids'
import { createMemoryTable } from '#kernel/memory-table'
import type { DomainEvent } from '#kernel/outbox'
import type { Call } from '#kernel/rpc'
import type { Table } from '#kernel/table'
import { DAY_MS, HOUR_MS, type Instant, parseInstant, plusMs } from '#kernel/time'
import { indexAccount } from '../../accounts/account-index.ts'
import { openFree } from '../../accounts/advance-segment.ts'
import { createAccountStore } from '../../accounts/store.ts'
import { listRows } from '../../plans/migrations.ts'
import { createPlanStore } from '../../plans/store.ts'
import {
  adminPauseMigration,
  adminResumeMigration,
  adminStartMigration,
  adminUndoMigration,
} from '../../procedures/plans/migrate-plan.ts'
import { createTestDeps } from '../../procedures/testing/test-deps.ts'
import { StripeRefused } from '../../stripe/failure.ts'
import type { SubscriptionView } from '../../stripe/views.ts'
import * as given from '../testing/fixtures.ts'
import { advanceMigration } from './advance.ts'
import { type MigratePorts, type MigrateState, migrateStateSchema } from './state.ts'

const START = given.at('2026-11-20T00:00:00Z')
const second: PlanVersion = {
  ...{ ...given.starter, planVersionId: 'starter@2', version: 2, flatFeeMinor: '3900' },
  stripe: {
    productId: 'prod_1',
    flatPriceId: 'price_flat2',
    meteredPriceId: 'price_metered2',
    meterId: 'mtr_1',
    meterEventName: 'e',
  },
}
const freeSecond: PlanVersion = {
  ...given.free,
  planVersionId: 'free@2',
  version: 2,
  hardLimitUnits: 500,
  includedUnits: 500,
}

let now: Instant
let table: Table
let stripe: ReturnType<typeof createFakeSchedules>
let executions: ReturnType<typeof given.createFakeExecutions>
let events: DomainEvent[]

beforeEach(async () => {
  now = START
  table = createMemoryTable()
  stripe = createFakeSchedules()
  executions = given.createFakeExecutions()
  events = []
  const plans = createPlanStore(table)
  for (const version of [given.free, freeSecond, given.starter, second]) await plans.addVersion(version)
  for (const version of [given.free, given.starter, freeSecond, second]) await plans.makeLive(version)
})

/** Subscriptions with what is scheduled for their periods' ends. */
function createFakeSchedules() {
  const subscriptions = new Map<string, SubscriptionView>()
  const scheduled = new Map<string, { planVersionId: string; flatPriceId: string; meteredPriceId: string }>()
  const refused = new Set<string>()
  const find = (id: string): SubscriptionView => {
    const found = subscriptions.get(id)
    if (!found) throw new StripeRefused(`No such subscription: '${id}'`, 'resource_missing')
    return { ...found, scheduleId: scheduled.has(id) ? `sched_${id}` : null }
  }
  return {
    ...{ subscriptions, scheduled, refused },
    getSubscription: async (id: string) => find(id),
    async changeAtPeriodEnd(
      id: string,
      to: { planVersionId: string; flatPriceId: string; meteredPriceId: string },
    ) {
      if (refused.has(id)) throw new StripeRefused('the price specified is inactive', null)
      scheduled.set(id, to)
    },
    async clearScheduled(id: string) {
      scheduled.delete(id)
    },
    async getSchedule(scheduleId: string) {
      const id = scheduleId.replace('sched_', '')
      const { currentPeriod, priceIds } = find(id)
      const to = scheduled.get(id)
      const phase = { ...currentPeriod, priceIds, planVersionId: 'starter@1' }
      const next = { start: currentPeriod.end, end: plusMs(currentPeriod.end, 30 * DAY_MS) }
      const coming = to
        ? [{ ...next, priceIds: [to.flatPriceId, to.meteredPriceId], planVersionId: to.planVersionId }]
        : []
      return {
        id: scheduleId,
        status: 'active',
        currentStart: currentPeriod.start,
        phases: [phase, ...coming],
      }
    },
  }
}

const ports = (on: Table = table): MigratePorts =>
  ({
    ...{ billing: on, accounts: createAccountStore(on), plans: createPlanStore(on), stripe },
    publish: async (event: DomainEvent) => {
      events.push(event)
    },
  }) as unknown as MigratePorts

async function payer(name: string, renewsAt: Instant, change: object = {}): Promise<string> {
  const accountId = accountIdOf(name)
  const { accounts } = ports()
  const period = { start: plusMs(renewsAt, -30 * DAY_MS), end: renewsAt }
  await accounts.addAccount({
    ...{ accountId, openedAt: START, customerId: `cus_${name}`, subscriptionId: `sub_${name}`, blocks: [] },
    ...{ planVersionId: 'starter@1', entitlementVersion: 1, ...change },
  })
  await accounts.addSegment({ ...given.paidSegment(period), accountId, subscriptionId: `sub_${name}` })
  await indexAccount(table, { accountId, planVersionId: 'starter@1', version: 1 })
  stripe.subscriptions.set(
    `sub_${name}`,
    given.subscription({
      id: `sub_${name}`,
      accountId,
      currentPeriod: period,
      cancelsAt: null,
      endedAt: null,
    }),
  )
  return accountId
}

const admin = (): Call => ({ now, actor: { kind: 'admin', userId: 'ada' }, requestId: 'r' })
const deps = () => {
  const { env } = createTestDeps()
  return { billing: table, plans: createPlanStore(table), env }
}
const start = (noticeDays = 0, planId = 'starter') =>
  adminStartMigration(deps(), executions)(
    { planId, toVersionId: `${planId}@2`, noticeDays, reason: 'costs rose' },
    admin(),
  )
const because = { planId: 'starter', reason: 'because' }

/** What the newest execution of the machine does until it waits longer than `until`, or is over. */
async function work(until: Instant = now, on: Table = table): Promise<string> {
  const input = executions.started.at(-1)?.input
  let state: MigrateState = migrateStateSchema.parse(input)
  for (let i = 0; i < 500; i++) {
    state = await advanceMigration(ports(on), state, now)
    if (state.outcome === 'over') return 'over'
    if (state.outcome === 'wait') {
      const wakeAt = parseInstant(state.wakeAt ?? '')
      if (wakeAt > until) return 'wait'
      now = wakeAt
    }
  }
  throw new Error('the machine does not come to rest')
}

/** What the change of the renewal does, as the topic of plan changes has it. */
async function renew(accountId: string): Promise<void> {
  const { accounts } = ports()
  const account = await accounts.getAccount(accountId)
  if (!account?.scheduled?.planVersionId) throw new Error('nothing is scheduled')
  await accounts.changeAccount(account, { planVersionId: account.scheduled.planVersionId, scheduled: null })
}

const states = async () => {
  const pointer = await table.get({ pk: 'migrations', sk: 'starter' })
  const rows = await listRows(table, String(pointer?.migrationId))
  return Object.fromEntries(
    rows.map(({ accountId, state, reason }) => [accountId, reason ? `${state}: ${reason}` : state]),
  )
}

describe('a migration', () => {
  test('schedules every customer for the renewal, tells each once, and is done when all have renewed', async () => {
    const [ada, bob] = [
      await payer('ada', plusMs(START, 5 * DAY_MS)),
      await payer('bob', plusMs(START, 20 * DAY_MS)),
    ]
    await start()
    expect(await work()).toBe('wait')
    expect(await states()).toEqual({ [ada]: 'scheduled', [bob]: 'scheduled' })
    expect(events.map(({ type, data }) => [type, (data as { accountId: string }).accountId]).sort()).toEqual(
      [ada, bob].map(accountId => ['plan.migration_scheduled', accountId]).sort(),
    )
    expect(events[0]?.data).toMatchObject({ toVersionId: 'starter@2', flatFeeMinor: '3900' })
    for (const accountId of [ada, bob]) await renew(accountId)
    expect(await work(plusMs(START, 40 * DAY_MS))).toBe('over')
    expect(await states()).toEqual({ [ada]: 'migrated', [bob]: 'migrated' })
    expect(await table.get({ pk: 'migrations', sk: 'starter' })).toMatchObject({ state: 'done' })
    expect(events).toHaveLength(2)
  })

  test('leaves alone whom it must not move, and says why', async () => {
    const renewsAt = plusMs(START, 5 * DAY_MS)
    const own = { kind: 'downgrade', planVersionId: 'lite@1', at: renewsAt }
    const changing = await payer('changing', renewsAt, { scheduled: own })
    const leaving = await payer('leaving', renewsAt)
    stripe.subscriptions.set(
      'sub_leaving',
      given.subscription({ id: 'sub_leaving', cancelsAt: renewsAt, endedAt: null }),
    )
    const late = await payer('late', renewsAt)
    stripe.subscriptions.set(
      'sub_late',
      given.subscription({ id: 'sub_late', status: 'past_due', cancelsAt: null, endedAt: null }),
    )
    await start()
    await work()
    expect(await states()).toEqual({
      [changing]: 'skipped: has a change of its own: lite@1 on 2026-11-25',
      [leaving]: 'skipped: leaves on 2026-11-25',
      [late]: 'skipped: a payment is overdue (past_due)',
    })
    expect([...stripe.scheduled]).toEqual([])
    expect(events).toEqual([])
  })

  test('one customer’s failure is listed and does not stop the others; going on tries it again', async () => {
    const renewsAt = plusMs(START, 5 * DAY_MS)
    const [bad, good] = [await payer('bad', renewsAt), await payer('good', renewsAt)]
    stripe.refused.add('sub_bad')
    await start()
    await work()
    expect(await states()).toEqual({ [bad]: 'failed: the price specified is inactive', [good]: 'scheduled' })
    stripe.refused.clear()
    await adminResumeMigration(deps(), executions)(because, admin())
    await work()
    expect(await states()).toEqual({ [bad]: 'scheduled', [good]: 'scheduled' })
    expect(events).toHaveLength(2)
  })

  test('gives notice: whoever renews sooner is moved at the renewal after that', async () => {
    const renewsAt = plusMs(START, 5 * DAY_MS)
    const ada = await payer('ada', renewsAt)
    await start(14)
    await work()
    expect(await states()).toEqual({
      [ada]: 'pending: renews on 2026-11-25, sooner than the notice of 14 days',
    })
    const next = { start: renewsAt, end: plusMs(renewsAt, 30 * DAY_MS) }
    stripe.subscriptions.set(
      'sub_ada',
      given.subscription({ id: 'sub_ada', currentPeriod: next, cancelsAt: null, endedAt: null }),
    )
    await work(plusMs(renewsAt, 2 * HOUR_MS))
    expect(await states()).toEqual({ [ada]: 'scheduled' })
    expect(events[0]?.data).toMatchObject({ at: next.end })
  })

  test('that is paused schedules nobody further, and goes on where it was', async () => {
    for (let i = 0; i < 30; i++) await payer(`c${i}`, plusMs(START, 5 * DAY_MS))
    await start()
    const state = migrateStateSchema.parse(executions.started.at(-1)?.input)
    await advanceMigration(ports(), state, now)
    await advanceMigration(ports(), state, now)
    expect(stripe.scheduled.size).toBe(20)
    expect(await adminPauseMigration(deps())(because, admin())).toMatchObject({
      value: { state: 'paused', counts: { scheduled: 20, pending: 10 } },
    })
    expect(await work()).toBe('over')
    expect(stripe.scheduled.size).toBe(20)
    await adminResumeMigration(deps(), executions)(because, admin())
    await work()
    expect(stripe.scheduled.size).toBe(30)
    expect(events).toHaveLength(30)
  })

  test('that is undone puts back who has not renewed, and leaves who has', async () => {
    const [early, later] = [
      await payer('early', plusMs(START, 5 * DAY_MS)),
      await payer('later', plusMs(START, 20 * DAY_MS)),
    ]
    await start()
    await work()
    await renew(early)
    stripe.scheduled.delete('sub_early')
    now = plusMs(START, 6 * DAY_MS)
    await adminUndoMigration(deps(), executions)(because, admin())
    expect(await work()).toBe('over')
    expect(await states()).toEqual({ [early]: 'migrated', [later]: 'undone' })
    expect(stripe.scheduled.size).toBe(0)
    expect((await ports().accounts.getAccount(later))?.scheduled).toBeNull()
    expect(events.at(-1)).toMatchObject({ type: 'plan.migration_undone', data: { accountId: later } })
    expect(await table.get({ pk: 'migrations', sk: 'starter' })).toMatchObject({ state: 'undone' })
    expect(await start()).toMatchObject({ ok: true })
  })

  test('whose change a customer took back is left alone from then on', async () => {
    const ada = await payer('ada', plusMs(START, 5 * DAY_MS))
    await start()
    await work()
    const { accounts } = ports()
    const account = await accounts.getAccount(ada)
    if (account) await accounts.changeAccount(account, { scheduled: null })
    expect(await work(plusMs(START, 6 * DAY_MS))).toBe('over')
    expect(await states()).toEqual({ [ada]: 'skipped: the change was taken back before the renewal' })
  })

  test('of a free plan moves its accounts when their month turns', async () => {
    const accountId = accountIdOf('free')
    const { accounts } = ports()
    await openFree(accounts, { accountId, openedAt: START, planVersionId: 'free@1' })
    await indexAccount(table, { accountId, planVersionId: 'free@1', version: 1 })
    await start(0, 'free')
    await work()
    expect((await accounts.getAccount(accountId))?.planVersionId).toBe('free@1')
    await work(given.at('2026-12-01T01:00:00Z'))
    expect((await accounts.getAccount(accountId))?.planVersionId).toBe('free@2')
    expect(await accounts.newestSegment(accountId)).toMatchObject({
      ...{ planVersionId: 'free@2', start: given.at('2026-12-01T00:00:00Z') },
    })
    expect(await table.query({ pk: 'entitle-due' })).toHaveLength(1)
  })

  test('is one per plan at a time, needs somebody to move, and an admin', async () => {
    expect(await start()).toMatchObject({ ok: false, code: 'nothing_to_migrate' })
    await payer('ada', plusMs(START, 5 * DAY_MS))
    expect(await start()).toMatchObject({ ok: true, value: { state: 'running' } })
    expect(await start()).toMatchObject({ ok: false, code: 'migration_running' })
    const stranger: Call = { ...admin(), actor: { kind: 'service', service: 'portal' } }
    expect(await adminUndoMigration(deps(), executions)(because, stranger)).toMatchObject({
      code: 'forbidden',
    })
    expect(await table.query({ pk: 'audit-log#2026-11' })).toMatchObject([
      { action: 'plan.migration_started', reason: 'costs rose', before: { 'starter@1': 1 } },
    ])
  })
})

describe('cut off', () => {
  const cut = Object.assign(new Error('cut off'), { name: 'DynamoError' })
  /** Fails at one write, before or after it took effect. */
  function failing(at: number, isApplied: boolean): Table {
    let writes = 0
    const write = async <T>(run: () => Promise<T>): Promise<T> => {
      const isNow = writes++ === at
      if (isNow && !isApplied) throw cut
      const result = await run()
      if (isNow) throw cut
      return result
    }
    return {
      ...table,
      put: (...of) => write(() => table.put(...of)),
      update: (...of) => write(() => table.update(...of)),
      remove: (...of) => write(() => table.remove(...of)),
    }
  }

  test.each(
    Array.from({ length: 12 }, (_, at) => at).flatMap(at =>
      [false, true].map(isApplied => [at, isApplied] as const),
    ),
  )(
    'at write %i (done: %s), the repetition schedules the customer once and tells it once',
    async (at, isApplied) => {
      const ada = await payer('ada', plusMs(START, 5 * DAY_MS))
      await start()
      // The lease of a cut-off step is waited out; retries of the machine are minutes apart.
      await work(now, failing(at, isApplied)).catch(() => 'cut off')
      now = plusMs(now, 10 * 60_000)
      await work()
      expect(await states()).toEqual({ [ada]: 'scheduled' })
      expect(stripe.scheduled.get('sub_ada')).toMatchObject({ planVersionId: 'starter@2' })
      expect(new Set(events.map(({ id }) => id)).size).toBe(1)
      await renew(ada)
      expect(await work(plusMs(START, 7 * DAY_MS))).toBe('over')
      expect(await states()).toEqual({ [ada]: 'migrated' })
    },
  )
})
