import { beforeEach, describe, expect, test } from 'vitest'
import { accountIdOf } from '#kernel/ids'
import type { Item, Table } from '#kernel/table'
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS, plusMs } from '#kernel/time'
import { listDue, markDue } from '../accounts/due.ts'
import { append } from '../ledger/append.ts'
import { usageEvent } from '../ledger/testing/arbitrary-records.ts'
import { serviceCall } from '../procedures/service-call.ts'
import { TransientError } from '../stripe/failure.ts'
import { freeze, measure } from '../stripe/reporting/measure-segment.ts'
import { createFakeStripe } from '../workflows/testing/fake-stripe.ts'
import * as given from '../workflows/testing/fixtures.ts'
import { reportUsage } from './report-usage.ts'

let now: Instant
let billing: given.TestBilling
let stripe: ReturnType<typeof createFakeStripe>

beforeEach(async () => {
  now = plusMs(given.PERIOD.start, DAY_MS)
  billing = await given.createBilling()
  stripe = createFakeStripe(() => now)
  await given.subscribe(billing)
  stripe.subscriptions.set('sub_1', given.subscription({ currentPeriod: given.PERIOD }))
  await billing.use(12, plusMs(given.PERIOD.start, HOUR_MS))
  await markDue(billing.billing, 'report-due', given.ACCOUNT)
})

const report = () => reportUsage({ ...billing, stripe, clock: () => now }, serviceCall(now, 'r1'))
/** The same account again, in the next hour. */
const reportLater = () => {
  now = plusMs(now, HOUR_MS)
  return report()
}
const sent = () => stripe.received.map(({ units }) => units)
const due = async () => (await listDue(billing.billing, 'report-due')).length

test('what is owed is reported once, to the plan’s own meter, and the marker goes', async () => {
  expect(await report()).toEqual({ accounts: 1, problems: [], left: 0 })
  expect(await reportLater()).toEqual({ accounts: 0, problems: [], left: 0 })
  expect(stripe.received).toMatchObject([{ units: 12, eventName: 'tollgate_starter', customerId: 'cus_1' }])
  expect(await due()).toBe(0)
})

test('a job that runs again reports the difference only', async () => {
  await report()
  await billing.use(5, plusMs(given.PERIOD.start, 2 * HOUR_MS))
  await markDue(billing.billing, 'report-due', given.ACCOUNT)
  await reportLater()
  expect(sent()).toEqual([12, 5])
})

test('an account whose report failed keeps its marker and is made whole in the next hour', async () => {
  const { sendUsage } = stripe
  stripe.sendUsage = () => Promise.reject(new TransientError('Stripe is slow'))
  expect((await report()).problems).toEqual([`${given.ACCOUNT}: Stripe is slow`])
  expect(await due()).toBe(1)
  stripe.sendUsage = sendUsage
  expect((await reportLater()).problems).toEqual([])
  expect(sent()).toEqual([12])
})

test('usage that comes up while an account is reported keeps its marker', async () => {
  const { sendUsage } = stripe
  stripe.sendUsage = async event => {
    await markDue(billing.billing, 'report-due', given.ACCOUNT)
    await sendUsage(event)
  }
  await report()
  expect(await due()).toBe(1)
})

test('after a renewal each period is reported to its own segment, with stamps inside it', async () => {
  now = plusMs(given.PERIOD.end, HOUR_MS)
  stripe.subscriptions.set('sub_1', given.subscription())
  await billing.use(3, given.PERIOD.end)
  await report()
  expect(stripe.received).toMatchObject([
    { units: 12, stampAt: plusMs(given.PERIOD.end, -1_000) },
    { units: 3, stampAt: now },
  ])
})

test('a segment that its close has frozen is left alone', async () => {
  await freeze(billing.billing, given.paidSegment(), measure(12, 0, null))
  await report()
  expect(sent()).toEqual([])
})

