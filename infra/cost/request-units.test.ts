import { beforeEach, expect, test } from 'vitest'
import { createMemoryTable } from '#kernel/memory-table'
import { HOUR_MS, type Instant, MINUTE_MS, parseInstant, plusMs } from '#kernel/time'
import { rollUp } from '../../billing/jobs/roll-up.ts'
import { append } from '../../billing/ledger/append.ts'
import { accountId, usageEvent } from '../../billing/ledger/testing/arbitrary-records.ts'
import {
  callAt,
  createTestDeps,
  publishCatalogue,
  type TestDeps,
} from '../../billing/procedures/testing/test-deps.ts'
import { meterTable, type RequestUnits } from './testing/metered-table.ts'
import { REQUEST_UNITS } from './workload.ts'

const ACCOUNT = accountId('one')
const PERIOD = { start: parseInstant('2026-11-10T09:30:00Z'), end: parseInstant('2026-12-10T09:30:00Z') }
const ROUTES = ['POST /v1/email', 'POST /v1/phone', 'POST /v1/iban']
/** The middle of the period: a job has half of its hour totals to read. */
const MIDDLE = plusMs(PERIOD.start, 360 * HOUR_MS)

let tables: { ledger: ReturnType<typeof meterTable>; billing: ReturnType<typeof meterTable> }
let deps: TestDeps
let requests = 0

beforeEach(async () => {
  tables = { ledger: meterTable(createMemoryTable()), billing: meterTable(createMemoryTable()) }
  deps = createTestDeps(tables)
  await publishCatalogue(deps)
  const paid = { accountId: ACCOUNT, planVersionId: 'starter@1', subscriptionId: 'sub_1' }
  await deps.accounts.addAccount({
    ...{ ...paid, openedAt: PERIOD.start, customerId: 'cus_1', entitlementVersion: 1, blocks: [] },
  })
  await deps.accounts.addSegment({
    ...{ ...paid, ...PERIOD, carriedInUnits: 0, invoicedUnits: null, waivedUnits: 0, closedAt: null },
  })
})

const use = (calls: number, usedAt: Instant) =>
  append(tables.ledger, {
    usage: Array.from({ length: calls }, () => {
      const id = `Yk3xVGyzIAMF${requests++}=`
      return usageEvent({ id, account: ACCOUNT, usedAt, route: ROUTES[requests % ROUTES.length] ?? '' })
    }),
    access: [],
  })

/** Request units of both tables that the work took. */
async function unitsOf(work: () => Promise<unknown>): Promise<RequestUnits> {
  const before = Object.values(tables).map(({ units }) => ({ ...units }))
  await work()
  const after = Object.values(tables).map(({ units }) => units)
  const sum = (of: keyof RequestUnits) =>
    after.reduce((total, units, i) => total + units[of] - (before[i]?.[of] ?? 0), 0)
  return { reads: sum('reads'), writes: sum('writes') }
}

/** Assumed is at least what the code takes, and not much more. */
function expectCovered(used: RequestUnits, { reads, writes }: { reads: bigint; writes: bigint }): void {
  for (const [assumed, actual] of [
    [Number(reads), used.reads],
    [Number(writes), used.writes],
  ] as const) {
    expect(assumed).toBeGreaterThanOrEqual(actual)
    expect(assumed).toBeLessThanOrEqual(Math.max(actual * 1.6, actual + 2))
  }
}

test('a batch takes the write units that the estimate says', async () => {
  expectCovered(await unitsOf(() => use(2, MIDDLE)), REQUEST_UNITS.batch)
})

test('rolling an account up in the middle of its period takes the request units that the estimate says', async () => {
  for (let at = PERIOD.start; at < MIDDLE; at = plusMs(at, HOUR_MS)) await use(5, at)
  await rollUp(deps, callAt(MIDDLE))
  for (let minute = 0; minute < 30; minute++) await use(2, plusMs(MIDDLE, minute * MINUTE_MS))
  const now = plusMs(MIDDLE, 30 * MINUTE_MS)
  expectCovered(await unitsOf(() => rollUp(deps, callAt(now))), REQUEST_UNITS.rollUpAccount)
  expectCovered(await unitsOf(() => rollUp(deps, callAt(now))), REQUEST_UNITS.idleRun)
})
