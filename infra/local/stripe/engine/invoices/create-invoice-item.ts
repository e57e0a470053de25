import { roundHalfUp, storedDecimal } from '../decimal.ts'
import { type Engine, emit, nowSeconds } from '../engine.ts'
import { invalidRequest } from '../fault.ts'
import { needCustomer, needInvoice, needPrice, needSubscription } from '../find.ts'
import { newId } from '../ids.ts'
import {
  amount,
  applyMetadata,
  boolean,
  currency,
  decimal,
  type Input,
  integer,
  MAX_QUANTITY,
  metadata,
  object,
  required,
  text,
  timestamp,
} from '../params.ts'
import type { Invoice, InvoiceItem } from '../wire.ts'
import { invoiceItemLine } from './build-lines.ts'
import { setLines } from './set-lines.ts'

export const createInvoiceItemParams = object({
  amount: amount(),
  currency: currency(),
  customer: required(text()),
  description: text(),
  discountable: boolean(),
  invoice: text(),
  metadata: metadata(),
  period: object({ end: required(timestamp()), start: required(timestamp()) }),
  pricing: object({ price: text() }),
  quantity: integer({ min: 0, max: MAX_QUANTITY }),
  subscription: text(),
  unit_amount_decimal: decimal(),
})

type CreateInvoiceItem = Input<typeof createInvoiceItemParams>

/** https://docs.stripe.com/api/invoiceitems/create */
export function createInvoiceItem(engine: Engine, input: CreateInvoiceItem): InvoiceItem {
  const customer = needCustomer(engine, input.customer, 'customer')
  const invoice = input.invoice === undefined ? null : draftOf(engine, input.invoice)
  const priced = priceOf(engine, input)
  const now = nowSeconds(engine)
  const item: InvoiceItem = {
    id: newId(engine.state, 'ii_'),
    object: 'invoiceitem',
    amount: priced.amount,
    currency: priced.currency,
    customer: customer.id,
    customer_account: null,
    date: now,
    description: input.description ?? priced.description,
    discountable: input.discountable ?? priced.amount >= 0,
    discounts: [],
    invoice: invoice?.id ?? null,
    livemode: false,
    metadata: applyMetadata(null, input.metadata),
    net_amount: priced.amount,
    parent: parentOf(engine, input.subscription),
    period: input.period ?? { start: now, end: now },
    pricing: priced.pricing,
    proration: false,
    quantity: input.quantity ?? 1,
    quantity_decimal: String(input.quantity ?? 1),
    tax_rates: [],
    test_clock: null,
  }
  engine.state.invoiceItems.set(item.id, item)
  emit(engine, 'invoiceitem.created', item)
  if (invoice !== null) {
    const lines = engine.state.invoiceLines.get(invoice.id) ?? []
    setLines(engine, invoice, [...lines, invoiceItemLine(engine, item, invoice.id)])
    emit(engine, 'invoice.updated', invoice, {})
  }
  return item
}

function draftOf(engine: Engine, id: string): Invoice {
  const invoice = needInvoice(engine, id, 'invoice')
  if (invoice.status === 'draft') return invoice
  throw invalidRequest('This invoice is no longer editable', {
    code: 'invoice_not_editable',
    param: 'invoice',
  })
}

function parentOf(engine: Engine, subscriptionId: string | undefined): InvoiceItem['parent'] {
  if (subscriptionId === undefined) return null
  const subscription = needSubscription(engine, subscriptionId, 'subscription')
  return { subscription_details: { subscription: subscription.id }, type: 'subscription_details' }
}

type Priced = Pick<InvoiceItem, 'amount' | 'currency' | 'description' | 'pricing'>

function priceOf(engine: Engine, input: CreateInvoiceItem): Priced {
  const quantity = input.quantity ?? 1
  if (input.pricing?.price !== undefined) {
    const price = needPrice(engine, input.pricing.price, 'pricing[price]')
    const unit = price.unit_amount_decimal
    if (price.type !== 'one_time' || unit === null) {
      throw invalidRequest('The price specified must be a one-time per-unit price.', {
        param: 'pricing[price]',
      })
    }
    return {
      amount: Number(roundHalfUp(storedDecimal(unit) * BigInt(quantity))),
      currency: price.currency,
      description: engine.state.products.get(price.product)?.name ?? null,
      pricing: {
        price_details: { price: price.id, product: price.product },
        type: 'price_details',
        unit_amount_decimal: unit,
      },
    }
  }
  if (input.currency === undefined) {
    throw invalidRequest('Missing required param: currency.', {
      code: 'parameter_missing',
      param: 'currency',
    })
  }
  if ((input.amount === undefined) === (input.unit_amount_decimal === undefined)) {
    throw invalidRequest('Pass exactly one of `amount`, `unit_amount_decimal` and `pricing`.', {
      param: 'amount',
    })
  }
  const unit = input.unit_amount_decimal ?? String(input.amount)
  const total = input.amount ?? Number(roundHalfUp(storedDecimal(unit) * BigInt(quantity)))
  return {
    amount: total,
    currency: input.currency,
    description: null,
    pricing: { type: 'price_details', unit_amount_decimal: unit },
  }
}
