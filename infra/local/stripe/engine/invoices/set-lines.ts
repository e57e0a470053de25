import type { Engine } from '../engine.ts'
import type { Invoice, InvoiceLine } from '../wire.ts'
import { applyDiscounts } from './apply-discounts.ts'

/** Puts lines on a draft and recomputes every amount that follows from them. */
export function setLines(engine: Engine, invoice: Invoice, lines: InvoiceLine[]): void {
  const discounts = applyDiscounts(engine, lines, invoice.discounts)
  engine.state.invoiceLines[invoice.id] = lines
  const subtotal = lines.reduce((sum, line) => sum + line.amount, 0)
  const total = subtotal - discounts.reduce((sum, discount) => sum + discount.amount, 0)
  invoice.subtotal = subtotal
  invoice.subtotal_excluding_tax = subtotal
  invoice.total = total
  invoice.total_excluding_tax = total
  invoice.total_discount_amounts = discounts
  invoice.total_pretax_credit_amounts = discounts.map(one => ({
    amount: one.amount,
    discount: one.discount,
    type: 'discount',
  }))
  const due = amountDue(engine, invoice)
  invoice.starting_balance = due.startingBalance
  invoice.amount_due = due.amountDue
  invoice.amount_remaining = due.amountDue
}

export type Due = {
  readonly startingBalance: number
  readonly amountDue: number
  readonly endingBalance: number
}

/**
 * What is charged now. The customer's balance counts in (negative: credit); what is below the minimum charge, or below
 * zero, goes back to the balance. https://docs.stripe.com/invoicing/customer/balance
 */
export function amountDue(engine: Engine, invoice: Invoice): Due {
  const startingBalance = engine.state.customers[invoice.customer ?? '']?.balance ?? 0
  const owed = invoice.total + startingBalance
  const minimum = engine.settings.minimumChargeMinor[invoice.currency] ?? 0
  if (owed < minimum) return { startingBalance, amountDue: 0, endingBalance: owed }
  return { startingBalance, amountDue: owed, endingBalance: 0 }
}
