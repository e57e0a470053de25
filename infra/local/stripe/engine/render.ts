import { invalidRequest } from './fault.ts'
import type { State, Table } from './state.ts'
import type { CheckoutLineItem } from './wire.ts'

const MAX_EXPAND_DEPTH = 4
const LINES_INSIDE_INVOICE = 10

type Json = Record<string, unknown>

/**
 * An object as the API answers it: nested lists cut to their first page, prices inside items as they are now, and the
 * asked-for paths expanded (https://docs.stripe.com/api/expanding_objects). The stored object is not touched.
 */
export function render(state: State, object: object, expand: readonly string[]): unknown {
  const copy = structuredClone(object)
  complete(state, copy)
  for (const path of expand) expandPath(state, copy, path.split('.'), path)
  return copy
}

/** Refuses paths that are too deep, before anything is done. */
export function checkExpand(paths: readonly string[]): void {
  for (const path of paths) {
    if (path.split('.').length <= MAX_EXPAND_DEPTH) continue
    throw invalidRequest(`You cannot expand more than ${MAX_EXPAND_DEPTH} levels of a property: ${path}`, {
      param: 'expand',
      beforeExecution: true,
    })
  }
}

/** Fills in what is stored elsewhere, at any depth. */
function complete(state: State, node: unknown): void {
  if (Array.isArray(node)) {
    for (const item of node) complete(state, item)
    return
  }
  // An event keeps the object as it was.
  if (!isObject(node) || node.object === 'event') return
  if (node.object === 'invoice' && isObject(node.lines) && typeof node.id === 'string') {
    const lines = state.invoiceLines.get(node.id)
    if (lines !== undefined) {
      node.lines = page(structuredClone(lines), LINES_INSIDE_INVOICE, `/v1/invoices/${node.id}/lines`)
    }
  }
  if (node.object === 'subscription_item' && isObject(node.price) && typeof node.price.id === 'string') {
    node.price = structuredClone(state.prices.get(node.price.id) ?? node.price)
  }
  for (const value of Object.values(node)) complete(state, value)
}

function expandPath(state: State, node: unknown, steps: readonly string[], whole: string): void {
  const [step, ...rest] = steps
  if (step === undefined) return
  if (Array.isArray(node)) {
    for (const item of node) expandPath(state, item, steps, whole)
    return
  }
  if (!isObject(node)) return
  const included = hidden(state, node, step)
  if (included !== undefined) {
    node[step] = included
    complete(state, included)
  } else if (!Object.hasOwn(node, step) && !HIDDEN.has(`${String(node.object)}.${step}`)) {
    throw invalidRequest(`This property cannot be expanded (${whole}).`, { param: 'expand' })
  }
  const value = node[step]
  if (Array.isArray(value) && step !== 'data') node[step] = value.map(item => expandReference(state, item))
  else node[step] = expandReference(state, value)
  expandPath(state, node[step], rest, whole)
}

function expandReference(state: State, value: unknown): unknown {
  if (typeof value !== 'string') return value
  const stored = findById(state, value)
  if (stored === undefined) return value
  const copy = structuredClone(stored)
  complete(state, copy)
  return copy
}

/** Fields that are absent unless expanded; some objects of a kind have them, some not. */
const HIDDEN = new Set([
  'price.tiers',
  'price.currency_options',
  'invoice.payments',
  'invoice.confirmation_secret',
  'customer.subscriptions',
  'customer.sources',
  'customer.tax_ids',
  'checkout.session.line_items',
])

function hidden(state: State, node: Json, field: string): unknown {
  const id = typeof node.id === 'string' ? node.id : ''
  const key = `${String(node.object)}.${field}`
  if (key === 'price.tiers') return structuredClone(state.priceTiers.get(id))
  if (key === 'invoice.payments') {
    const payments = [...state.invoicePayments.values()].filter(payment => payment.invoice === id)
    return page(structuredClone(payments), payments.length, '/v1/invoice_payments')
  }
  if (key === 'invoice.confirmation_secret') return confirmationSecret(state, id)
  if (key === 'customer.subscriptions') {
    const live = [...state.subscriptions.values()].filter(s => s.customer === id && s.status !== 'canceled')
    return page(structuredClone(live), live.length, `/v1/customers/${id}/subscriptions`)
  }
  if (key === 'customer.tax_ids') {
    const taxIds = [...state.taxIds.values()].filter(taxId => taxId.customer === id)
    return page(structuredClone(taxIds), taxIds.length, `/v1/customers/${id}/tax_ids`)
  }
  if (key === 'checkout.session.line_items') {
    const items = checkoutItems(state, id)
    return page(items, items.length, `/v1/checkout/sessions/${id}/line_items`)
  }
  return undefined
}

function confirmationSecret(state: State, invoiceId: string): unknown {
  const payment = [...state.invoicePayments.values()].find(p => p.invoice === invoiceId && p.is_default)
  const intent = state.paymentIntents.get(payment?.payment.payment_intent ?? '')
  return intent === undefined ? null : { client_secret: intent.client_secret, type: 'payment_intent' }
}

/** The line items of a Checkout session. */
export function checkoutItems(state: State, sessionId: string): CheckoutLineItem[] {
  const lines = state.checkoutRecords.get(sessionId)?.lines ?? []
  return lines.map(line => {
    const price = state.prices.get(line.price)
    const amount = line.quantity === null ? 0 : (price?.unit_amount ?? 0) * line.quantity
    return {
      id: line.id,
      object: 'item',
      adjustable_quantity: null,
      amount_discount: 0,
      amount_subtotal: amount,
      amount_tax: 0,
      amount_total: amount,
      currency: price?.currency ?? 'usd',
      description: state.products.get(price?.product ?? '')?.name ?? null,
      metadata: {},
      price: structuredClone(price) ?? null,
      quantity: line.quantity,
    }
  })
}

function findById(state: State, id: string): object | undefined {
  const tables: Table<object>[] = [
    state.customers,
    state.products,
    state.prices,
    state.coupons,
    state.discounts,
    state.meters,
    state.subscriptions,
    state.invoices,
    state.invoiceItems,
    state.invoicePayments,
    state.paymentIntents,
    state.charges,
    state.paymentMethods,
    state.checkoutSessions,
    state.taxIds,
    state.balanceTransactions,
    state.creditGrants,
    state.creditTransactions,
    state.creditNotes,
    state.refunds,
    state.disputes,
    state.schedules,
    state.deletedCoupons,
  ]
  for (const table of tables) {
    const found = table.get(id)
    if (found !== undefined) return found
  }
  return undefined
}

function page(data: unknown[], limit: number, url: string): Json {
  return {
    object: 'list',
    data: data.slice(0, limit),
    has_more: data.length > limit,
    total_count: data.length,
    url,
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