describe('rounds', () => {
  const others = Array.from({ length: 9 }, (_, n) => accountIdOf(`other ${n}`))
  const everybody = [given.ACCOUNT, ...others].sort()

  let send: typeof stripe.sendUsage

  beforeEach(async () => {
    send = stripe.sendUsage
    for (const accountId of others) {
      await billing.accounts.addAccount({
        ...{ accountId, openedAt: given.PERIOD.start, customerId: accountId, subscriptionId: accountId },
        ...{ planVersionId: 'starter@1', entitlementVersion: 1, blocks: [] },
      })
      await billing.accounts.addSegment({ ...given.paidSegment(), accountId, subscriptionId: accountId })
      const event = usageEvent({ id: accountId, account: accountId, units: 3, usedAt: given.PERIOD.start })
      await append(billing.ledger, { usage: [event], access: [] })
      await markDue(billing.billing, 'report-due', accountId)
    }
  })

  /** A run during which every call to Stripe takes so long. */
  const slowRun = (tookMs: number) => {
    const slot = now
    stripe.sendUsage = async event => {
      await send(event)
      now = plusMs(now, tookMs)
    }
    return reportUsage({ ...billing, stripe, clock: () => now }, serviceCall(slot, 'r1'))
  }
  const nextMinute = () => {
    now = plusMs(now, MINUTE_MS)
  }

  const markEverybody = async () => {
    for (const accountId of everybody) await markDue(billing.billing, 'report-due', accountId)
  }

  test('a run that is out of time leaves the rest to the next ones, and nobody has two turns in an hour', async () => {
    const turns: number[] = []
    for (let left = 1; left > 0; ) {
      const run = await slowRun(5_000)
      turns.push(run.accounts)
      left = run.left
      await markEverybody()
    }
    expect(turns).toEqual([8, 2])
    expect(stripe.received.map(({ customerId }) => customerId).sort()).toEqual(['cus_1', ...others].sort())
    expect((await report()).accounts).toBe(0)
  })

  test('whoever fails holds up nobody and has the next turn an hour later', async () => {
    stripe.sendUsage = event =>
      event.customerId === others[0] ? Promise.reject(new TransientError('slow')) : send(event)
    expect(await report()).toMatchObject({ accounts: 9, problems: [`${others[0]}: slow`], left: 0 })
    nextMinute()
    expect(await report()).toMatchObject({ accounts: 0, problems: [] })
    expect(await reportLater()).toMatchObject({ accounts: 0, problems: [`${others[0]}: slow`] })
  })

  test('usage that becomes due after the round of an hour waits for the next one', async () => {
    await report()
    await markDue(billing.billing, 'report-due', given.ACCOUNT)
    nextMinute()
    expect((await report()).accounts).toBe(0)
    expect((await reportLater()).accounts).toBe(1)
  })

  test('two runs at once do not go over the same accounts', async () => {
    const runs = await Promise.all([report(), report()])
    expect(runs.map(({ accounts }) => accounts).sort()).toEqual([0, 10])
    expect(runs.flatMap(({ problems }) => problems)).toEqual([])
  })

  test('a run that was cut off lets go of its round, and a later one does what is left', async () => {
    let isStopped = false
    const put: Table['put'] = async (item, conditions) => {
      if (isStopped) throw new Error('stopped')
      isStopped = item.pk === 'report-round'
      return billing.billing.put(item, conditions)
    }
    const ports = { ...billing, billing: { ...billing.billing, put }, stripe, clock: () => now }
    await expect(reportUsage(ports, serviceCall(now, 'r1'))).rejects.toThrow('stopped')
    expect((await report()).accounts).toBe(0)
    now = plusMs(now, 2 * MINUTE_MS)
    expect((await report()).accounts).toBe(10)
  })

  test('a round that takes longer than its hour is finished before the next one begins', async () => {
    const { accounts, left } = await slowRun(5_000)
    await markEverybody()
    now = plusMs(now, HOUR_MS)
    expect(await report()).toMatchObject({ accounts: left, left: 0 })
    nextMinute()
    expect(await report()).toMatchObject({ accounts, left: 0 })
  })

  test('the lease of an account runs from when it is taken, however late the run began', async () => {
    const slot = now
    nextMinute()
    const leases: (Item | undefined)[] = []
    stripe.sendUsage = async event => {
      leases.push(await billing.billing.get({ pk: `lease#${given.ACCOUNT}`, sk: 'lease' }))
      await send(event)
    }
    await reportUsage({ ...billing, stripe, clock: () => now }, serviceCall(slot, 'r1'))
    expect(leases).toContainEqual(expect.objectContaining({ until: plusMs(now, 90_000) }))
  })

  test('an hour without due accounts writes nothing', async () => {
    await report()
    now = plusMs(now, HOUR_MS)
    const put = () => Promise.reject(new Error('written'))
    const ports = { ...billing, billing: { ...billing.billing, put }, stripe, clock: () => now }
    expect(await reportUsage(ports, serviceCall(now, 'r1'))).toEqual({ accounts: 0, problems: [], left: 0 })
  })
})
