import { isFree, type PlanDefinition, type PlanVersion } from '#billing/contract'
import type { PublishPorts, PublishState } from './state.ts'

/**
 * Product, meter and prices at Stripe. Every `ensure…` looks up before it makes and has an idempotency key, so that a
 * repetition finds what is there.
 */
export interface PriceStripe {
  ensureProduct(of: { planId: string; name: string; unit: string }): Promise<string>
  /** The meter that takes this event name; formula `sum`. */
  ensureMeter(of: { eventName: string; displayName: string }): Promise<string>
  /** `lookupKey` moves to the new price from the version before. */
  ensureFlatPrice(of: PriceRequest & { unitAmountMinor: bigint }): Promise<string>
  ensureMeteredPrice(
    of: PriceRequest & { meterId: string; price: PlanDefinition['usagePrice'] },
  ): Promise<string>
}
export type PriceRequest = {
  readonly productId: string
  readonly planVersionId: string
  readonly currency: string
  readonly lookupKey: string
}

/** Every plan has its own meter: two subscriptions of one customer never bill the same usage. */
export const meterEventName = (planId: string): string => `tollgate_${planId}`

/** Makes what a paid plan needs at Stripe; a free one needs nothing there. */
export async function makePrices({ stripe }: PublishPorts, state: PublishState): Promise<PublishState> {
  return { ...state, stripe: isFree(state.definition) ? null : await make(stripe, state) }
}

async function make(stripe: PriceStripe, state: PublishState): Promise<NonNullable<PlanVersion['stripe']>> {
  const { definition, currency, unit, planVersionId } = state
  const eventName = meterEventName(definition.id)
  const productId = await stripe.ensureProduct({ planId: definition.id, name: definition.name, unit })
  const meterId = await stripe.ensureMeter({ eventName, displayName: `${definition.name} ${unit}s` })
  const price = { productId, planVersionId, currency }
  return {
    productId,
    meterId,
    meterEventName: eventName,
    flatPriceId: await stripe.ensureFlatPrice({
      ...price,
      lookupKey: `tollgate_${definition.id}_flat`,
      unitAmountMinor: BigInt(definition.flatFeeMinor),
    }),
    meteredPriceId: await stripe.ensureMeteredPrice({
      ...price,
      lookupKey: `tollgate_${definition.id}_metered`,
      meterId,
      price: definition.usagePrice,
    }),
  }
}
