import { moveBalance } from '../customers/balance.ts'
import { change, type Engine, emit, nowSeconds } from '../engine.ts'
import { invalidRequest } from '../fault.ts'
import { need } from '../find.ts'
import { newId } from '../ids.ts'
import { settlePaidInvoice } from '../invoices/settle-paid-invoice.ts'
import { applyMetadata, type Input, metadata, object, text } from '../params.ts'
import { cancelPayment, paymentOf } from '../payments/create-payment-intent.ts'
import { checkRefundable, refundCharge } from '../refunds/refund.ts'
import type { Charge, CreditNote, CreditNoteLine, Invoice } from '../wire.ts'
import {
  type CreditNoteInput,
  type CreditNotePlan,
  type PlannedLine,
  planCreditNote,
} from './plan-credit-note.ts'

/** What `createCreditNote` would make; nothing is stored. https://docs.stripe.com/api/credit_notes/preview */
export function previewCreditNote(engine: Engine, input: CreditNoteInput): CreditNote {
  const plan = planCreditNote(engine, input)
  const lines = plan.lines.map(line => noteLine(engine, line))
  return { ...emptyNote(engine, plan, input), lines: page(plan.invoice.id, lines) }
}

/**
 * On an open invoice a credit note lowers what is to be paid; what was paid goes back by refund, to the customer's
 * balance, or outside of Stripe. https://docs.stripe.com/api/credit_notes/create
 */
export function createCreditNote(engine: Engine, input: CreditNoteInput): CreditNote {
  const plan = planCreditNote(engine, input)
  const { invoice } = plan
  const charge = chargeOf(engine, invoice)
  if (plan.refundAmount > 0) {
    if (charge === undefined) {
      throw invalidRequest('This invoice has no charge to refund.', { param: 'refund_amount' })
    }
    checkRefundable(charge, plan.refundAmount)
  }
  const linked = (input.refunds ?? []).map(({ refund, amount_refunded }, index) => {
    const known = need(engine.state.refunds, 'refund', refund, `refunds[${index}][refund]`)
    return { id: known.id, amount: amount_refunded ?? known.amount }
  })
  const note = emptyNote(engine, plan, input)
  const lines = plan.lines.map(line => noteLine(engine, line))
  if (charge !== undefined && plan.refundAmount > 0) {
    const { id } = refundCharge(engine, charge, { amount: plan.refundAmount, reason: null, metadata: {} })
    linked.push({ id, amount: plan.refundAmount })
  }
  note.refunds = linked.map(one => ({
    amount_refunded: one.amount,
    payment_record_refund: null,
    refund: one.id,
    type: 'refund',
  }))
  note.lines = page(note.id, lines)
  engine.state.creditNotes.set(note.id, note)
  engine.state.creditNoteLines.set(note.id, lines)
  const customer = engine.state.customers.get(invoice.customer ?? '')
  if (plan.creditAmount > 0 && customer !== undefined) {
    const moved = { type: 'credit_note', creditNote: note.id, invoice: invoice.id } as const
    note.customer_balance_transaction = moveBalance(engine, customer, -plan.creditAmount, moved).id
  }
  emit(engine, 'credit_note.created', note)
  lower(engine, invoice, plan.prePayment, plan.total - plan.prePayment)
  return note
}

/** Takes part of what is to be paid off an invoice; one with nothing left is paid. */
function lower(engine: Engine, invoice: Invoice, prePayment: number, postPayment: number): void {
  const previous = change(invoice, {
    amount_due: invoice.amount_due - prePayment,
    amount_remaining: invoice.amount_remaining - prePayment,
    post_payment_credit_notes_amount: invoice.post_payment_credit_notes_amount + postPayment,
    pre_payment_credit_notes_amount: invoice.pre_payment_credit_notes_amount + prePayment,
  })
  emit(engine, 'invoice.updated', invoice, previous)
  const open = paymentOf(engine, invoice.id)
  if (open?.payment.status === 'open') {
    open.intent.amount = invoice.amount_remaining
    open.payment.amount_requested = invoice.amount_remaining
  }
  if (invoice.status !== 'open' || invoice.amount_remaining > 0) return
  cancelPayment(engine, invoice.id)
  settlePaidInvoice(engine, invoice, { amountPaid: 0, outOfBand: false })
}

