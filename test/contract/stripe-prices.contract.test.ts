import Stripe from 'stripe'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { UsagePrice } from '#billing/contract'
import { PER_UNIT, sell, startWire, type Wire } from './stripe-wire.ts'

/** What publishing a plan makes at Stripe: once, found again after the keys are forgotten, and never changed. */
let wire: Wire
beforeEach(async () => {
  wire = await startWire('2026-11-10T09:30:00Z')
})
afterEach(() => wire.stop())

/** Stripe remembers an idempotency key for a day. */
const forgetKeys = () => wire.advanceBy(25 * 3_600)
const sizes = () => {
  const { products, meters, prices } = wire.engine.state
  return { products: products.size, meters: meters.size, prices: prices.size }
}

test('publishing makes a product, a meter that sums, and two monthly prices that name their version', async () => {
  const sold = await sell(wire)
  expect(sold.productId).toBe('tollgate_starter')
  expect(await wire.stripe.products.retrieve(sold.productId)).toMatchObject({
    ...{ name: 'Starter', unit_label: 'check', metadata: { planId: 'starter' } },
  })
  expect(await wire.stripe.billing.meters.retrieve(sold.meterId)).toMatchObject({
    ...{ display_name: 'Starter checks', event_name: 'tollgate_starter', status: 'active' },
    ...{ default_aggregation: { formula: 'sum' }, value_settings: { event_payload_key: 'value' } },
    customer_mapping: { type: 'by_id', event_payload_key: 'stripe_customer_id' },
  })
  const common = {
    ...{ product: 'tollgate_starter', currency: 'usd', active: true, billing_scheme: 'per_unit' },
    metadata: { planVersionId: 'starter@1' },
  }
  expect(await wire.stripe.prices.retrieve(sold.flatPriceId)).toMatchObject({
    ...{ ...common, unit_amount: 2900, lookup_key: 'tollgate_starter_flat' },
    recurring: { interval: 'month', interval_count: 1, usage_type: 'licensed', meter: null },
  })
  expect(await wire.stripe.prices.retrieve(sold.meteredPriceId)).toMatchObject({
    ...{
      ...common,
      unit_amount_decimal: Stripe.Decimal.from('0.15'),
      lookup_key: 'tollgate_starter_metered',
    },
    recurring: { interval: 'month', interval_count: 1, usage_type: 'metered', meter: sold.meterId },
  })
})

test('publishing again makes nothing, at once or when Stripe has forgotten the keys', async () => {
  const sold = await sell(wire)
  expect(await sell(wire)).toEqual(sold)
  await forgetKeys()
  expect(await sell(wire)).toEqual(sold)
  expect(sizes()).toEqual({ products: 1, meters: 1, prices: 2 })
})

test('two that publish the same at the same moment make one of each', async () => {
  const [one, other] = await Promise.all([sell(wire), sell(wire)])
  expect(one).toEqual(other)
  expect(sizes()).toEqual({ products: 1, meters: 1, prices: 2 })
})

test('plans do not share product, meter or prices', async () => {
  const [starter, scale] = [await sell(wire), await sell(wire, 'scale')]
  for (const member of ['productId', 'meterId', 'flatPriceId', 'meteredPriceId'] as const)
    expect(starter[member]).not.toBe(scale[member])
})

test('the next version takes the lookup keys; the one before stays as it was, for those who are on it', async () => {
  const first = await sell(wire)
  const before = await wire.stripe.prices.retrieve(first.meteredPriceId)
  await forgetKeys()
  const second = await sell(wire, 'starter', 2, { model: 'per_unit', unitPriceMinor: '0.2' })
  expect(second).toMatchObject({ productId: first.productId, meterId: first.meterId })
  const held = await wire.stripe.prices.list({
    lookup_keys: ['tollgate_starter_flat', 'tollgate_starter_metered'],
  })
  expect(held.data.map(({ id }) => id).sort()).toEqual([second.flatPriceId, second.meteredPriceId].sort())
  expect(await wire.stripe.prices.retrieve(first.meteredPriceId)).toEqual({ ...before, lookup_key: null })
  expect((await wire.stripe.prices.retrieve(first.flatPriceId)).active).toBe(true)
})

