import type Stripe from 'stripe'
import * as z from 'zod/mini'
import { type UsagePrice, usagePriceSchema } from '#billing/contract'
import type { CatalogueStripe, PriceFacts } from '../plans/ports.ts'
import type { CallStripe } from './adapter.ts'
import { StripeRefused } from './failure.ts'
import { meterProblem } from './price-adapter.ts'

/** Stripe's catalogue on the SDK: read as it is, switched on and off. */
export const catalogueAdapter = (call: CallStripe): CatalogueStripe => ({
  readProduct: id =>
    orNull(
      call('get product', async stripe => {
        const { name, active, unit_label } = await stripe.products.retrieve(id)
        return { id, name, active, unitLabel: unit_label ?? null }
      }),
    ),

  readPrice: id =>
    orNull<PriceFacts>(
      call('get price', async stripe => {
        const price = await stripe.prices.retrieve(id, { expand: ['tiers'] })
        const { product, recurring } = price
        return {
          ...{ id, active: price.active, currency: price.currency, lookupKey: price.lookup_key },
          productId: typeof product === 'string' ? product : product.id,
          interval: recurring && recurring.interval_count === 1 ? recurring.interval : null,
          kind: KINDS.find(kind => kind === recurring?.usage_type) ?? null,
          meterId: recurring?.meter ?? null,
          price: usagePriceOf(price),
        }
      }),
    ),

  readMeter: id =>
    orNull(
      call('get meter', async stripe => {
        const meter = await stripe.billing.meters.retrieve(id)
        const { event_name, status } = meter
        return { id, active: status === 'active', eventName: event_name, problem: meterProblem(meter) }
      }),
    ),

  setProductActive: (id, active) =>
    call('update product', async stripe => {
      await stripe.products.update(id, { active })
    }),

  setPriceActive: (id, active) =>
    call('update price', async stripe => {
      await stripe.prices.update(id, { active })
    }),
})

const KINDS = ['licensed', 'metered'] as const

async function orNull<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof StripeRefused && error.code === 'resource_missing') return null
    throw error
  }
}

/** A price of Stripe's in the words of a plan; null when a plan cannot say it. */
function usagePriceOf(price: Stripe.Price): UsagePrice | null {
  const { data } = z.safeParse(usagePriceSchema, inPlanWords(price))
  return data ?? null
}

function inPlanWords({ unit_amount_decimal, transform_quantity, tiers_mode, tiers }: Stripe.Price): unknown {
  if (tiers_mode !== null)
    return {
      model: tiers_mode,
      tiers: (tiers ?? []).map(tier => ({
        upToUnits: tier.up_to,
        unitPriceMinor: String(tier.unit_amount_decimal ?? '0'),
        flatMinor: String(tier.flat_amount ?? 0),
      })),
    }
  const amount = String(unit_amount_decimal)
  if (transform_quantity === null) return { model: 'per_unit', unitPriceMinor: amount }
  const { divide_by, round } = transform_quantity
  return round === 'up' && { model: 'package', packageUnits: divide_by, packagePriceMinor: amount }
}
