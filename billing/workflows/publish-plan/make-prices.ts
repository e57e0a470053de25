import { isFree, type PlanDefinition, type PlanVersion } from '#billing/contract'
import type { PublishPorts, PublishState } from './state.ts'

/**
 * Products, meter and prices at Stripe. Every `ensure…` looks up before it makes, so that a repetition finds what is
 * there. `attempt` is part of the idempotency keys: Stripe replays a refusal for a day too, and the next attempt has to
 * be free to succeed.
 */
export interface PriceStripe {
  /** `kind` `usage`: what usage is counted in, with its unit. Else what the flat fee is for. */
  ensureProduct(of: ProductRequest): Promise<string>
  /** The meter that takes this event name; formula `sum`. One that was switched off is switched on again. */
  ensureMeter(of: {
    readonly eventName: string
    readonly displayName: string
    readonly attempt?: number
  }): Promise<string>
  /** `lookupKey` moves to the new price, unless a newer version of the plan holds it. */
  ensureFlatPrice(of: PriceRequest & { readonly unitAmountMinor: bigint }): Promise<string>
  ensureMeteredPrice(
    of: PriceRequest & { readonly meterId: string; readonly price: PlanDefinition['usagePrice'] },
  ): Promise<string>
}
export type ProductRequest = {
  readonly planId: string
  readonly name: string
  readonly unit?: string
  readonly kind?: 'fee' | 'usage'
  readonly attempt?: number
}
export type PriceRequest = {
  readonly productId: string
  readonly planVersionId: string
  readonly currency: string
  readonly lookupKey: string
  readonly attempt?: number
}

/** Every plan has its own meter: two subscriptions of one customer never bill the same usage. */
export const meterEventName = (planId: string): string => `tollgate_${planId}`

/** What the lines of an invoice say: `1 × Starter` and `5,000 check × Starter usage`. */
export const usageProductName = (planName: string): string => `${planName} usage`

export const lookupKeyOf = (planId: string, kind: 'flat' | 'metered'): string => `tollgate_${planId}_${kind}`

/** Makes what a paid plan needs at Stripe; a free one needs nothing there, a published one has it. */
export async function makePrices(
  { stripe, plans }: PublishPorts,
  state: PublishState,
): Promise<PublishState> {
  const published = await plans.getVersion(state.planVersionId)
  if (published) return { ...state, stripe: published.stripe }
  return { ...state, stripe: isFree(state.definition) ? null : await make(stripe, state) }
}

async function make(stripe: PriceStripe, state: PublishState): Promise<NonNullable<PlanVersion['stripe']>> {
  const { definition, currency, unit, planVersionId, attempt } = state
  const { id: planId, name } = definition
  const eventName = meterEventName(planId)
  const productId = await stripe.ensureProduct({ planId, name, kind: 'fee', attempt })
  const usageName = usageProductName(name)
  const usageProductId = await stripe.ensureProduct({ planId, name: usageName, unit, kind: 'usage', attempt })
  const meterId = await stripe.ensureMeter({ eventName, displayName: `${name} ${unit}s`, attempt })
  const price = { planVersionId, currency, attempt }
  return {
    ...{ productId, usageProductId, meterId, meterEventName: eventName },
    flatPriceId: await stripe.ensureFlatPrice({
      ...{ ...price, productId, lookupKey: lookupKeyOf(planId, 'flat') },
      unitAmountMinor: BigInt(definition.flatFeeMinor),
    }),
    meteredPriceId: await stripe.ensureMeteredPrice({
      ...{ ...price, productId: usageProductId, lookupKey: lookupKeyOf(planId, 'metered') },
      ...{ meterId, price: definition.usagePrice },
    }),
  }
}
