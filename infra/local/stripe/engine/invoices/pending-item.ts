import { type Engine, emit, nowSeconds } from '../engine.ts'
import { newId } from '../ids.ts'
import type { Period } from '../meters/usage.ts'
import type { InvoiceItem, Subscription, SubscriptionItem } from '../wire.ts'

export type PendingItem = {
  readonly amount: number
  readonly description: string
  readonly period: Period
  readonly quantity: number
  readonly proration: boolean
}

/** An amount that waits for the subscription's next invoice. */
export function addPendingItem(
  engine: Engine,
  subscription: Subscription,
  item: SubscriptionItem,
  pending: PendingItem,
): InvoiceItem {
  const stored: InvoiceItem = {
    id: newId(engine.state, 'ii_'),
    object: 'invoiceitem',
    amount: pending.amount,
    currency: subscription.currency,
    customer: subscription.customer,
    customer_account: null,
    date: nowSeconds(engine),
    description: pending.description,
    discountable: !pending.proration,
    discounts: [],
    invoice: null,
    livemode: false,
    metadata: {},
    net_amount: pending.amount,
    parent: {
      subscription_details: { subscription: subscription.id, subscription_item: item.id },
      type: 'subscription_details',
    },
    period: { ...pending.period },
    pricing: {
      price_details: { price: item.price.id, product: item.price.product },
      type: 'price_details',
      unit_amount_decimal: item.price.unit_amount_decimal,
    },
    proration: pending.proration,
    quantity: pending.quantity,
    quantity_decimal: String(pending.quantity),
    tax_rates: [],
    test_clock: null,
  }
  engine.state.invoiceItems.set(stored.id, stored)
  emit(engine, 'invoiceitem.created', stored)
  return stored
}
