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
const CALLS = [
  'GET /v1/products',
  'POST /v1/products',
  'GET /v1/billing/meters',
  'POST /v1/billing/meters',
  'GET /v1/prices',
  'POST /v1/prices',
  'GET /v1/prices',
  'POST /v1/prices',
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
    async publish(version = 1) {
      const order = { definition: starter, currency: 'usd', unit: 'check', version, attempt: 1 }
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

test('a plan is published in eight calls, and again without making anything', async () => {
  const { publish } = publisher()
  const stripe = await publish()
  expect(wire.calls).toEqual(CALLS)
  wire.calls.length = 0
  await wire.advanceBy(25 * 3_600)
  expect(await publish()).toEqual(stripe)
  expect(wire.calls).toEqual(CALLS.filter(call => call.startsWith('GET')))
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
  expect(sizes()).toEqual([1, 1, 2])
  const [flat, metered] = [stripe?.flatPriceId ?? '', stripe?.meteredPriceId ?? '']
  expect(await wire.stripe.prices.retrieve(flat)).toMatchObject({ lookup_key: 'tollgate_starter_flat' })
  expect(await wire.stripe.prices.retrieve(metered)).toMatchObject({ lookup_key: 'tollgate_starter_metered' })
})

test('the next version has prices of its own under the same lookup keys, on the same product and meter', async () => {
  const { publish } = publisher()
  const [first, second] = [await publish(), await publish(2)]
  expect(sizes()).toEqual([1, 1, 4])
  expect(second).toMatchObject({ productId: first?.productId, meterId: first?.meterId })
  const held = await wire.stripe.prices.list({
    lookup_keys: ['tollgate_starter_flat', 'tollgate_starter_metered'],
  })
  expect(held.data.map(({ id }) => id).sort()).toEqual([second?.flatPriceId, second?.meteredPriceId].sort())
})
