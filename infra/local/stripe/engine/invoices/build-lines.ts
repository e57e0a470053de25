import { DECIMAL_SCALE, formatDecimal, type Scaled } from '../decimal.ts'
import type { Engine } from '../engine.ts'
import { needMeter } from '../find.ts'
import { newId } from '../ids.ts'
import { aggregate, type Freshness, type Period, usageIn } from '../meters/usage.ts'
import { ratePrice } from '../rate-price.ts'
import type { InvoiceItem, InvoiceLine, Price, Subscription, SubscriptionItem } from '../wire.ts'

/** Usage is billed for the period that ended, flat prices for the one that begins; `null` leaves the kind out. */
export type BillingSpan = { readonly usage: Period | null; readonly licensed: Period | null }

/** The lines of a subscription's items, in the order of the items. */
export function subscriptionLines(
  engine: Engine,
  subscription: Subscription,
  invoiceId: string,
  span: BillingSpan,
  freshness: Freshness,
): InvoiceLine[] {
  return subscription.items.data.flatMap(item => {
    const isMetered = item.price.recurring?.usage_type === 'metered'
    const period = isMetered ? usagePeriod(engine, item, span.usage) : span.licensed
    if (period === null) return []
    const quantity = isMetered
      ? meteredQuantity(engine, item.price, subscription.customer, period, freshness)
      : BigInt(item.quantity ?? 1) * DECIMAL_SCALE
    return itemLines(engine, {
      invoiceId,
      subscription,
      itemId: item.id,
      price: item.price,
      period,
      quantity,
    })
  })
}

/** An item that was put on in mid-period counts usage from then on. */
function usagePeriod(engine: Engine, item: SubscriptionItem, period: Period | null): Period | null {
  const since = engine.state.itemStarts.get(item.id)
  if (period === null || since === undefined || since <= period.start) return period
  return { start: Math.min(since, period.end), end: period.end }
}

export function meteredQuantity(
  engine: Engine,
  price: Price,
  customerId: string,
  period: Period,
  freshness: Freshness,
): Scaled {
  const meter = needMeter(engine, price.recurring?.meter ?? '')
  return aggregate(meter, usageIn(engine, meter, customerId, period, freshness))
}

type ItemLines = {
  readonly invoiceId: string
  readonly subscription: Subscription
  readonly itemId: string
  readonly price: Price
  readonly period: Period
  readonly quantity: Scaled
}

function itemLines(engine: Engine, of: ItemLines): InvoiceLine[] {
  const product = engine.state.products.get(of.price.product)
  const rated = ratePrice(
    {
      price: of.price,
      tiers: engine.state.priceTiers.get(of.price.id) ?? [],
      productName: product?.name ?? of.price.product,
      unitLabel: product?.unit_label ?? null,
    },
    of.quantity,
  )
  return rated.map(line => ({
    ...emptyLine(engine, of.invoiceId, of.price.currency),
    amount: line.amount,
    subtotal: line.amount,
    description: line.description,
    metadata: { ...of.subscription.metadata },
    parent: {
      invoice_item_details: null,
      subscription_item_details: {
        invoice_item: null,
        proration: false,
        proration_details: { credited_items: null },
        subscription: of.subscription.id,
        subscription_item: of.itemId,
      },
      type: 'subscription_item_details',
    },
    period: { ...of.period },
    pricing: {
      price_details: { price: of.price.id, product: of.price.product },
      type: 'price_details',
      unit_amount_decimal: line.unitAmountDecimal,
    },
    quantity: Number(line.quantity / DECIMAL_SCALE),
    quantity_decimal: formatDecimal(line.quantity),
    subscription: of.subscription.id,
  }))
}

/** The line of an invoice item. */
export function invoiceItemLine(engine: Engine, item: InvoiceItem, invoiceId: string): InvoiceLine {
  return {
    ...emptyLine(engine, invoiceId, item.currency),
    amount: item.amount,
    subtotal: item.amount,
    description: item.description,
    discountable: item.discountable,
    metadata: { ...item.metadata },
    parent: {
      invoice_item_details: {
        invoice_item: item.id,
        proration: item.proration,
        proration_details: { credited_items: null },
        subscription: item.parent?.subscription_details?.subscription ?? null,
      },
      subscription_item_details: null,
      type: 'invoice_item_details',
    },
    period: { ...item.period },
    pricing: item.pricing,
    quantity: item.quantity,
    quantity_decimal: item.quantity_decimal,
    subscription: item.parent?.subscription_details?.subscription ?? null,
  }
}

function emptyLine(engine: Engine, invoiceId: string, currency: string) {
  return {
    id: newId(engine.state, 'il_'),
    object: 'line_item',
    currency,
    discount_amounts: [] as NonNullable<InvoiceLine['discount_amounts']>,
    discountable: true,
    discounts: [] as string[],
    invoice: invoiceId,
    livemode: false,
    pretax_credit_amounts: [] as NonNullable<InvoiceLine['pretax_credit_amounts']>,
    taxes: [] as NonNullable<InvoiceLine['taxes']>,
  } as const
}

/** Recomputes the metered lines of a draft from what was received by now; the other lines stay. */
export function refreshMeteredLines(
  engine: Engine,
  lines: readonly InvoiceLine[],
  freshness: Freshness,
): InvoiceLine[] {
  const done = new Set<string>()
  return lines.flatMap(line => {
    const details = line.parent?.subscription_item_details
    const subscription = engine.state.subscriptions.get(details?.subscription ?? '')
    const price = engine.state.prices.get(line.pricing?.price_details?.price ?? '')
    if (subscription === undefined || price?.recurring?.usage_type !== 'metered') return [line]
    if (line.invoice === null || details == null) return [line]
    const itemId = details.subscription_item
    const key = `${itemId} ${price.id} ${line.period.start} ${line.period.end}`
    if (done.has(key)) return []
    done.add(key)
    const quantity = meteredQuantity(engine, price, subscription.customer, line.period, freshness)
    return itemLines(engine, {
      invoiceId: line.invoice,
      subscription,
      itemId,
      price,
      period: line.period,
      quantity,
    })
  })
}
