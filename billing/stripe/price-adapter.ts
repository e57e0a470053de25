import Stripe from 'stripe'
import type { Tier, UsagePrice } from '#billing/contract'
import { derivedId } from '#kernel/ids'
import type { PriceRequest, PriceStripe, ProductRequest } from '../workflows/publish-plan/make-prices.ts'
import type { CallStripe } from './adapter.ts'
import { StripeRefused } from './failure.ts'

/** A deployment has a handful of meters, products and prices. */
const LOOKUP_MAX = 1_000

/**
 * Products, meters and prices: looked up before they are made. What is made has an idempotency key of its parameters and
 * the attempt: two at the same moment make one, and what Stripe refused once is asked anew by the next attempt.
 */
export const priceAdapter = (call: CallStripe): PriceStripe => ({
  ensureProduct: request => call('ensure product', stripe => ensureProduct(stripe, request)),

  ensureMeter: ({ eventName, displayName, attempt = 1 }) =>
    call('ensure meter', async stripe => {
      const meters = await stripe.billing.meters.list({ limit: 100 }).autoPagingToArray({ limit: LOOKUP_MAX })
      const found = meters.find(meter => meter.event_name === eventName)
      if (found) return useMeter(stripe, found)
      const meter = await stripe.billing.meters.create(
        {
          display_name: displayName,
          event_name: eventName,
          default_aggregation: { formula: 'sum' },
          customer_mapping: { type: 'by_id', event_payload_key: CUSTOMER_KEY },
          value_settings: { event_payload_key: VALUE_KEY },
        },
        { idempotencyKey: derivedId(`meter-${eventName}`, displayName, String(attempt)) },
      )
      return meter.id
    }),

  ensureFlatPrice: request =>
    call('ensure price', stripe => ensurePrice(stripe, request, flatShape(request))),
  ensureMeteredPrice: request =>
    call('ensure price', stripe => ensurePrice(stripe, request, meteredShape(request))),
})

const CUSTOMER_KEY = 'stripe_customer_id'
const VALUE_KEY = 'value'

/** Why usage sent to a meter would not be billed as the plan says; null: it would. All of this is immutable. */
export function meterProblem(
  meter: Pick<
    Stripe.Billing.Meter,
    'default_aggregation' | 'customer_mapping' | 'value_settings' | 'event_time_window'
  >,
): string | null {
  if (meter.default_aggregation.formula !== 'sum')
    return `aggregates by ${meter.default_aggregation.formula}, not by sum`
  if (meter.event_time_window !== null) return `keeps only the last event of each ${meter.event_time_window}`
  if (meter.customer_mapping.event_payload_key !== CUSTOMER_KEY)
    return `looks for customers in another member`
  return meter.value_settings.event_payload_key === VALUE_KEY ? null : 'looks for values in another member'
}

/** Takes a meter that has the event name, switching it on; throws when it could not bill a plan. */
async function useMeter(stripe: Stripe, meter: Stripe.Billing.Meter): Promise<string> {
  const problem = meterProblem(meter)
  if (problem)
    throw new StripeRefused(
      `the meter ${meter.id} takes ${meter.event_name} and ${problem}: publish the plan under another id`,
      'meter_unusable',
    )
  if (meter.status === 'inactive') await stripe.billing.meters.reactivate(meter.id)
  return meter.id
}

/** The ids of our products are ours, so that looking one up needs no search. */
export const productIdOf = (planId: string, kind: 'fee' | 'usage'): string =>
  kind === 'usage' ? `tollgate_${planId}_usage` : `tollgate_${planId}`

async function ensureProduct(
  stripe: Stripe,
  { planId, name, unit, kind = 'fee', attempt = 1 }: ProductRequest,
): Promise<string> {
  const id = productIdOf(planId, kind)
  const [current] = (await stripe.products.list({ ids: [id], limit: 1 })).data
  if (!current) {
    const product = { id, name, ...(unit !== undefined && { unit_label: unit }), metadata: { planId } }
    const idempotencyKey = derivedId(`product-${id}`, JSON.stringify(product), String(attempt))
    await stripe.products.create(product, { idempotencyKey })
  } else if (current.name !== name || (current.unit_label ?? undefined) !== unit || !current.active)
    await stripe.products.update(id, { name, unit_label: unit ?? '', active: true })
  return id
}

export const flatShape = ({ unitAmountMinor }: { readonly unitAmountMinor: bigint }): PriceShape => ({
  unit_amount_decimal: Stripe.Decimal.from(String(unitAmountMinor)),
  recurring: { interval: 'month', usage_type: 'licensed' },
})

export const meteredShape = (of: { readonly meterId: string; readonly price: UsagePrice }): PriceShape => ({
  ...toStripePrice(of.price),
  recurring: { interval: 'month', usage_type: 'metered', meter: of.meterId },
})

export type PriceShape = Omit<Stripe.PriceCreateParams, 'currency'>

function toStripePrice(price: UsagePrice): Partial<Stripe.PriceCreateParams> {
  switch (price.model) {
    case 'per_unit':
      return { unit_amount_decimal: Stripe.Decimal.from(price.unitPriceMinor) }
    case 'package':
      return {
        unit_amount_decimal: Stripe.Decimal.from(price.packagePriceMinor),
        transform_quantity: { divide_by: price.packageUnits, round: 'up' },
      }
    default:
      return {
        billing_scheme: 'tiered',
        tiers_mode: price.model,
        tiers: price.tiers.map(toStripeTier),
      }
  }
}

const toStripeTier = (tier: Tier) => ({
  up_to: tier.upToUnits ?? ('inf' as const),
  unit_amount_decimal: Stripe.Decimal.from(tier.unitPriceMinor),
  ...(tier.flatMinor === '0' ? {} : { flat_amount: Number(tier.flatMinor) }),
})

/**
 * A price is found by what it was made from, its plan version included: a version number is free again when its
 * publishing failed, and the plan may have been changed by then. The lookup key goes to the newest version: one that is
 * published late leaves it where it is.
 */
async function ensurePrice(
  stripe: Stripe,
  { productId, planVersionId, currency, lookupKey, attempt = 1 }: PriceRequest,
  shape: PriceShape,
): Promise<string> {
  const terms = derivedId('terms', planVersionId, productId, currency, JSON.stringify(shape))
  const ofProduct = await stripe.prices
    .list({ product: productId, limit: 100 })
    .autoPagingToArray({ limit: LOOKUP_MAX })
  const current = ofProduct.find(({ active, metadata }) => active && metadata.terms === terms)
  if (current) return current.id
  const holder = await holderOf(stripe, lookupKey)
  const isNewest = versionOf(holder?.metadata.planVersionId) <= versionOf(planVersionId)
  const price = await stripe.prices.create(
    {
      ...shape,
      ...{ currency, product: productId, metadata: { planVersionId, terms } },
      ...(isNewest && { lookup_key: lookupKey, transfer_lookup_key: true }),
    },
    { idempotencyKey: `price-${lookupKey}-${terms}-${attempt}${isNewest ? '' : '-older'}` },
  )
  return price.id
}

/** Archived prices hold their lookup keys too; Stripe lists them only when asked. */
async function holderOf(stripe: Stripe, lookupKey: string): Promise<Stripe.Price | undefined> {
  for (const active of [true, false]) {
    const [holder] = (await stripe.prices.list({ lookup_keys: [lookupKey], active, limit: 1 })).data
    if (holder) return holder
  }
  return undefined
}

/** `starter@3` → 3; 0 for what is not ours. */
const versionOf = (planVersionId: string | undefined): number => Number(planVersionId?.split('@')[1] ?? 0)
