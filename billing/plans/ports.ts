import type { UsagePrice } from '#billing/contract'

/** Stripe's catalogue, as archiving and the drift check need it. */
export interface CatalogueStripe {
  /** Null: there is none with this id. */
  readProduct(id: string): Promise<ProductFacts | null>
  readPrice(id: string): Promise<PriceFacts | null>
  readMeter(id: string): Promise<MeterFacts | null>
  setProductActive(id: string, active: boolean): Promise<void>
  /** Who subscribes to an archived price stays on it. */
  setPriceActive(id: string, active: boolean): Promise<void>
}
export type ProductFacts = {
  readonly id: string
  readonly name: string
  readonly active: boolean
  readonly unitLabel: string | null
}
export type PriceFacts = {
  readonly id: string
  readonly active: boolean
  readonly productId: string
  readonly lookupKey: string | null
  readonly currency: string
  readonly interval: string | null
  readonly kind: 'licensed' | 'metered' | null
  readonly meterId: string | null
  /** A flat price is `per_unit`. Null: a price that no plan has. */
  readonly price: UsagePrice | null
}
export type MeterFacts = {
  readonly id: string
  readonly active: boolean
  readonly eventName: string
  /** Why usage would not be billed as a plan says. */
  readonly problem: string | null
}
