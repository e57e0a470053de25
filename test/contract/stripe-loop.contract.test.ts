import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type PlanVersion, rate, type UsagePrice } from '#billing/contract'
import { accountIdOf } from '#kernel/ids'
import { createMemoryTable } from '#kernel/memory-table'
import { DAY_MS, HOUR_MS, instant, plusMs, SECOND_MS } from '#kernel/time'
import type { Segment } from '../../billing/domain/records.ts'
import { createTestDeps } from '../../billing/procedures/testing/test-deps.ts'
import { summaryWindowOf } from '../../billing/stripe/reporting/plan-report.ts'
import { readSegment, reportSegment } from '../../billing/stripe/reporting/report-segment.ts'
import type { InvoiceLine } from '../../billing/stripe/views.ts'
import { compareInvoice } from '../../billing/workflows/close-invoice/compare-invoice.ts'
import { makePrices } from '../../billing/workflows/publish-plan/make-prices.ts'
import { publishVersion } from '../../billing/workflows/publish-plan/publish-version.ts'
import { publishStateSchema } from '../../billing/workflows/publish-plan/state.ts'
import { startWire, subscribe, type Wire } from './stripe-wire.ts'

/**
 * A month of a paid plan as billing and Stripe live it, over HTTP alone: published, bought, used, reported, invoiced.
 * What the invoice says, line by line, is what billing's own rating says.
 */
let wire: Wire
beforeEach(async () => {
  // Not at a full minute: a period starts when somebody pays.
  wire = await startWire('2026-11-10T09:30:17Z')
})
afterEach(() => wire.stop())

const tiers = [
  { upToUnits: 100, unitPriceMinor: '1.5', flatMinor: '250' },
  { upToUnits: 1_000, unitPriceMinor: '0.333', flatMinor: '0' },
  { upToUnits: null, unitPriceMinor: '0.15', flatMinor: '1000' },
]
/** Units of the first month; every one ends in a fraction of a cent where the model can. */
const MODELS: readonly [UsagePrice, number][] = [
  [{ model: 'per_unit', unitPriceMinor: '0.15' }, 25_007],
  [{ model: 'graduated', tiers }, 4_243],
  [{ model: 'volume', tiers }, 4_243],
  [{ model: 'volume', tiers }, 1_000],
  [{ model: 'package', packageUnits: 500, packagePriceMinor: '99' }, 1_001],
]

async function publish(usagePrice: UsagePrice): Promise<PlanVersion> {
  const definition = {
    ...{ id: 'pro', name: 'Pro', description: '', flatFeeMinor: '2900', includedUnits: 0, usagePrice },
    ...{ hardLimitUnits: null, defaultCapMinor: null, limits: { ratePerSecond: 50, burst: 500 } },
  }
  const version = { planVersionId: 'pro@1', version: 1, currency: 'usd', unit: 'check' }
  const state = publishStateSchema.parse({ definition, ...version, attempt: 1 })
  const ports = { ...createTestDeps(), stripe: wire.adapter }
  await publishVersion(ports, await makePrices(ports, state), wire.now())
  const plan = await ports.plans.getLive('pro')
  if (!plan) throw new Error('the plan is not on sale')
  return plan
}

/** A plan that somebody has bought; `report` brings what Stripe has of the period to what is owed. */
async function buy(usagePrice: UsagePrice) {
  const plan = await publish(usagePrice)
  const stripe = plan.stripe
  if (!stripe) throw new Error('the plan is not sold through Stripe')
  const { customerId, subscription } = await subscribe(wire, {
    ...{ flatPriceId: stripe.flatPriceId, meteredPriceId: stripe.meteredPriceId },
    ...{ meterId: stripe.meterId, eventName: stripe.meterEventName, planVersionId: plan.planVersionId },
  })
  const segment: Segment = {
    ...{ accountId: accountIdOf('founder'), planVersionId: 'pro@1', subscriptionId: subscription.id },
    ...{ start: subscription.currentPeriod.start, end: subscription.currentPeriod.end },
    ...{ carriedInUnits: 0, invoicedUnits: null, waivedUnits: 0, closedAt: null },
  }
  const billing = createMemoryTable()
  const target = { customerId, plan }
  return {
    ...{ plan, stripe, subscriptionId: subscription.id, segment },
    report: (units: number) =>
      reportSegment({ billing, meter: wire.adapter }, segment, target, units, wire.now()),
    summary: () => readSegment(wire.adapter, segment, target),
    /** The draft of the period that has ended. */
    async draft() {
      const [newest] = await wire.adapter.listInvoices({ subscriptionId: subscription.id })
      if (newest?.billingReason !== 'subscription_cycle') throw new Error('no draft was made')
      return newest
    },
  }
}

const said = ({ quantity, amountMinor }: InvoiceLine) => [quantity, amountMinor]

