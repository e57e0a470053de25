import { formatDecimal } from '../engine/decimal.ts'
import type { Engine } from '../engine/engine.ts'
import { aggregate, type Period, usageIn } from '../engine/meters/usage.ts'
import { subscriptionIdOf } from '../engine/payments/default-payment-method.ts'
import { periodOf } from '../engine/subscriptions/period.ts'
import type { Meter, Subscription } from '../engine/wire.ts'

export const OBJECT_KINDS = [
  'customers',
  'subscriptions',
  'invoices',
  'meters',
  'prices',
  'events',
  'deliveries',
] as const
export type ObjectKind = (typeof OBJECT_KINDS)[number]

const DEFAULT_LIMIT = 100

/** Plain rows of what there is, newest first, for a page to show. Times are ISO 8601 in UTC, amounts minor units. */
export function listObjects(
  engine: Engine,
  kind: ObjectKind,
  { limit = DEFAULT_LIMIT }: { readonly limit?: number } = {},
): Record<string, unknown>[] {
  const count = Number.isSafeInteger(limit) && limit > 0 ? limit : DEFAULT_LIMIT
  return ROWS[kind](engine).slice(-count).reverse()
}

const ROWS: Readonly<Record<ObjectKind, (engine: Engine) => Record<string, unknown>[]>> = {
  customers: engine =>
    [...engine.state.customers.values()].map(customer => ({
      id: customer.id,
      name: customer.name ?? null,
      email: customer.email,
      balanceMinor: customer.balance,
      delinquent: customer.delinquent ?? false,
      createdAt: iso(customer.created),
      card: cardOf(engine, customer.invoice_settings.default_payment_method),
      subscriptions: [...engine.state.subscriptions.values()]
        .filter(subscription => subscription.customer === customer.id)
        .map(row),
    })),
  subscriptions: engine => [...engine.state.subscriptions.values()].map(row),
  invoices: engine =>
    [...engine.state.invoices.values()].map(invoice => ({
      id: invoice.id,
      number: invoice.number,
      customer: invoice.customer,
      subscription: subscriptionIdOf(invoice),
      status: invoice.status,
      reason: invoice.billing_reason,
      currency: invoice.currency,
      totalMinor: invoice.total,
      dueMinor: invoice.amount_due,
      attempts: invoice.attempt_count,
      createdAt: iso(invoice.created),
      finalizesAt: isoOrNull(invoice.automatically_finalizes_at),
      nextAttemptAt: isoOrNull(invoice.next_payment_attempt),
      url: invoice.hosted_invoice_url ?? null,
      lines: (engine.state.invoiceLines.get(invoice.id) ?? []).map(line => ({
        description: line.description,
        quantity: line.quantity_decimal,
        amountMinor: line.amount,
      })),
    })),
  meters: engine =>
    [...engine.state.meters.values()].map(meter => ({
      id: meter.id,
      name: meter.display_name,
      eventName: meter.event_name,
      formula: meter.default_aggregation.formula,
      status: meter.status,
      totals: totalsOf(engine, meter),
    })),
  prices: engine =>
    [...engine.state.prices.values()].map(price => ({
      id: price.id,
      product: engine.state.products.get(price.product)?.name ?? price.product,
      lookupKey: price.lookup_key,
      active: price.active,
      currency: price.currency,
      unitMinor: price.unit_amount_decimal,
      usageType: price.recurring?.usage_type ?? null,
      tiers: (engine.state.priceTiers.get(price.id) ?? []).map(tier => ({
        upTo: tier.up_to,
        unitMinor: tier.unit_amount_decimal,
        flatMinor: tier.flat_amount,
      })),
    })),
  events: engine => [
    ...engine.state.events.map(event => ({
      id: event.id,
      type: event.type,
      createdAt: iso(event.created),
      pending: event.pending_webhooks,
      request: event.request.id,
    })),
    ...engine.state.thinEvents.map(event => ({ id: event.id, type: event.type, createdAt: event.created })),
  ],
  deliveries: engine =>
    [...engine.state.deliveries.values()].map(delivery => ({
      event: delivery.eventId,
      type: delivery.type,
      endpoint: delivery.endpointId,
      url:
        engine.state.webhookEndpoints.get(delivery.endpointId)?.url ??
        engine.state.eventDestinations.get(delivery.endpointId)?.webhook_endpoint?.url ??
        null,
      status: delivery.status,
      attempts: delivery.attempts,
      lastStatus: delivery.lastStatus,
    })),
}

function row(subscription: Subscription): Record<string, unknown> {
  const period = periodOf(subscription)
  return {
    id: subscription.id,
    customer: subscription.customer,
    status: subscription.status,
    prices: subscription.items.data.map(item => item.price.lookup_key ?? item.price.id),
    periodStart: iso(period.start),
    periodEnd: iso(period.end),
    cancelsAt: isoOrNull(subscription.cancel_at),
    latestInvoice: subscription.latest_invoice,
  }
}

function cardOf(engine: Engine, id: string | null): string | null {
  const card = engine.state.paymentMethods.get(id ?? '')?.card
  return card === undefined ? null : `${card.brand} ${card.last4}`
}

const ALL_TIME: Period = { start: 0, end: Number.MAX_SAFE_INTEGER }

/** What each customer has used so far on a meter, received and already visible. */
function totalsOf(engine: Engine, meter: Meter): Record<string, unknown>[] {
  const prefix = `${meter.id}/`
  return [...engine.state.usage.keys()]
    .filter(key => key.startsWith(prefix))
    .map(key => {
      const customer = key.slice(prefix.length)
      const total = (freshness: 'received' | 'aggregated') =>
        formatDecimal(aggregate(meter, usageIn(engine, meter, customer, ALL_TIME, freshness)))
      return { customer, received: total('received'), aggregated: total('aggregated') }
    })
}

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString()
const isoOrNull = (seconds: number | null | undefined): string | null => (seconds ? iso(seconds) : null)
