import { type Engine, nowSeconds } from '../engine.ts'
import { invalidRequest, resourceMissing } from '../fault.ts'
import { subscriptionLines } from '../invoices/build-lines.ts'
import { pendingItems, takePending } from '../invoices/create-invoice.ts'
import { draftInvoice } from '../invoices/draft-invoice.ts'
import { finalizeInvoice } from '../invoices/finalize-invoice.ts'
import { addPendingItem } from '../invoices/pending-item.ts'
import {
  applyMetadata,
  boolean,
  type Input,
  integer,
  list,
  MAX_QUANTITY,
  metadata,
  object,
  text,
} from '../params.ts'
import { attemptPayment } from '../payments/attempt-payment.ts'
import { defaultPaymentMethod } from '../payments/default-payment-method.ts'
import { share } from '../rate-price.ts'
import type { Price, Subscription, SubscriptionItem } from '../wire.ts'
import { checkPrices, intervalOf, newItem } from './item.ts'
import { periodOf } from './period.ts'

export const itemChanges = list(
  object({
    deleted: boolean(),
    id: text(),
    metadata: metadata(),
    price: text(),
    quantity: integer({ min: 0, max: MAX_QUANTITY }),
  }),
  { max: 20 },
)

export type ItemChange = Input<typeof itemChanges>[number]
export type ProrationBehavior = 'always_invoice' | 'create_prorations' | 'none'

type Planned = {
  /** The items afterwards, `null` for a new one. */
  readonly items: readonly {
    readonly old: SubscriptionItem | null
    readonly price: Price
    readonly change: ItemChange
  }[]
  readonly removed: readonly SubscriptionItem[]
}

/** Checks changes of items in mid-period without doing anything. */
export function planItems(
  engine: Engine,
  subscription: Subscription,
  changes: readonly ItemChange[],
): Planned {
  const byId = new Map(
    changes.flatMap(change => (change.id === undefined ? [] : [[change.id, change] as const])),
  )
  changes.forEach(({ id }, index) => {
    if (id !== undefined && !subscription.items.data.some(item => item.id === id)) {
      throw resourceMissing('subscription_item', id, `items[${index}][id]`)
    }
  })
  const kept = subscription.items.data.filter(item => byId.get(item.id)?.deleted !== true)
  const wanted = [
    ...kept.map(item => ({ old: item, change: byId.get(item.id) ?? {} })),
    ...changes.filter(change => change.id === undefined).map(change => ({ old: null, change })),
  ].map(one => ({ ...one, priceId: one.change.price ?? one.old?.price.id }))
  const priceIds = wanted.map(({ priceId, old, change }) => {
    if (priceId === undefined) {
      throw invalidRequest('Missing required param: items[0][price].', {
        code: 'parameter_missing',
        param: 'items[0][price]',
      })
    }
    // A price that stays may have been archived since.
    return { price: priceId, metadata: {}, isNew: old?.price.id !== priceId, quantity: change.quantity }
  })
  const prices = checkPrices(
    engine,
    priceIds.map(({ price, quantity }) => ({
      price,
      metadata: {},
      ...(quantity === undefined ? {} : { quantity }),
    })),
    'items',
    index => priceIds[index]?.isNew ?? true,
  )
  const interval = subscription.items.data[0]?.price
  if (interval !== undefined && prices.some(price => !sameInterval(price, interval))) {
    throw invalidRequest('Changing the billing interval is not supported here: start a new subscription.', {
      param: 'items',
    })
  }
  if (prices.some(price => price.currency !== subscription.currency)) {
    throw invalidRequest('The currency of a subscription cannot change.', { param: 'items' })
  }
  return {
    items: wanted.flatMap(({ old, change }, index) => {
      const price = prices[index]
      return price === undefined ? [] : [{ old, price, change }]
    }),
    removed: subscription.items.data.filter(item => !kept.includes(item)),
  }
}

const sameInterval = (left: Price, right: Price): boolean =>
  JSON.stringify(intervalOf(left)) === JSON.stringify(intervalOf(right))

/**
 * Swaps items now. Usage so far is billed at the old price and unused time of flat prices is credited, both as waiting
 * invoice items, unless `none`: then the usage stays unbilled for good.
 * https://docs.stripe.com/billing/subscriptions/usage-based/manage-billing-setup
 */
