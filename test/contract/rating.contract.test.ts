import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rate, type Tier, type UsagePrice, usagePriceSchema } from '#billing/contract'
import { createStripeAdapter } from '../../billing/stripe/adapter.ts'
import { createStripe } from '../../billing/stripe/client.ts'
import { DECIMAL_SCALE } from '../../infra/local/stripe/engine/decimal.ts'
import { ratePrice } from '../../infra/local/stripe/engine/rate-price.ts'
import { startForTest } from '../../infra/local/stripe/testing/start.ts'

/**
 * Billing rates usage and so does the Stripe stand-in, each with arithmetic of its own. Whatever price a plan has, its
 * price at Stripe makes the same lines: only then does comparing an invoice with a statement say something.
 */
let running: Awaited<ReturnType<typeof startForTest>>
let prices: ReturnType<typeof createStripeAdapter>
let meterId: string

beforeAll(async () => {
  running = await startForTest('2026-11-01T00:00:00Z')
  const stripe = createStripe('sk_test_local', running.url)
  prices = createStripeAdapter(async () => stripe)
  meterId = await prices.ensureMeter({ eventName: 'tollgate_any', displayName: 'Any checks' })
  await prices.ensureProduct({ planId: 'any', name: 'Any', unit: 'check' })
})
afterAll(() => running.stop())

const unitPrice = fc
  .tuple(fc.integer({ min: 0, max: 300 }), fc.stringMatching(/^\d{0,12}$/))
  .map(([whole, fraction]) => (fraction ? `${whole}.${fraction}` : `${whole}`))
const fee = fc.oneof(fc.constant('0'), fc.integer({ min: 1, max: 50_000 }).map(String))
const tiers = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 1, max: 100_000 }), { maxLength: 4 }),
    fc.array(fc.tuple(unitPrice, fee), { minLength: 5, maxLength: 5 }),
  )
  .map(([ends, given]): Tier[] =>
    [...ends.sort((a, b) => a - b), null].map((upToUnits, i) => {
      const [unitPriceMinor = '0', flatMinor = '0'] = given[i] ?? []
      return { upToUnits, unitPriceMinor, flatMinor }
    }),
  )
const anyPrice: fc.Arbitrary<UsagePrice> = fc.oneof(
  tiers.map(given => ({ model: 'graduated' as const, tiers: given })),
  tiers.map(given => ({ model: 'volume' as const, tiers: given })),
  unitPrice.map(unitPriceMinor => ({ model: 'per_unit' as const, unitPriceMinor })),
  fc.record({
    model: fc.constant('package' as const),
    packageUnits: fc.integer({ min: 2, max: 5_000 }),
    packagePriceMinor: fee,
  }),
)

let made = 0
/** The lines of the stand-in for the price that publishing a plan makes there. */
async function linesAtStripe(price: UsagePrice, units: number) {
  made += 1
  const priceId = await prices.ensureMeteredPrice({
    ...{ productId: 'tollgate_any', planVersionId: `any@${made}`, currency: 'usd' },
    ...{ lookupKey: `any_${made}`, meterId, price },
  })
  const stored = running.engine.state.prices.get(priceId)
  if (!stored) throw new Error(`Stripe has no price ${priceId}`)
  const rateable = {
    ...{ price: stored, productName: 'Any', unitLabel: 'check' },
    tiers: running.engine.state.priceTiers.get(priceId) ?? [],
  }
  return ratePrice(rateable, BigInt(units) * DECIMAL_SCALE).map(({ quantity, amount }) => [
    Number(quantity / DECIMAL_SCALE),
    BigInt(amount),
  ])
}

test('any price of a plan makes the same lines at Stripe as in a statement', async () => {
  await fc.assert(
    fc.asyncProperty(anyPrice, fc.nat({ max: 300_000 }), async (price, units) => {
      expect(usagePriceSchema.parse(price)).toEqual(price)
      const ours = rate(price, units).map(({ quantityUnits, amountMinor }) => [quantityUnits, amountMinor])
      expect(await linesAtStripe(price, units)).toEqual(ours)
    }),
    { numRuns: 150 },
  )
})
