import type { Engine } from '../engine.ts'
import type { CreditGrant, CreditTransaction, Invoice, InvoiceLine } from '../wire.ts'
import { recordCredit, recordDebit, remainingOf } from './credit-grant.ts'

/** So much of one grant for one line. */
export type CreditUse = { readonly grant: CreditGrant; readonly line: InvoiceLine; readonly amount: number }

/**
 * Which grants pay which lines, nothing done yet: metered lines only, each after its discounts; grants by priority, then
 * the sooner to expire, promotional before paid, the sooner effective, the older.
 * https://docs.stripe.com/billing/subscriptions/usage-based/billing-credits
 */
export function planCredits(engine: Engine, invoice: Invoice, lines: readonly InvoiceLine[]): CreditUse[] {
  const grants = [...engine.state.creditGrants.values()]
    .filter(grant => isEligible(grant, invoice))
    .sort(byTurn)
  if (grants.length === 0) return []
  const open = new Map(lines.map(line => [line, netOf(line)]))
  return grants.flatMap(grant => {
    let left = remainingOf(engine, grant.id)
    return lines.flatMap(line => {
      const amount = Math.min(left, open.get(line) ?? 0)
      if (amount <= 0 || !pays(engine, grant, line)) return []
      left -= amount
      open.set(line, (open.get(line) ?? 0) - amount)
      return [{ grant, line, amount }]
    })
  })
}

/** Spends what was planned; the transactions in the order of the plan. */
export function spendCredits(
  engine: Engine,
  invoice: Invoice,
  uses: readonly CreditUse[],
): CreditTransaction[] {
  return uses.map(({ grant, line, amount }) =>
    recordDebit(engine, grant, amount, {
      type: 'credits_applied',
      application: { invoice: invoice.id, invoice_line_item: line.id },
    }),
  )
}

/** A voided invoice gives back the credit that it used, to grants that are still in force. */
export function reinstateCredits(engine: Engine, invoice: Invoice): void {
  for (const used of [...engine.state.creditTransactions.values()]) {
    const application = used.debit?.credits_applied
    const grant = engine.state.creditGrants.get(used.credit_grant)
    if (application?.invoice !== invoice.id || grant === undefined) continue
    recordCredit(engine, grant, used.debit?.amount.monetary?.value ?? 0, {
      type: 'credits_application_invoice_voided',
      application: { ...application },
    })
  }
}

function isEligible(grant: CreditGrant, invoice: Invoice): boolean {
  return (
    grant.customer === invoice.customer &&
    grant.voided_at === null &&
    grant.amount.monetary?.currency === invoice.currency &&
    (grant.effective_at ?? grant.created) <= invoice.period_end &&
    invoice.period_end < (grant.expires_at ?? Infinity)
  )
}

function byTurn(left: CreditGrant, right: CreditGrant): number {
  return (
    (left.priority ?? 50) - (right.priority ?? 50) ||
    compare(left.expires_at ?? Infinity, right.expires_at ?? Infinity) ||
    rank(left) - rank(right) ||
    compare(left.effective_at ?? 0, right.effective_at ?? 0) ||
    left.created - right.created
  )
}

const rank = (grant: CreditGrant): number => (grant.category === 'promotional' ? 0 : 1)
const compare = (left: number, right: number): number => (left === right ? 0 : left < right ? -1 : 1)

function pays(engine: Engine, grant: CreditGrant, line: InvoiceLine): boolean {
  const price = engine.state.prices.get(line.pricing?.price_details?.price ?? '')
  if (line.parent?.subscription_item_details == null || price?.recurring?.usage_type !== 'metered')
    return false
  const named = grant.applicability_config.scope.prices
  return named === undefined || named.some(one => one.id === price.id)
}

function netOf(line: InvoiceLine): number {
  return line.amount - (line.discount_amounts ?? []).reduce((sum, one) => sum + one.amount, 0)
}
