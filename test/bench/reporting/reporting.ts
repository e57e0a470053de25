import type { Table } from '#kernel/table'
import { HOUR_MS, MINUTE_MS, parseInstant, plusMs } from '#kernel/time'
import { listDue } from '../../../billing/accounts/due.ts'
import { createAccountStore } from '../../../billing/accounts/store.ts'
import { reportUsage } from '../../../billing/jobs/report-usage.ts'
import { rollUp } from '../../../billing/jobs/roll-up.ts'
import { append } from '../../../billing/ledger/append.ts'
import { createPlanStore } from '../../../billing/plans/store.ts'
import {
  callAt,
  createTestDeps,
  publishCatalogue,
  type TestDeps,
} from '../../../billing/procedures/testing/test-deps.ts'
import { createFakeStripe } from '../../../billing/workflows/testing/fake-stripe.ts'
import { type Figure, grouped, seconds } from '../figures.ts'
import { accountIdsOf } from '../scale/traffic.ts'
import { createSimulatedStripe, LIMITS, type Limits } from './simulated-stripe.ts'
import { VirtualTime } from './virtual-time.ts'

const ACCOUNTS = 10_000
const PERIOD = { start: parseInstant('2026-11-10T09:30:00Z'), end: parseInstant('2026-12-10T09:30:00Z') }
const HOUR = parseInstant('2026-11-22T14:00:00Z')
const UNITS = 7
/** One request to DynamoDB from Lambda. */
const TABLE_LATENCY_MS = 5

/** One hour's reports of 10,000 accounts that all used something, on simulated time, against Stripe's limits. */
export async function measureReporting(timeoutMs: number): Promise<readonly Figure[]> {
  const figures: Figure[] = [
    ['accounts, each with a changed total', grouped(ACCOUNTS)],
    ['latencies', `Stripe 80 to 300 ms, DynamoDB ${TABLE_LATENCY_MS} ms a request`],
  ]
  for (const limits of Object.values(LIMITS)) figures.push(...(await oneHour(limits, timeoutMs)))
  return figures
}

async function oneHour(limits: Limits, timeoutMs: number): Promise<Figure[]> {
  const time = new VirtualTime(HOUR)
  const deps = await setUp()
  const { meter, stats } = createSimulatedStripe(time, limits)
  const requests = { count: 0 }
  const slow = (table: Table) => withLatency(table, time, requests)
  const [billing, ledger] = [slow(deps.billing), slow(deps.ledger)]
  const ports = {
    ...{ billing, ledger, clock: time.now },
    ...{ accounts: createAccountStore(billing), plans: createPlanStore(billing) },
    stripe: { ...createFakeStripe(time.now), ...meter },
  }
  const cpuBefore = process.cpuUsage()
  let [runs, longestMs, failures, left] = [0, 0, 0, ACCOUNTS]
  for (; left > 0 && runs < HOUR_MS / MINUTE_MS && time.now() < HOUR + HOUR_MS; runs++) {
    time.passUntil(plusMs(HOUR, runs * MINUTE_MS))
    const startedAt = time.now()
    const { problems } = await time.run(reportUsage(ports, callAt(startedAt)))
    longestMs = Math.max(longestMs, time.now() - startedAt)
    failures += problems.length
    left = (await listDue(deps.billing, 'report-due')).length
  }
  const cpu = process.cpuUsage(cpuBefore)
  if (stats.units !== UNITS * stats.delivered) throw new Error('Stripe has other units than were owed')
  return [
    [`${limits.label}: reported`, `${grouped(ACCOUNTS - left)} in ${seconds(time.now() - HOUR)}`],
    ['  runs (one a minute until nothing is left)', String(runs)],
    ['  longest run', `${seconds(longestMs)}; the function is stopped after ${seconds(timeoutMs)}`],
    ['  within its timeout and its hour', longestMs < timeoutMs && left === 0 ? 'yes' : 'NO'],
    ['  calls in the busiest second, refused with 429', `${stats.busiestSecond}, ${grouped(stats.refused)}`],
    ['  accounts that failed and wait', grouped(failures)],
    ['  requests to DynamoDB for one account', (requests.count / ACCOUNTS).toFixed(1)],
    [
      '  CPU for one account (without HTTP and signing)',
      `${((cpu.user + cpu.system) / 1_000 / ACCOUNTS).toFixed(2)} ms`,
    ],
  ]
}

/** Paying accounts in the middle of a period, rolled up: what the job finds at the full hour. */
async function setUp(): Promise<TestDeps> {
  const deps = createTestDeps()
  await publishCatalogue(deps)
  const usedAt = plusMs(HOUR, -10 * MINUTE_MS)
  for (const accountId of accountIdsOf({ events: 0, accounts: ACCOUNTS })) {
    const [subscriptionId, planVersionId] = [`sub_${accountId}`, 'starter@1']
    await deps.accounts.addAccount({
      ...{ accountId, subscriptionId, planVersionId, openedAt: PERIOD.start },
      ...{ customerId: `cus_${accountId}`, entitlementVersion: 1, blocks: [] },
    })
    await deps.accounts.addSegment({
      ...{ accountId, subscriptionId, planVersionId, ...PERIOD },
      ...{ carriedInUnits: 0, invoicedUnits: null, waivedUnits: 0, closedAt: null },
    })
    const event = { id: accountId, account: accountId, key: accountId.replace('acct_', 'key_') }
    const call = { route: 'POST /v1/batch', units: UNITS, status: 200, usedAt, durationMs: 5 }
    await append(deps.ledger, { usage: [{ ...event, ...call }], access: [] })
  }
  const { problems } = await rollUp(deps, callAt(HOUR))
  if (problems.length > 0) throw new Error(problems[0])
  return deps
}

/** The table with the time that each request to it takes. */
function withLatency(table: Table, time: VirtualTime, requests: { count: number }): Table {
  const slow = async <T>(work: () => Promise<T>): Promise<T> => {
    requests.count++
    await time.sleep(TABLE_LATENCY_MS)
    return work()
  }
  return {
    get: (key, options) => slow(() => table.get(key, options)),
    put: (item, conditions) => slow(() => table.put(item, conditions)),
    update: (key, changes, conditions) => slow(() => table.update(key, changes, conditions)),
    remove: (key, conditions) => slow(() => table.remove(key, conditions)),
    query: query => slow(() => table.query(query)),
  }
}
