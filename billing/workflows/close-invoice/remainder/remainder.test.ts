import { describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, plusMs } from '#kernel/time'
import { sweepCloses } from '../../../jobs/sweep-closes.ts'
import { createFakeStripe } from '../../testing/fake-stripe.ts'
import * as given from '../../testing/fixtures.ts'
import { Crash, createCrasher } from '../testing/crash-at.ts'
import { markRemainder } from './due.ts'
import { planRemainder } from './plan-remainder.ts'
import { readRemainders } from './settle-remainder.ts'

const facts = { plan: given.starter, invoicedUnits: 25_000, waivedUnits: 3, capUnits: null }

describe('a remainder', () => {
  test.each([
    ['nothing', 0, null],
    [
      'worth half a dollar or more is invoiced',
      334,
      { kind: 'invoice', amountMinor: 50n, invoicedUnits: 25_334 },
    ],
    [
      'worth less than Stripe charges is waived',
      329,
      { kind: 'waiver', waivedUnits: 332, invoicedUnits: 25_000 },
    ],
    ['that is negative is credited', -1_000, { kind: 'credit', amountMinor: 150n, invoicedUnits: 24_000 }],
  ])('%s', (_, units, expected) => {
    const planned = planRemainder({ ...facts, units })
    if (expected === null) expect(planned).toBeNull()
    else expect(planned).toMatchObject(expected)
  })

  test('beyond the cap is waived: a cap is a promise', () => {
    expect(planRemainder({ ...facts, units: 5_000, capUnits: 26_000 })).toMatchObject({
      ...{ kind: 'invoice', units: 1_000, invoicedUnits: 26_000, waivedUnits: 4_003 },
    })
  })

  test('within the included units is worth nothing, so it is waived', () => {
    const within = { ...facts, invoicedUnits: 10, units: 5 }
    expect(planRemainder(within)).toMatchObject({ kind: 'waiver', amountMinor: 0n })
  })
})

/** A subscription that ended, its last segment closed at 25,000 units, and late usage after that. */
async function createEnded(
  lateUnits: number,
  crasher?: ReturnType<typeof createCrasher>,
  automaticTax = false,
) {
  let now = plusMs(given.PERIOD.end, 2 * DAY_MS)
  const world = await given.createBilling()
  const stripe = createFakeStripe(() => now)
  await given.subscribe(world)
  await world.use(25_000, plusMs(given.PERIOD.start, DAY_MS))
  await world.use(lateUnits, plusMs(given.PERIOD.start, 2 * DAY_MS))
  const endedAt = given.PERIOD.end
  stripe.subscriptions.set('sub_1', given.subscription({ status: 'canceled', endedAt }))
  stripe.invoices.set('in_1', given.cycleInvoice({ status: 'paid', lines: [] }))
  const outcome = { carriedInUnits: 0, invoicedUnits: 25_000, waivedUnits: 0, closedAt: given.PERIOD.end }
  await world.accounts.closeSegment(given.paidSegment(), outcome)
  await markRemainder({ ...world, drainMs: DAY_MS }, given.paidSegment(), given.PERIOD.end)
  const wrap = <T extends object>(port: T): T => crasher?.wrap(port) ?? port
  const ports = {
    ...world,
    billing: wrap(world.billing),
    accounts: wrap(world.accounts),
    stripe: wrap(stripe),
    automaticTax,
  }
  const machines = { closeInvoice: 'close' }
  const sweep = () => {
    now = plusMs(now, HOUR_MS)
    const deps = { ...ports, executions: given.createFakeExecutions(), machines, drainMs: DAY_MS }
    return sweepCloses(deps, now)
  }
  return {
    ...{ world, stripe, sweep },
    async outcome() {
      const [segment] = await world.accounts.listSegments(given.ACCOUNT)
      const remainders = await readRemainders(world.billing, given.ACCOUNT)
      return {
        segment: [segment?.invoicedUnits, segment?.waivedUnits],
        remainders: remainders.map(({ kind, units, settledAt }) => [kind, units, settledAt !== null]),
        invoices: [...stripe.invoices.values()].map(({ id, totalMinor, status }) => [id, totalMinor, status]),
      }
    },
  }
}

test('late usage of an ended subscription becomes an invoice of its own, once', async () => {
  const ended = await createEnded(1_000)
  await ended.sweep()
  await ended.sweep()
  expect(await ended.outcome()).toMatchObject({
    segment: [26_000, 0],
    remainders: [['invoice', 1_000, true]],
    invoices: [
      ['in_1', 2900n, 'paid'],
      ['in_alone1', 150n, 'paid'],
    ],
  })
})

test('late usage beyond the cap that its segment had is waived, whatever the cap is when it is found', async () => {
  const ended = await createEnded(100_000)
  const account = await ended.world.accounts.getAccount(given.ACCOUNT)
  if (!account) throw new Error('no account')
  // The first usage invoice is paid: the plan's cap of 100 USD (86,669 units) ends, but not for what was before.
  await ended.world.accounts.changeAccount(account, { usageInvoicePaidAt: plusMs(given.PERIOD.end, DAY_MS) })
  await ended.sweep()
  expect(await ended.outcome()).toMatchObject({
    segment: [86_669, 125_000 - 86_669],
    remainders: [['invoice', 61_669, true]],
  })
})

test('a remainder is taxed where the deployment has tax computed', async () => {
  for (const automaticTax of [true, false]) {
    const ended = await createEnded(1_000, undefined, automaticTax)
    await ended.sweep()
    expect([...ended.stripe.taxed]).toEqual(automaticTax ? ['in_alone1'] : [])
  }
})

test('nothing is settled while a segment of a subscription follows', async () => {
  const ended = await createEnded(1_000)
  await ended.world.accounts.addSegment(given.paidSegment(given.NEXT))
  await ended.sweep()
  expect((await ended.outcome()).remainders).toEqual([])
})

test.each(['before', 'after'] as const)('cut off %s any effect, it comes to the same end', async when => {
  const run = async (crasher: ReturnType<typeof createCrasher>) => {
    const ended = await createEnded(1_000, crasher)
    for (let sweeps = 0; sweeps < 3; sweeps++)
      await ended.sweep().catch(error => {
        if (!(error instanceof Crash)) throw error
      })
    return ended.outcome()
  }
  const counter = createCrasher(0, when)
  const expected = await run(counter)
  expect(expected.remainders).toHaveLength(1)
  for (let effect = 1; effect <= counter.effects; effect++)
    expect(await run(createCrasher(effect, when)), `effect ${effect}`).toEqual(expected)
})