export function changeItems(
  engine: Engine,
  subscription: Subscription,
  planned: Planned,
  behavior: ProrationBehavior,
): void {
  const now = nowSeconds(engine)
  const period = periodOf(subscription)
  const rest = { start: now, end: period.end }
  const leaving = [
    ...planned.removed,
    ...planned.items.flatMap(({ old, price }) => (old !== null && old.price.id !== price.id ? [old] : [])),
  ]
  if (behavior !== 'none') for (const item of leaving) settleItem(engine, subscription, item, now)
  const before = new Map(planned.items.map(one => [one, one.old?.quantity]))
  subscription.items.data = planned.items.map(({ old, price, change }) => {
    const stays = old !== null && old.price.id === price.id
    const quantity = change.quantity ?? (stays ? old.quantity : undefined)
    const meta = applyMetadata(old?.metadata ?? null, change.metadata)
    const given = { price: price.id, metadata: meta, ...(quantity === undefined ? {} : { quantity }) }
    const item = newItem(engine, subscription.id, given, price, period)
    if (old !== null) Object.assign(item, { id: old.id, created: old.created })
    if (!stays && price.recurring?.usage_type === 'metered') engine.state.itemStarts.set(item.id, now)
    return item
  })
  if (behavior !== 'none') {
    planned.items.forEach((one, index) => {
      const item = subscription.items.data[index]
      const isNew = one.old?.price.id !== one.price.id
      const more = (item?.quantity ?? 0) - (isNew ? 0 : (before.get(one) ?? 0))
      if (item !== undefined && more !== 0)
        chargeRest(engine, subscription, item, more, rest, period.end - period.start)
    })
  }
  if (behavior === 'always_invoice') invoiceNow(engine, subscription)
}

/** What an item that goes leaves behind: its usage so far, or credit for time that was paid. */
function settleItem(engine: Engine, subscription: Subscription, item: SubscriptionItem, now: number): void {
  const { start, end } = periodOf(subscription)
  if (item.price.recurring?.usage_type !== 'metered') {
    chargeRest(engine, subscription, item, -(item.quantity ?? 1), { start: now, end }, end - start)
    return
  }
  const only = { ...subscription, items: { ...subscription.items, data: [item] } }
  for (const line of subscriptionLines(
    engine,
    only,
    '',
    { usage: { start, end: now }, licensed: null },
    'received',
  )) {
    if (line.amount === 0) continue
    addPendingItem(engine, subscription, item, {
      amount: line.amount,
      description: line.description ?? '',
      period: line.period,
      quantity: line.quantity ?? 0,
      proration: false,
    })
  }
}

function chargeRest(
  engine: Engine,
  subscription: Subscription,
  item: SubscriptionItem,
  quantity: number,
  rest: { readonly start: number; readonly end: number },
  whole: number,
): void {
  const unit = item.price.unit_amount
  if (unit === null || whole === 0) return
  const name = engine.state.products.get(item.price.product)?.name ?? 'subscription'
  addPendingItem(engine, subscription, item, {
    amount: share(unit * quantity, rest.end - rest.start, whole),
    description: `${quantity < 0 ? 'Unused' : 'Remaining'} time on ${name}`,
    period: rest,
    quantity: Math.abs(quantity),
    proration: true,
  })
}

function invoiceNow(engine: Engine, subscription: Subscription): void {
  const customer = engine.state.customers.get(subscription.customer)
  const pending = pendingItems(engine, subscription.customer, subscription.id)
  if (customer === undefined || pending.length === 0) return
  const now = nowSeconds(engine)
  const { id } = draftInvoice(
    engine,
    {
      customer,
      subscription,
      currency: subscription.currency,
      billingReason: 'subscription_update',
      period: { start: now, end: now },
      autoAdvance: false,
      finalizesAt: null,
      discounts: subscription.discounts,
    },
    invoiceId => takePending(engine, pending, invoiceId),
  )
  subscription.latest_invoice = id
  const invoice = finalizeInvoice(engine, id, { auto_advance: true })
  const card = defaultPaymentMethod(engine, invoice)
  if (invoice.status !== 'open' || card === null) return
  attemptPayment(engine, invoice, { paymentMethod: card, present: false, scheduled: false })
}
