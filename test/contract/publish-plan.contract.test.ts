import { afterEach, beforeEach, expect, test } from 'vitest'
import { ok } from '#kernel/result'
import { createTestDeps, planVersions } from '../../billing/procedures/testing/test-deps.ts'
import { publishStateSchema } from '../../billing/workflows/publish-plan/state.ts'
import { publishSteps } from '../../billing/workflows/publish-plan/steps.ts'
import { stepHandler } from '../../billing/workflows/run-step.ts'
import { startWire, type Wire } from './stripe-wire.ts'

/** The steps of `publish-plan` with Stripe on the wire, cut off at every call. */
let wire: Wire
beforeEach(async () => {
  wire = await startWire('2026-11-10T09:30:00Z')
})
afterEach(() => wire.stop())

const starter = planVersions.find(({ id }) => id === 'starter')
/** The calls of one undisturbed run, in order. */
const PRODUCT = ['GET /v1/products', 'POST /v1/products']
const METER = ['GET /v1/billing/meters', 'POST /v1/billing/meters']
/** Prices of the product, then who holds the lookup key: an active one, an archived one. */
const PRICE = ['GET /v1/prices', 'GET /v1/prices', 'GET /v1/prices', 'POST /v1/prices']
const CALLS = [...PRODUCT, ...PRODUCT, ...METER, ...PRICE, ...PRICE]
const LOOKS = [
  'GET /v1/products',
  'GET /v1/products',
  'GET /v1/billing/meters',
  'GET /v1/prices',
  'GET /v1/prices',
]

function publisher() {
  const deps = createTestDeps()
  const access = {
    ...deps.access,
    ensureLimitSet: async () => ok({ limitSetId: 'r50-b500', usagePlanId: 'up_1', warmKeys: 1 }),
  }
  const steps = publishSteps({ ...deps, access, stripe: wire.impatient })
  const handle = stepHandler(publishStateSchema, steps, wire.now)
  return {
    ...deps,
    async publish(version = 1, { attempt = 1, definition = starter } = {}) {
      const order = { definition, currency: 'usd', unit: 'check', version, attempt }
      let state: unknown = { ...order, planVersionId: `starter@${version}` }
      for (const step of ['stripe', 'limits', 'catalogue']) state = await handle({ step, state })
      return (await deps.plans.getLive('starter'))?.stripe
    },
  }
}

const sizes = () => {
  const { products, meters, prices } = wire.engine.state
  return [products.size, meters.size, prices.size]
}

test('a plan is published in fourteen calls, and again without a call', async () => {
  const { publish } = publisher()
  const stripe = await publish()
  expect(wire.calls).toEqual(CALLS)
  wire.calls.length = 0
  await wire.advanceBy(25 * 3_600)
  expect(await publish()).toEqual(stripe)
  expect(wire.calls).toEqual([])
})

test('what another deployment of the same Stripe account made is found and not made again', async () => {
  const stripe = await publisher().publish()
  await wire.advanceBy(25 * 3_600)
  wire.calls.length = 0
  expect(await publisher().publish()).toEqual(stripe)
  expect(wire.calls).toEqual(LOOKS)
})

test('a refusal of Stripe’s does not outlive its cause: the next attempt succeeds within the day', async () => {
  const { impatient } = wire
  const productId = await impatient.ensureProduct({ planId: 'starter', name: 'Starter usage', kind: 'usage' })
  const meterId = await impatient.ensureMeter({ eventName: 'tollgate_starter', displayName: 'Checks' })
  const publish = (attempt: number) =>
    impatient.ensureMeteredPrice({
      ...{ productId, meterId, planVersionId: 'starter@1', currency: 'usd', attempt },
      ...{ lookupKey: 'tollgate_starter_metered', price: { model: 'per_unit', unitPriceMinor: '1' } },
    })
  await wire.stripe.billing.meters.deactivate(meterId)
  await expect(publish(1)).rejects.toMatchObject({ name: 'StripeRefused' })
  await wire.stripe.billing.meters.reactivate(meterId)
  // Stripe answers a repeated key with what it answered before, a refusal too.
  await expect(publish(1)).rejects.toMatchObject({ name: 'StripeRefused' })
  const priceId = await publish(2)
  expect(await publish(3)).toBe(priceId)
})

test.each(
  CALLS.flatMap((call, i) => (['before', 'after'] as const).map(when => [i + 1, call, when] as const)),
)('cut off at call %i, %s (%s it took effect), the repetition makes one of each', async (nth, call, when) => {
  const { publish, plans } = publisher()
  const nthOfItsKind = CALLS.slice(0, nth).filter(one => one === call).length
  wire.strike(call, { kind: 'fail', when, status: 503 }, { nth: nthOfItsKind })
  await expect(publish()).rejects.toMatchObject({ name: 'TransientError' })
  expect(await plans.listVersions()).toEqual([])
  const stripe = await publish()
  expect(sizes()).toEqual([2, 1, 2])
  const [flat, metered] = [stripe?.flatPriceId ?? '', stripe?.meteredPriceId ?? '']
  expect(await wire.stripe.prices.retrieve(flat)).toMatchObject({ lookup_key: 'tollgate_starter_flat' })
  expect(await wire.stripe.prices.retrieve(metered)).toMatchObject({ lookup_key: 'tollgate_starter_metered' })
})

test('the next version has prices of its own under the same lookup keys, on the same product and meter', async () => {
  const { publish } = publisher()
  const [first, second] = [await publish(), await publish(2)]
  expect(sizes()).toEqual([2, 1, 4])
  expect(second).toMatchObject({ productId: first?.productId, meterId: first?.meterId })
  const held = await wire.stripe.prices.list({
    lookup_keys: ['tollgate_starter_flat', 'tollgate_starter_metered'],
  })
  expect(held.data.map(({ id }) => id).sort()).toEqual([second?.flatPriceId, second?.meteredPriceId].sort())
})

test('an older version that is published late leaves the lookup keys where they are, a day later too', async () => {
  const newer = await publisher().publish(2)
  await wire.advanceBy(25 * 3_600)
  const older = await publisher().publish(1)
  await wire.advanceBy(25 * 3_600)
  expect(await publisher().publish(1)).toEqual(older)
  const keys = ['tollgate_starter_flat', 'tollgate_starter_metered']
  const held = await wire.stripe.prices.list({ lookup_keys: keys })
  expect(held.data.map(({ id }) => id).sort()).toEqual([newer?.flatPriceId, newer?.meteredPriceId].sort())
})

test('a meter that was switched off is switched on again', async () => {
  const first = await publisher().publish()
  await wire.stripe.billing.meters.deactivate(first?.meterId ?? '')
  const second = await publisher().publish(2)
  expect(second?.meterId).toBe(first?.meterId)
  expect(await wire.stripe.billing.meters.retrieve(first?.meterId ?? '')).toMatchObject({ status: 'active' })
})

test('a meter that would bill otherwise is refused with what it does', async () => {
  await wire.stripe.billing.meters.create({
    ...{ display_name: 'x', event_name: 'tollgate_starter', default_aggregation: { formula: 'last' } },
  })
  await expect(publisher().publish()).rejects.toMatchObject({
    ...{ name: 'StripeRefused', code: 'meter_unusable' },
    message: expect.stringContaining('aggregates by last, not by sum'),
  })
})
