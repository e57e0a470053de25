import { beforeEach, describe, expect, test } from 'vitest'
import { accountIdOf } from '#kernel/ids'
import { HOUR_MS, type Instant, parseInstant, plusMs } from '#kernel/time'
import { indexAccount } from '../accounts/account-index.ts'
import { append } from '../ledger/append.ts'
import type { LogLine } from '../ledger/deliver-lines.ts'
import { foldPeriod } from '../ledger/fold-period.ts'
import { parseLine } from '../ledger/parse-line.ts'
import { usageEvent } from '../ledger/testing/arbitrary-records.ts'
import { serviceCall } from '../procedures/service-call.ts'
import { createFakeAccess } from '../procedures/testing/test-deps.ts'
import { getDay } from '../reconciliation/store.ts'
import { addReport } from '../stripe/reporting/outbox.ts'
import { createFakeStripe } from '../workflows/testing/fake-stripe.ts'
import * as given from '../workflows/testing/fixtures.ts'
import { type ReconcileDeps, reconcile } from './reconcile.ts'

const DAY = '2026-11-22'
const NOON = parseInstant('2026-11-22T12:10:00Z')
/** The first run that looks at the day. */
const RUN = parseInstant('2026-11-24T03:30:00Z')
const day = { start: parseInstant('2026-11-22T00:00:00Z'), end: parseInstant('2026-11-23T00:00:00Z') }

let billing: given.TestBilling
let stripe: ReturnType<typeof createFakeStripe>
let access: ReturnType<typeof createFakeAccess>
let logs: Record<'access' | 'usage', LogLine[]>
let budget: number

const key = usageEvent({ id: 'x' }).key
const accessLine = (id: string, status: number, usedAt = NOON, error = '-'): LogLine => ({
  ...{ id: `log-${id}`, timestamp: usedAt },
  message: JSON.stringify({
    id,
    account: given.ACCOUNT,
    key,
    route: 'POST /v1/batch',
    status,
    usedAt,
    error,
  }),
})
const eventOf = (id: string, units = 5, usedAt = NOON) =>
  usageEvent({ id, account: given.ACCOUNT, units, usedAt })
const usageLine = (id: string, usedAt = NOON): LogLine => {
  const { status, durationMs, ...event } = eventOf(id, 5, usedAt)
  const strings = { status: String(status), usedAt: String(usedAt), durationMs: String(durationMs) }
  return { id: `log-${id}`, timestamp: usedAt, message: JSON.stringify({ ...event, ...strings }) }
}
const deps = (): ReconcileDeps => ({
  ...billing,
  ...{
    access: access.client,
    meter: stripe,
    accessLog: 'access',
    usageLog: 'usage',
    hasTime: () => budget-- > 0,
  },
  async *readLog(logGroup, _pattern, { start, end }) {
    const lines = logs[logGroup === 'access' ? 'access' : 'usage']
    const inWindow = lines.filter(({ timestamp }) => start <= timestamp && timestamp < end)
    for (const line of inWindow) yield { logStream: 's', lines: [line] }
  },
  async deliverLines(_source, lines) {
    for (const { message } of lines) {
      const parsed = parseLine(message)
      if (parsed.kind === 'usage') await append(billing.ledger, { usage: [parsed.event], access: [] })
      if (parsed.kind === 'access') await append(billing.ledger, { usage: [], access: [parsed.record] })
    }
  },
})
const run = (now: Instant) => reconcile(deps(), serviceCall(now, 'r1'))
const result = () => getDay(billing.billing, DAY)
const units = async () => (await foldPeriod(billing.ledger, given.ACCOUNT, day)).units
const counted = (calls: number) => {
  access.gatewayPlans = [{ limitSetId: 'r2-b20', gatewayKeys: 1, calls }]
}

beforeEach(async () => {
  billing = await given.createBilling()
  stripe = createFakeStripe(() => RUN)
  access = createFakeAccess()
  logs = { access: [], usage: [] }
  budget = 10_000
  await given.subscribe(billing)
  await indexAccount(billing.billing, { accountId: given.ACCOUNT, planVersionId: 'starter@1', version: 1 })
})

