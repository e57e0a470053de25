import Stripe from 'stripe'
import type { Tier, UsagePrice } from '#billing/contract'
import { derivedId } from '#kernel/ids'
import type { PriceRequest, PriceStripe } from '../workflows/publish-plan/make-prices.ts'
import type { CallStripe } from './adapter.ts'

/** A deployment has a handful of meters and products. */
const LOOKUP_MAX = 1_000

/** Products, meters and prices: looked up before they are made, made under an idempotency key. */
export const priceAdapter = (call: CallStripe): PriceStripe => ({
  // The product's id is ours, so that looking it up needs no search.
  ensureProduct: ({ planId, name, unit }) =>
    call('ensure product', async stripe => {
      const id = `tollgate_${planId}`
      const found = await stripe.products.list({ ids: [id], limit: 1 })
      const current = found.data[0]
      if (!current) {
        const product = { id, name, unit_label: unit, metadata: { planId } }
        await stripe.products.create(product, { idempotencyKey: `product-${planId}` })
      } else if (current.name !== name || current.unit_label !== unit || !current.active)
        await stripe.products.update(id, { name, unit_label: unit, active: true })
      return id
    }),

  ensureMeter: ({ eventName, displayName }) =>
    call('ensure meter', async stripe => {
      const meters = await stripe.billing.meters
        .list({ status: 'active', limit: 100 })
        .autoPagingToArray({ limit: LOOKUP_MAX })
      const found = meters.find(meter => meter.event_name === eventName)
      if (found) return found.id
      const meter = await stripe.billing.meters.create(
        {
          display_name: displayName,
          event_name: eventName,
          default_aggregation: { formula: 'sum' },
          customer_mapping: { type: 'by_id', event_payload_key: 'stripe_customer_id' },
          value_settings: { event_payload_key: 'value' },
        },
        { idempotencyKey: `meter-${eventName}` },
      )
      return meter.id
    }),

  ensureFlatPrice: request =>
    ensurePrice(call, request, {
      unit_amount_decimal: Stripe.Decimal.from(String(request.unitAmountMinor)),
      recurring: { interval: 'month', usage_type: 'licensed' },
    }),

  ensureMeteredPrice: request =>
    ensurePrice(call, request, {
      ...toStripePrice(request.price),
      recurring: { interval: 'month', usage_type: 'metered', meter: request.meterId },
    }),
})

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
 * A version number is free again when its publishing failed, and the plan may have been changed by then: only a price
 * that was made from the same terms is taken.
 */
function ensurePrice(
  call: CallStripe,
  { productId, planVersionId, currency, lookupKey }: PriceRequest,
  shape: Omit<Stripe.PriceCreateParams, 'currency'>,
): Promise<string> {
  const terms = derivedId('terms', planVersionId, productId, currency, JSON.stringify(shape))
  return call('ensure price', async stripe => {
    const found = await stripe.prices.list({ lookup_keys: [lookupKey], limit: 1 })
    const current = found.data[0]
    if (current?.active && current.metadata.terms === terms) return current.id
    const price = await stripe.prices.create(
      {
        ...shape,
        currency,
        product: productId,
        lookup_key: lookupKey,
        transfer_lookup_key: true,
        metadata: { planVersionId, terms },
      },
      { idempotencyKey: `price-${lookupKey}-${terms}` },
    )
    return price.id
  })
}
