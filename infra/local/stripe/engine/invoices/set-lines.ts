import { type CreditUse, planCredits, spendCredits } from '../credits/apply-credits.ts'
import type { Engine } from '../engine.ts'
import { applyTax } from '../tax/apply-tax.ts'
import type { Invoice, InvoiceLine } from '../wire.ts'
import { applyDiscounts } from './apply-discounts.ts'

/**
 * Puts lines on a draft and recomputes every amount that follows from them: discounts first, then credit, then tax.
 * Credit is only planned, and spent when the invoice is finalized.
 */
export function setLines(
  engine: Engine,
  invoice: Invoice,
  lines: InvoiceLine[],
  { spend = false }: { readonly spend?: boolean } = {},
): void {
  const discounts = applyDiscounts(engine, lines, invoice.discounts)
  const uses = planCredits(engine, invoice, lines)
  const transactions = spend ? spendCredits(engine, invoice, uses) : []
  const credits = noteCredits(
    lines,
    uses,
    transactions.map(one => one.id),
  )
  const taxes = applyTax(engine, invoice, lines)
  engine.state.invoiceLines.set(invoice.id, lines)
  const subtotal = sum(lines)
  const untaxed = subtotal - sum(discounts) - sum(credits)
  invoice.subtotal = subtotal
  invoice.subtotal_excluding_tax = subtotal
  invoice.total = untaxed + sum(taxes)
  invoice.total_excluding_tax = untaxed
  invoice.total_taxes = taxes
  invoice.total_discount_amounts = discounts
  invoice.total_pretax_credit_amounts = [
    ...discounts.map(one => ({ ...one, type: 'discount' as const })),
    ...credits,
  ]
  const due = amountDue(engine, invoice)
  invoice.starting_balance = due.startingBalance
  invoice.amount_due = due.amountDue
  invoice.amount_remaining = due.amountDue
}

/** Writes discounts and credit to the lines and answers the credit as the invoice lists it. */
function noteCredits(
  lines: readonly InvoiceLine[],
  uses: readonly CreditUse[],
  transactionIds: readonly string[],
): NonNullable<Invoice['total_pretax_credit_amounts']> {
  const noted = uses.map(({ line, amount }, index) => ({
    line,
    credit: {
      amount,
      credit_balance_transaction: transactionIds[index] ?? null,
      type: 'credit_balance_transaction' as const,
    },
  }))
  for (const line of lines) {
    line.pretax_credit_amounts = [
      ...(line.discount_amounts ?? []).map(one => ({ ...one, type: 'discount' as const })),
      ...noted.filter(one => one.line === line).map(one => one.credit),
    ]
  }
  return noted.map(one => ({ ...one.credit }))
}

const sum = (parts: readonly { readonly amount: number }[]): number =>
  parts.reduce((total, part) => total + part.amount, 0)

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
  const startingBalance = engine.state.customers.get(invoice.customer ?? '')?.balance ?? 0
  const owed = invoice.total + startingBalance
  const minimum = engine.settings.minimumChargeMinor[invoice.currency] ?? 0
  if (owed < minimum) return { startingBalance, amountDue: 0, endingBalance: owed }
  return { startingBalance, amountDue: owed, endingBalance: 0 }
}