describe('the access log and the ledger', () => {
  test('that agree make a clean day, which is not read again', async () => {
    logs.access.push(accessLine('a', 200), accessLine('b', 422), accessLine('c', 429, NOON, 'THROTTLED'))
    await append(billing.ledger, { usage: [eventOf('a'), { ...eventOf('b'), status: 422 }], access: [] })
    await append(billing.ledger, { usage: [], access: [{ ...eventOf('c'), status: 429 }] })
    counted(2)
    expect(await run(RUN)).toEqual({ days: [{ day: DAY, state: 'clean' }], alarms: [] })
    expect(await result()).toMatchObject({ served: 1, failed: 2, missing: 0, voided: 0, letThrough: 2 })
    expect(await run(plusMs(RUN, HOUR_MS))).toEqual({ days: [], alarms: [] })
  })

  test('a served request that is missing is replayed, and the day is clean at the next look', async () => {
    logs.access.push(accessLine('a', 200))
    logs.usage.push(usageLine('a'), usageLine('other'))
    expect(await run(RUN)).toMatchObject({ days: [{ state: 'replayed' }], alarms: [] })
    expect(await units()).toBe(5)
    expect(await result()).toMatchObject({
      missing: 1,
      deviations: [{ id: 'a', kind: 'missing', status: 200 }],
    })
    expect(await run(plusMs(RUN, HOUR_MS))).toMatchObject({ days: [{ state: 'clean' }], alarms: [] })
  })

  test('what cannot be replayed is alarmed at the second look, once', async () => {
    logs.access.push(accessLine('gone', 200))
    expect((await run(RUN)).alarms).toEqual([])
    expect((await run(plusMs(RUN, HOUR_MS))).alarms).toEqual([expect.stringContaining('1 requests missing')])
    expect((await run(plusMs(RUN, 2 * HOUR_MS))).alarms).toEqual([])
  })

  test('a call that was charged and failed at the door is voided', async () => {
    await append(billing.ledger, { usage: [eventOf('a')], access: [] })
    logs.access.push(accessLine('a', 504))
    await run(RUN)
    expect(await units()).toBe(0)
    expect(await result()).toMatchObject({ state: 'replayed', voided: 1, missing: 0 })
    expect(await run(plusMs(RUN, HOUR_MS))).toMatchObject({ days: [{ state: 'clean' }] })
  })

  test('a run that is cut off goes on where it was, and counts nothing twice', async () => {
    for (let hour = 0; hour < 24; hour++) {
      const at = plusMs(day.start, hour * HOUR_MS)
      logs.access.push(accessLine(`h${hour}`, 200, at))
      await append(billing.ledger, { usage: [eventOf(`h${hour}`, 1, at)], access: [] })
    }
    counted(24)
    budget = 4
    expect(await run(RUN)).toMatchObject({ days: [{ state: 'reading' }] })
    expect(await result()).toMatchObject({ served: 12, hoursDone: 12 })
    budget = 10_000
    expect(await run(plusMs(RUN, HOUR_MS))).toMatchObject({ days: [{ state: 'clean' }] })
    expect(await result()).toMatchObject({ served: 24, runs: 1 })
  })

  test('days that no run looked at are made up for', async () => {
    await run(RUN)
    const { days } = await run(plusMs(RUN, 3 * 24 * HOUR_MS))
    expect(days.map(one => one.day)).toEqual(['2026-11-23', '2026-11-24', '2026-11-25'])
  })
})

test('API Gateway may count a little differently, and not much', async () => {
  for (let n = 0; n < 30; n++) logs.access.push(accessLine(`n${n}`, 200))
  await append(billing.ledger, { usage: Array.from({ length: 30 }, (_, n) => eventOf(`n${n}`)), access: [] })
  counted(20)
  expect(await run(RUN)).toMatchObject({ days: [{ state: 'clean' }] })
  counted(19)
  await billing.billing.remove({ pk: 'reconciliation', sk: DAY })
  expect(await run(RUN)).toMatchObject({ days: [{ state: 'replayed' }] })
})

describe('Stripe', () => {
  const delivered = (deltaUnits: number, seq = 1, stampAt = NOON) =>
    addReport(billing.billing, {
      ...{
        accountId: given.ACCOUNT,
        segmentStart: given.PERIOD.start,
        seq,
        deltaUnits,
        identifier: `u${seq}`,
      },
      ...{ stampAt, createdAt: NOON, deliveredAt: NOON },
    })
  const stripeHas = (sum: number) =>
    stripe.sendUsage({ eventName: 'e', customerId: 'cus_1', units: sum, identifier: 'u1', stampAt: NOON })

  test('that has what was delivered is not mentioned; reports of later days are not asked for', async () => {
    await delivered(12)
    await delivered(5, 2, plusMs(day.end, HOUR_MS))
    await stripeHas(12)
    expect(await run(RUN)).toMatchObject({ days: [{ state: 'clean' }] })
    expect(await result()).toMatchObject({ stripe: { segments: 1, differences: [] } })
  })

  test('that has something else is listed, and alarmed when it stays', async () => {
    await delivered(12)
    await stripeHas(10)
    expect((await run(RUN)).alarms).toEqual([])
    expect((await run(plusMs(RUN, HOUR_MS))).alarms).toHaveLength(1)
    const { stripe: compared } = (await result()) ?? {}
    expect(compared?.differences).toEqual([
      { accountId: given.ACCOUNT, segmentStart: given.PERIOD.start, deliveredUnits: 12, stripeUnits: 10 },
    ])
  })

  test('is not asked about accounts that never paid', async () => {
    await indexAccount(billing.billing, {
      accountId: accountIdOf('free'),
      planVersionId: 'free@1',
      version: 1,
    })
    expect(await run(RUN)).toMatchObject({ days: [{ state: 'clean' }] })
    expect(await result()).toMatchObject({ stripe: { segments: 0 } })
  })
})