test('a meter is found behind a hundred others', async () => {
  const ensureMeter = (eventName: string) => wire.adapter.ensureMeter({ eventName, displayName: eventName })
  const first = await ensureMeter('tollgate_first')
  for (let i = 0; i < 101; i++)
    await wire.stripe.billing.meters.create({
      ...{ display_name: `Other ${i}`, event_name: `other_${i}`, default_aggregation: { formula: 'sum' } },
    })
  await forgetKeys()
  expect(await ensureMeter('tollgate_first')).toBe(first)
})

const decimal = (text: string) => Stripe.Decimal.from(text)
const tiered = [
  { upToUnits: 1_000, unitPriceMinor: '0', flatMinor: '250' },
  { upToUnits: null, unitPriceMinor: '0.000000000001', flatMinor: '0' },
]
const tiersHeld = [
  { up_to: 1_000, unit_amount_decimal: decimal('0'), flat_amount: 250 },
  { up_to: null, unit_amount_decimal: decimal('0.000000000001'), flat_amount: null },
]
test.each<[UsagePrice, object]>([
  [PER_UNIT, { billing_scheme: 'per_unit', unit_amount_decimal: decimal('0.15'), transform_quantity: null }],
  [
    { model: 'package', packageUnits: 500, packagePriceMinor: '99' },
    {
      ...{ billing_scheme: 'per_unit', unit_amount: 99 },
      transform_quantity: { divide_by: 500, round: 'up' },
    },
  ],
  [
    { model: 'graduated', tiers: tiered },
    { billing_scheme: 'tiered', tiers_mode: 'graduated', tiers: tiersHeld },
  ],
  [
    { model: 'volume', tiers: tiered },
    { billing_scheme: 'tiered', tiers_mode: 'volume', tiers: tiersHeld },
  ],
])('$model: the price that Stripe holds says what the plan says', async (price, held) => {
  const { meteredPriceId } = await sell(wire, 'starter', 1, price)
  expect(await wire.stripe.prices.retrieve(meteredPriceId, { expand: ['tiers'] })).toMatchObject(held)
})

test('a version whose terms were changed after a failed publishing gets prices of the new terms', async () => {
  const sold = await sell(wire)
  const flat = (currency: string, unitAmountMinor: bigint) =>
    wire.adapter.ensureFlatPrice({
      ...{ productId: sold.productId, planVersionId: 'starter@1', lookupKey: 'tollgate_starter_flat' },
      ...{ currency, unitAmountMinor },
    })
  expect(await flat('usd', 2900n)).toBe(sold.flatPriceId)
  const dearer = await wire.stripe.prices.retrieve(await flat('usd', 3900n))
  expect(dearer).toMatchObject({ unit_amount: 3900, currency: 'usd' })
  const euro = await wire.stripe.prices.retrieve(await flat('eur', 3900n))
  expect(euro).toMatchObject({ unit_amount: 3900, currency: 'eur' })
})

test('a product has the name and unit of its plan, and is on sale', async () => {
  const ensure = (name: string, unit: string) => wire.adapter.ensureProduct({ planId: 'starter', name, unit })
  await ensure('Starter', 'check')
  await wire.stripe.products.update('tollgate_starter', { active: false })
  await ensure('Basic', 'call')
  expect(await wire.stripe.products.retrieve('tollgate_starter')).toMatchObject({
    ...{ name: 'Basic', unit_label: 'call', active: true },
  })
})

test('a price that was archived at Stripe is not sold again', async () => {
  const sold = await sell(wire)
  await wire.stripe.prices.update(sold.flatPriceId, { active: false })
  await forgetKeys()
  const again = await sell(wire)
  expect(await wire.stripe.prices.retrieve(again.flatPriceId)).toMatchObject({ active: true })
})
