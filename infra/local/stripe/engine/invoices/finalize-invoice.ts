import { moveBalance } from '../customers/balance.ts'
import { change, type Engine, emit, nowSeconds } from '../engine.ts'
import { invalidRequest } from '../fault.ts'
import { needInvoice } from '../find.ts'
import { boolean, type Input, MAX_AMOUNT, object } from '../params.ts'
import { createPaymentIntent } from '../payments/create-payment-intent.ts'
import { invoiceTaxIds } from '../tax/tax-id.ts'
import type { Customer, Invoice } from '../wire.ts'
import { refreshMeteredLines } from './build-lines.ts'
import { scheduleCollection } from './collect-invoice.ts'
import { amountDue, setLines } from './set-lines.ts'
import { settlePaidInvoice } from './settle-paid-invoice.ts'

export const finalizeInvoiceParams = object({ auto_advance: boolean() })

/**
 * Turns a draft into a payable document: usage received by now is counted, the number is given, the balance applied.
 * Usage that arrives later is lost for good. https://docs.stripe.com/api/invoices/finalize
 */
export function finalizeInvoice(
  engine: Engine,
  id: string,
  input: Input<typeof finalizeInvoiceParams>,
): Invoice {
  const invoice = needInvoice(engine, id)
  if (invoice.status !== 'draft') {
    throw invalidRequest("This invoice is already finalized, you can't re-finalize a non-draft invoice.", {
      code: 'invoice_not_editable',
    })
  }
  refresh(engine, invoice)
  const now = nowSeconds(engine)
  const due = amountDue(engine, invoice)
  const customer = engine.state.customers.get(invoice.customer ?? '')
  change(invoice, {
    amount_due: due.amountDue,
    amount_remaining: due.amountDue,
    auto_advance: input.auto_advance ?? invoice.auto_advance ?? false,
    automatically_finalizes_at: null,
    effective_at: now,
    ending_balance: due.endingBalance,
    hosted_invoice_url: `${engine.settings.baseUrl}/i/${invoice.id}`,
    invoice_pdf: `${engine.settings.baseUrl}/i/${invoice.id}/pdf`,
    last_finalization_error: null,
    next_payment_attempt: null,
    number: nextNumber(customer),
    starting_balance: due.startingBalance,
    status: 'open',
    status_transitions: { ...invoice.status_transitions, finalized_at: now },
    webhooks_delivered_at: invoice.webhooks_delivered_at ?? now,
  })
  emit(engine, 'invoice.finalized', invoice)
  if (customer !== undefined && due.endingBalance !== due.startingBalance) {
    moveBalance(engine, customer, due.endingBalance - due.startingBalance, {
      type: due.endingBalance > 0 ? 'invoice_too_small' : 'applied_to_invoice',
      invoice: invoice.id,
    })
  }
  if (invoice.amount_due === 0) {
    settlePaidInvoice(engine, invoice, { amountPaid: 0, outOfBand: false })
    return invoice
  }
  createPaymentIntent(engine, invoice)
  if (invoice.auto_advance) {
    invoice.next_payment_attempt = Math.ceil((engine.time.now() + engine.settings.collectionDelayMs) / 1000)
    scheduleCollection(engine, invoice)
  }
  return invoice
}

/** Counts what was received by now and spends credit. Throws before anything is spent when the amount is too large. */
function refresh(engine: Engine, invoice: Invoice): void {
  const before = { amount_due: invoice.amount_due, subtotal: invoice.subtotal, total: invoice.total }
  showCustomer(engine, invoice)
  const lines = refreshMeteredLines(engine, engine.state.invoiceLines.get(invoice.id) ?? [], 'received')
  setLines(engine, invoice, lines)
  if (lines.some(line => Math.abs(line.amount) > MAX_AMOUNT) || Math.abs(invoice.total) > MAX_AMOUNT) {
    throw invalidRequest('The invoice amount is greater than the maximum amount allowed.', {
      code: 'amount_too_large',
    })
  }
  setLines(engine, invoice, lines, { spend: true })
  if (before.total !== invoice.total) emit(engine, 'invoice.updated', invoice, before)
}

/** The document shows its customer as of now, and for ever. */
function showCustomer(engine: Engine, invoice: Invoice): void {
  const customer = engine.state.customers.get(invoice.customer ?? '')
  if (customer === undefined) return
  invoice.customer_address = customer.address ?? null
  invoice.customer_email = customer.email
  invoice.customer_name = customer.name ?? null
  invoice.customer_tax_exempt = customer.tax_exempt ?? 'none'
  invoice.customer_tax_ids = invoiceTaxIds(engine, customer)
}

function nextNumber(customer: Customer | undefined): string {
  const sequence = customer?.next_invoice_sequence ?? 1
  if (customer !== undefined) customer.next_invoice_sequence = sequence + 1
  return `${customer?.invoice_prefix ?? 'LOCAL'}-${String(sequence).padStart(4, '0')}`
}