describe.each(MODELS)('$model', (usagePrice, units) => {
  test(`${units} units are invoiced as they are rated, with the flat fee of the coming month`, async () => {
    const bought = await buy(usagePrice)
    const { segment, stripe } = bought
    await wire.clock.advanceTo(plusMs(segment.start, 10 * DAY_MS))
    await bought.report(700)
    // More than was used after all: a correction goes below.
    await bought.report(1_200)
    await bought.report(900)
    // The last report comes after the period's end, and counts in it.
    await wire.clock.advanceTo(plusMs(segment.end, 20 * 60 * SECOND_MS))
    expect(await bought.report(units)).toBe(units)
    await wire.advanceBy(10)
    expect(await bought.summary()).toBe(units)

    const { id } = await bought.draft()
    const invoice = await wire.adapter.finalizeInvoice(id)
    const [flat, ...metered] = [...invoice.lines].sort(
      (a, b) => Number(a.priceId !== stripe.flatPriceId) - Number(b.priceId !== stripe.flatPriceId),
    )
    const rated = rate(usagePrice, units)
    expect(metered.map(said)).toEqual(rated.map(line => [line.quantityUnits, line.amountMinor]))
    for (const line of metered)
      expect(line).toMatchObject({
        ...{ priceId: stripe.meteredPriceId, proration: false },
        period: { start: segment.start, end: segment.end },
      })
    expect(flat).toMatchObject({
      ...{ priceId: stripe.flatPriceId, quantity: 1, amountMinor: 2900n, period: { start: segment.end } },
    })
    expect(metered.map(line => Number(line.unitPriceMinor))).toEqual(
      rated.map(line => Number(line.unitPriceMinor)),
    )
    expect(invoice.totalMinor).toBe(rated.reduce((sum, line) => sum + line.amountMinor, 2900n))
    const expected = { plan: bought.plan, usage: segment, owedUnits: units, continues: true }
    expect(compareInvoice(expected, invoice)).toEqual({ kind: 'equal', invoicedUnits: units })
    expect(compareInvoice({ ...expected, owedUnits: units + 600 }, invoice).kind).toBe('too_little')

    await wire.adapter.collectInvoice(id)
    await wire.advanceBy(60)
    expect((await wire.adapter.getInvoice(id)).status).toBe('paid')
  })

  test('a month without a call is invoiced as no units are rated', async () => {
    const bought = await buy(usagePrice)
    await wire.clock.advanceTo(plusMs(bought.segment.end, 10 * SECOND_MS))
    expect(await bought.report(0)).toBe(0)
    const invoice = await wire.adapter.finalizeInvoice((await bought.draft()).id)
    const expected = { plan: bought.plan, usage: bought.segment, owedUnits: 0, continues: true }
    expect(compareInvoice(expected, invoice)).toEqual({ kind: 'equal', invoicedUnits: 0 })
    expect(invoice.totalMinor).toBe(rate(usagePrice, 0).reduce((sum, line) => sum + line.amountMinor, 2900n))
  })
})

test('usage of a month is on its invoice alone, also what is stamped in its first and in its last minute', async () => {
  const bought = await buy({ model: 'per_unit', unitPriceMinor: '10' })
  const { segment } = bought
  await bought.report(3)
  await wire.clock.advanceTo(plusMs(segment.end, -SECOND_MS))
  await bought.report(10)
  await wire.clock.advanceTo(plusMs(segment.end, HOUR_MS / 2))
  const first = await wire.adapter.finalizeInvoice((await bought.draft()).id)
  expect(first.lines.map(({ quantity }) => quantity).sort()).toEqual([1, 10])
  const { currentPeriod } = await wire.adapter.getSubscription(bought.subscriptionId)
  expect(currentPeriod.start).toBe(segment.end)
  await wire.clock.advanceTo(plusMs(currentPeriod.end, HOUR_MS / 2))
  const second = await wire.adapter.finalizeInvoice((await bought.draft()).id)
  expect(second.period).toEqual(currentPeriod)
  expect(second.lines.map(({ quantity }) => quantity).sort()).toEqual([0, 1])
})

test('the summary of whole minutes is all that was reported, whenever in a period it was', async () => {
  const bought = await buy({ model: 'per_unit', unitPriceMinor: '10' })
  const { segment } = bought
  const window = summaryWindowOf(segment)
  expect([window.start % 60_000, window.end % 60_000]).toEqual([0, 0])
  let owed = 0
  for (const sinceStartMs of [
    0,
    30 * SECOND_MS,
    43 * SECOND_MS,
    DAY_MS,
    segment.end - segment.start - 1,
    31 * DAY_MS,
  ]) {
    const now = instant(Math.max(wire.now(), segment.start + sinceStartMs))
    await wire.clock.advanceTo(now)
    owed += 7
    expect(await bought.report(owed)).toBe(owed)
    await wire.advanceBy(10)
    expect(await bought.summary()).toBe(owed)
  }
})
