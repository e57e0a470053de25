import { type Engine, emit, nowSeconds } from '../engine.ts'
import { newId } from '../ids.ts'
import type { Period } from '../meters/usage.ts'
import { invoiceTaxIds } from '../tax/tax-id.ts'
import type { Customer, Invoice, InvoiceLine, Subscription } from '../wire.ts'
import { scheduleFinalization } from './finalize-when-due.ts'
import { setLines } from './set-lines.ts'

export type Draft = {
  readonly id?: string
  readonly customer: Customer
  readonly subscription: Subscription | null
  readonly currency: string
  readonly billingReason:
    | 'manual'
    | 'subscription_create'
    | 'subscription_cycle'
    | 'subscription_update'
    | 'upcoming'
  readonly period: Period
  readonly autoAdvance: boolean
  readonly finalizesAt: number | null
  readonly discounts: readonly string[]
  readonly description?: string | null
  readonly footer?: string | null
  readonly metadata?: Record<string, string>
  readonly defaultPaymentMethod?: string | null
  /** Unless said, as the subscription has it. */
  readonly automaticTax?: boolean
}

/** Stores a draft with its lines, announces it and arms its finalization. */
export function draftInvoice(
  engine: Engine,
  draft: Draft,
  linesFor: (invoiceId: string) => InvoiceLine[],
): Invoice {
  const invoice = emptyInvoice(engine, draft)
  engine.state.invoices.set(invoice.id, invoice)
  setLines(engine, invoice, linesFor(invoice.id))
  if (draft.customer.currency === null) draft.customer.currency = invoice.currency
  emit(engine, 'invoice.created', invoice)
  scheduleFinalization(engine, invoice)
  return invoice
}

/** A draft without lines, not stored. */
export function emptyInvoice(engine: Engine, draft: Draft): Invoice {
  const { customer, subscription } = draft
  const id = draft.id ?? newId(engine.state, 'in_')
  return {
    id,
    object: 'invoice',
    account_country: 'US',
    account_name: 'Tollgate (local)',
    account_tax_ids: null,
    amount_due: 0,
    amount_overpaid: 0,
    amount_paid: 0,
    amount_remaining: 0,
    amount_shipping: 0,
    application: null,
    attempt_count: 0,
    attempted: false,
    auto_advance: draft.autoAdvance,
    automatic_tax: {
      disabled_reason: null,
      enabled: draft.automaticTax ?? subscription?.automatic_tax.enabled ?? false,
      liability: null,
      provider: null,
      status: null,
    },
    automatically_finalizes_at: draft.autoAdvance ? draft.finalizesAt : null,
    billing_reason: draft.billingReason,
    collection_method: 'charge_automatically',
    created: nowSeconds(engine),
    currency: draft.currency,
    custom_fields: null,
    customer: customer.id,
    customer_account: null,
    customer_address: customer.address ?? null,
    customer_email: customer.email,
    customer_name: customer.name ?? null,
    customer_phone: customer.phone ?? null,
    customer_shipping: null,
    customer_tax_exempt: customer.tax_exempt ?? 'none',
    customer_tax_ids: invoiceTaxIds(engine, customer),
    default_payment_method: draft.defaultPaymentMethod ?? null,
    default_source: null,
    default_tax_rates: [],
    description: draft.description ?? null,
    discounts: [...draft.discounts],
    due_date: null,
    effective_at: null,
    ending_balance: null,
    footer: draft.footer ?? null,
    from_invoice: null,
    hosted_invoice_url: null,
    invoice_pdf: null,
    issuer: { type: 'self' },
    last_finalization_error: null,
    latest_revision: null,
    lines: { object: 'list', data: [], has_more: false, url: `/v1/invoices/${id}/lines` },
    livemode: false,
    metadata: draft.metadata ?? {},
    next_payment_attempt: draft.autoAdvance ? draft.finalizesAt : null,
    number: null,
    on_behalf_of: null,
    parent: parentOf(subscription),
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    period_end: draft.period.end,
    period_start: draft.period.start,
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    receipt_number: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    starting_balance: 0,
    statement_descriptor: null,
    status: 'draft',
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    subtotal: 0,
    subtotal_excluding_tax: 0,
    test_clock: null,
    total: 0,
    total_discount_amounts: [],
    total_excluding_tax: 0,
    total_pretax_credit_amounts: [],
    total_taxes: [],
    webhooks_delivered_at: null,
  }
}

function parentOf(subscription: Subscription | null): Invoice['parent'] {
  if (subscription === null) return null
  return {
    quote_details: null,
    subscription_details: { metadata: { ...subscription.metadata }, subscription: subscription.id },
    type: 'subscription_details',
  }
}
