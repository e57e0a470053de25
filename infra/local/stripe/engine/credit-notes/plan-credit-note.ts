import { roundHalfUp, storedDecimal } from '../decimal.ts'
import type { Engine } from '../engine.ts'
import { invalidRequest } from '../fault.ts'
import { needInvoice } from '../find.ts'
import {
  amount,
  decimal,
  type Input,
  integer,
  list,
  MAX_QUANTITY,
  metadata,
  object,
  oneOf,
  required,
  text,
} from '../params.ts'
import { share } from '../rate-price.ts'
import type { Invoice, InvoiceLine } from '../wire.ts'

export const creditNoteParams = object({
  amount: amount({ min: 1 }),
  credit_amount: amount({ min: 0 }),
  invoice: required(text()),
  lines: list(
    object({
      amount: amount({ min: 1 }),
      description: text(),
      invoice_line_item: text(),
      metadata: metadata(),
      quantity: integer({ min: 1, max: MAX_QUANTITY }),
      type: required(oneOf('custom_line_item', 'invoice_line_item')),
      unit_amount: amount({ min: 0 }),
      unit_amount_decimal: decimal({ min: 0 }),
    }),
  ),
  memo: text(),
  metadata: metadata(),
  out_of_band_amount: amount({ min: 0 }),
  reason: oneOf('duplicate', 'fraudulent', 'order_change', 'product_unsatisfactory'),
  refund_amount: amount({ min: 0 }),
  refunds: list(object({ amount_refunded: amount({ min: 1 }), refund: required(text()) })),
})

export type CreditNoteInput = Input<typeof creditNoteParams>

export type PlannedLine = {
  readonly amount: number
  readonly tax: number
  readonly description: string | null
  readonly invoiceLine: InvoiceLine | null
  readonly quantity: number | null
}

/** What a credit note would do, as data. */
export type CreditNotePlan = {
  readonly invoice: Invoice
  readonly lines: readonly PlannedLine[]
  readonly subtotal: number
  readonly tax: number
  readonly total: number
  /** Lowers what is still to be paid. */
  readonly prePayment: number
  /** Goes back to who has paid: by refund, to the balance, or outside. */
  readonly refundAmount: number
  readonly creditAmount: number
  readonly outOfBandAmount: number
}

/** Checks a credit note and splits it. https://docs.stripe.com/api/credit_notes/create */
export function planCreditNote(engine: Engine, input: CreditNoteInput): CreditNotePlan {
  const invoice = needInvoice(engine, input.invoice, 'invoice')
  if (invoice.status !== 'open' && invoice.status !== 'paid' && invoice.status !== 'uncollectible') {
    throw invalidRequest(
      `Credit notes can only be created for open, paid or uncollectible invoices. This invoice is ${invoice.status}.`,
      { param: 'invoice' },
    )
  }
  const lines = plannedLines(engine, invoice, input)
  const subtotal = lines.reduce((sum, line) => sum + line.amount, 0)
  const tax = lines.reduce((sum, line) => sum + line.tax, 0)
  const total = subtotal + tax
  const creditable =
    invoice.total - invoice.pre_payment_credit_notes_amount - invoice.post_payment_credit_notes_amount
  if (total > creditable) {
    throw invalidRequest(
      `The sum of credit notes for this invoice cannot exceed its total: ${creditable} can be credited, not ${total}.`,
      { param: input.amount === undefined ? 'lines' : 'amount' },
    )
  }
  const prePayment = Math.min(total, invoice.amount_remaining)
  return { invoice, lines, subtotal, tax, total, prePayment, ...payBack(engine, input, total - prePayment) }
}

function plannedLines(engine: Engine, invoice: Invoice, input: CreditNoteInput): PlannedLine[] {
  if ((input.amount === undefined) === (input.lines === undefined)) {
    throw invalidRequest('You must pass exactly one of `amount` and `lines`.', { param: 'amount' })
  }
  if (input.amount !== undefined) {
    const taxes = (invoice.total_taxes ?? []).reduce((sum, tax) => sum + tax.amount, 0)
    const tax = invoice.total > 0 ? share(taxes, input.amount, invoice.total) : 0
    const net = input.amount - tax
    return [{ amount: net, tax, description: 'Credit', invoiceLine: null, quantity: null }]
  }
  return (input.lines ?? []).map((line, index) => {
    const param = `lines[${index}]`
    if (line.type === 'invoice_line_item') return invoiceLineCredit(engine, invoice, line, param)
    const unit = line.unit_amount_decimal ?? line.unit_amount?.toString()
    if (line.description === undefined || (unit === undefined && line.amount === undefined)) {
      throw invalidRequest('A custom line needs a `description` and `unit_amount`.', {
        code: 'parameter_missing',
        param,
      })
    }
    const quantity = line.quantity ?? 1
    const net = line.amount ?? Number(roundHalfUp(storedDecimal(unit ?? '0') * BigInt(quantity)))
    return { amount: net, tax: 0, description: line.description, invoiceLine: null, quantity }
  })
}

type GivenLine = NonNullable<CreditNoteInput['lines']>[number]

function invoiceLineCredit(engine: Engine, invoice: Invoice, given: GivenLine, param: string): PlannedLine {
  const lines = engine.state.invoiceLines.get(invoice.id) ?? []
  const line = lines.find(one => one.id === given.invoice_line_item)
  if (line === undefined) {
    throw invalidRequest(`No such invoice line item: '${given.invoice_line_item}'`, {
      code: 'resource_missing',
      param: `${param}[invoice_line_item]`,
    })
  }
  const reductions = (line.pretax_credit_amounts ?? []).reduce((sum, one) => sum + one.amount, 0)
  const net = line.amount - reductions
  const byQuantity = given.quantity === undefined ? net : share(net, given.quantity, line.quantity || 1)
  const credited = given.amount ?? byQuantity
  if (credited > net || credited < 0) {
    throw invalidRequest('A line cannot be credited by more than it costs.', { param: `${param}[amount]` })
  }
  const taxes = (line.taxes ?? []).reduce((sum, tax) => sum + tax.amount, 0)
  return {
    amount: credited,
    tax: net === 0 ? 0 : share(taxes, credited, net),
    description: line.description,
    invoiceLine: line,
    quantity: given.quantity ?? null,
  }
}

type PaidBack = Pick<CreditNotePlan, 'refundAmount' | 'creditAmount' | 'outOfBandAmount'>

/** What was paid already must go somewhere; who says nowhere is refused. */
function payBack(engine: Engine, input: CreditNoteInput, due: number): PaidBack {
  const linked = (input.refunds ?? []).reduce(
    (sum, one) => sum + (one.amount_refunded ?? engine.state.refunds.get(one.refund)?.amount ?? 0),
    0,
  )
  const parts = {
    refundAmount: input.refund_amount ?? 0,
    creditAmount: input.credit_amount ?? 0,
    outOfBandAmount: input.out_of_band_amount ?? 0,
  }
  const sum = parts.refundAmount + parts.creditAmount + parts.outOfBandAmount + linked
  if (sum === due) return parts
  throw invalidRequest(
    `The sum of refunds, \`refund_amount\`, \`credit_amount\` and \`out_of_band_amount\` (${sum}) must equal the post payment amount (${due}).`,
    { param: 'refund_amount' },
  )
}