/** Only what lowered an open invoice can be taken back: https://docs.stripe.com/api/credit_notes/void */
export function voidCreditNote(engine: Engine, id: string): CreditNote {
  const note = need(engine.state.creditNotes, 'credit note', id)
  const invoice = engine.state.invoices.get(note.invoice)
  if (note.status === 'void') throw invalidRequest('This credit note is already void.')
  if (invoice?.status !== 'open' || note.post_payment_amount > 0) {
    throw invalidRequest('You can only void a credit note of an open invoice.')
  }
  change(note, { status: 'void', voided_at: nowSeconds(engine) })
  emit(engine, 'credit_note.voided', note)
  lower(engine, invoice, -note.pre_payment_amount, 0)
  return note
}

export const updateCreditNoteParams = object({ memo: text(), metadata: metadata() })

/** https://docs.stripe.com/api/credit_notes/update */
export function updateCreditNote(
  engine: Engine,
  id: string,
  input: Input<typeof updateCreditNoteParams>,
): CreditNote {
  const note = need(engine.state.creditNotes, 'credit note', id)
  const previous = change(note, {
    metadata: applyMetadata(note.metadata, input.metadata),
    ...(input.memo === undefined ? {} : { memo: input.memo === '' ? null : input.memo }),
  })
  if (Object.keys(previous).length > 0) emit(engine, 'credit_note.updated', note, previous)
  return note
}

function chargeOf(engine: Engine, invoice: Invoice): Charge | undefined {
  const intent = paymentOf(engine, invoice.id)?.intent
  return intent?.status === 'succeeded' ? engine.state.charges.get(intent.latest_charge ?? '') : undefined
}

function emptyNote(engine: Engine, plan: CreditNotePlan, input: CreditNoteInput): CreditNote {
  const { invoice } = plan
  const id = newId(engine.state, 'cn_')
  const now = nowSeconds(engine)
  const earlier = [...engine.state.creditNotes.values()].filter(note => note.invoice === invoice.id).length
  const postPayment = plan.total - plan.prePayment
  return {
    id,
    object: 'credit_note',
    amount: plan.total,
    amount_shipping: 0,
    created: now,
    currency: invoice.currency,
    customer: invoice.customer ?? '',
    customer_account: null,
    customer_balance_transaction: null,
    discount_amount: 0,
    discount_amounts: [],
    effective_at: now,
    invoice: invoice.id,
    lines: page(id, []),
    livemode: false,
    memo: input.memo ?? null,
    metadata: applyMetadata(null, input.metadata),
    number: `${invoice.number}-CN-${String(earlier + 1).padStart(2, '0')}`,
    out_of_band_amount: plan.outOfBandAmount === 0 ? null : plan.outOfBandAmount,
    pdf: `${engine.settings.baseUrl}/i/${invoice.id}/pdf`,
    post_payment_amount: postPayment,
    pre_payment_amount: plan.prePayment,
    pretax_credit_amounts: [],
    reason: input.reason ?? null,
    refunds: [],
    shipping_cost: null,
    status: 'issued',
    subtotal: plan.subtotal,
    subtotal_excluding_tax: plan.subtotal,
    total: plan.total,
    total_excluding_tax: plan.subtotal,
    total_taxes: taxesOf(plan),
    type: postPayment === 0 ? 'pre_payment' : plan.prePayment === 0 ? 'post_payment' : 'mixed',
    voided_at: null,
  }
}

function taxesOf(plan: CreditNotePlan): CreditNote['total_taxes'] {
  const [tax] = plan.invoice.total_taxes ?? []
  return tax === undefined ? [] : [{ ...tax, amount: plan.tax, taxable_amount: plan.subtotal }]
}

function noteLine(engine: Engine, line: PlannedLine): CreditNoteLine {
  const [tax] = line.invoiceLine?.taxes ?? []
  const unit = line.quantity === null || line.quantity === 0 ? null : line.amount / line.quantity
  return {
    id: newId(engine.state, 'cnli_'),
    object: 'credit_note_line_item',
    amount: line.amount,
    description: line.description,
    discount_amount: 0,
    discount_amounts: [],
    ...(line.invoiceLine === null ? {} : { invoice_line_item: line.invoiceLine.id }),
    livemode: false,
    metadata: {},
    pretax_credit_amounts: [],
    quantity: line.quantity,
    tax_rates: [],
    taxes: tax === undefined ? [] : [{ ...tax, amount: line.tax, taxable_amount: line.amount }],
    type: line.invoiceLine === null ? 'custom_line_item' : 'invoice_line_item',
    unit_amount: Number.isInteger(unit) ? unit : null,
    unit_amount_decimal: Number.isInteger(unit) ? String(unit) : null,
  }
}

function page(id: string, lines: CreditNoteLine[]): CreditNote['lines'] {
  return { object: 'list', data: lines, has_more: false, url: `/v1/credit_notes/${id}/lines` }
}
