import { nextBoundary } from '../calendar.ts'
import { type Engine, nowSeconds } from '../engine.ts'
import { invalidRequest } from '../fault.ts'
import { needCustomer, needSubscription } from '../find.ts'
import { newId } from '../ids.ts'
import { boolean, type Input, integer, list, MAX_QUANTITY, object, required, text } from '../params.ts'
import { transitionAt } from '../schedules/enter-phase.ts'
import { emptySubscription } from '../subscriptions/empty-subscription.ts'
import { checkPrices, intervalOf, newItem } from '../subscriptions/item.ts'
import { periodOf } from '../subscriptions/period.ts'
import type { Customer, Invoice, InvoiceLine, Subscription } from '../wire.ts'
import { type BillingSpan, subscriptionLines } from './build-lines.ts'
import { emptyInvoice } from './draft-invoice.ts'
import { setLines } from './set-lines.ts'

export const previewInvoiceParams = object({
  customer: text(),
  subscription: text(),
  subscription_details: object({
    cancel_now: boolean(),
    items: list(object({ price: required(text()), quantity: integer({ min: 0, max: MAX_QUANTITY }) })),
  }),
})

/**
 * What a subscription's next invoice would be by now, or a new subscription's first one; nothing is stored.
 * https://docs.stripe.com/api/invoices/create_preview
 */
export function previewInvoice(engine: Engine, input: Input<typeof previewInvoiceParams>): Invoice {
  if (input.subscription !== undefined) {
    const subscription = needSubscription(engine, input.subscription, 'subscription')
    const customer = needCustomer(engine, subscription.customer, 'customer')
    if (input.subscription_details?.items !== undefined) {
      throw invalidRequest('Changed items of an existing subscription cannot be previewed here.', {
        param: 'subscription_details[items]',
      })
    }
    return preview(
      engine,
      customer,
      subscription,
      nextSpan(engine, subscription, input.subscription_details?.cancel_now ?? false),
    )
  }
  const items = input.subscription_details?.items
  if (input.customer === undefined || items === undefined) {
    throw invalidRequest('Pass `subscription`, or `customer` with `subscription_details[items]`.', {
      code: 'parameter_missing',
      param: 'subscription',
    })
  }
  const customer = needCustomer(engine, input.customer, 'customer')
  const wanted = items.map(item => ({ ...item, metadata: {} }))
  const prices = checkPrices(engine, wanted, 'subscription_details[items]')
  const start = nowSeconds(engine)
  const first = prices[0]
  const period = { start, end: first === undefined ? start : nextBoundary(start, intervalOf(first), start) }
  const imagined = emptySubscription(
    engine,
    {
      customer,
      items: wanted,
      itemsParam: 'subscription_details[items]',
      metadata: {},
      description: null,
      defaultPaymentMethod: null,
      cancelAtPeriodEnd: false,
      coupons: [],
    },
    first?.currency ?? 'usd',
  )
  imagined.items.data = wanted.flatMap((item, index) => {
    const price = prices[index]
    return price === undefined ? [] : [newItem(engine, imagined.id, item, price, period)]
  })
  return preview(engine, customer, imagined, { usage: null, licensed: period })
}

function nextSpan(engine: Engine, subscription: Subscription, cancelNow: boolean): BillingSpan {
  const current = periodOf(subscription)
  if (cancelNow) return { usage: { start: current.start, end: nowSeconds(engine) }, licensed: null }
  if (subscription.ended_at !== null) {
    throw invalidRequest('No upcoming invoices for a canceled subscription.', {
      code: 'invoice_upcoming_none',
    })
  }
  if (subscription.cancel_at !== null && subscription.cancel_at <= current.end)
    return { usage: current, licensed: null }
  const price = subscription.items.data[0]?.price
  const end =
    price === undefined
      ? current.end
      : nextBoundary(subscription.billing_cycle_anchor, intervalOf(price), current.end)
  return { usage: current, licensed: { start: current.end, end } }
}

function preview(engine: Engine, customer: Customer, subscription: Subscription, span: BillingSpan): Invoice {
  const period = span.usage ?? { start: nowSeconds(engine), end: nowSeconds(engine) }
  const invoice = emptyInvoice(engine, {
    id: newId(engine.state, 'upcoming_in_'),
    customer,
    subscription,
    currency: subscription.currency,
    billingReason: 'upcoming',
    period,
    autoAdvance: false,
    finalizesAt: null,
    discounts: subscription.discounts,
  })
  const lines = previewLines(engine, subscription, invoice.id, span)
  setLines(engine, invoice, lines)
  engine.state.invoiceLines.delete(invoice.id)
  invoice.lines.data = lines
  return invoice
}

/** As `renew-subscription.ts` bills them: flat prices of a schedule's next phase when it begins with the next period. */
function previewLines(
  engine: Engine,
  subscription: Subscription,
  invoiceId: string,
  { usage, licensed }: BillingSpan,
): InvoiceLine[] {
  const transition =
    usage === null || licensed === null ? undefined : transitionAt(engine, subscription, usage.end)
  if (transition?.kind !== 'enter') {
    return subscriptionLines(engine, subscription, invoiceId, { usage, licensed }, 'aggregated')
  }
  const items = transition.phase.items.flatMap(({ price: id, quantity }) => {
    const price = engine.state.prices.get(id)
    const given = { price: id, metadata: {}, ...(quantity === undefined ? {} : { quantity }) }
    return price === undefined || licensed === null
      ? []
      : [newItem(engine, subscription.id, given, price, licensed)]
  })
  const coming = { ...subscription, items: { ...subscription.items, data: items } }
  return [
    ...subscriptionLines(engine, subscription, invoiceId, { usage, licensed: null }, 'aggregated'),
    ...subscriptionLines(engine, coming, invoiceId, { usage: null, licensed }, 'aggregated'),
  ]
}
