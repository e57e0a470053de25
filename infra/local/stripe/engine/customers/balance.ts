import { change, type Engine, emit, nowSeconds } from '../engine.ts'
import { invalidRequest } from '../fault.ts'
import { needCustomer, resourceOf } from '../find.ts'
import { newId } from '../ids.ts'
import { amount, applyMetadata, currency, type Input, metadata, object, required, text } from '../params.ts'
import type { BalanceTransaction, Customer } from '../wire.ts'

export const createBalanceTransactionParams = object({
  amount: required(amount()),
  currency: required(currency()),
  description: text(),
  metadata: metadata(),
})

/** https://docs.stripe.com/api/customer_balance_transactions/create. Negative amounts are credit. */
export function createBalanceTransaction(
  engine: Engine,
  customerId: string,
  input: Input<typeof createBalanceTransactionParams>,
): BalanceTransaction {
  const customer = needCustomer(engine, customerId)
  if ((customer.currency ?? input.currency) !== input.currency) {
    throw invalidRequest(`This customer already pays in ${customer.currency}.`, { param: 'currency' })
  }
  customer.currency = input.currency
  return moveBalance(engine, customer, input.amount, {
    type: 'adjustment',
    description: input.description ?? null,
    metadata: applyMetadata(null, input.metadata),
  })
}

type Movement = {
  readonly type: BalanceTransaction['type']
  readonly invoice?: string
  readonly creditNote?: string
  readonly description?: string | null
  readonly metadata?: Record<string, string>
}

/** Changes a customer's balance by an amount and keeps the transaction that says why. Does nothing for zero but record. */
export function moveBalance(
  engine: Engine,
  customer: Customer,
  moved: number,
  why: Movement,
): BalanceTransaction {
  const previous = change(customer, { balance: customer.balance + moved })
  const transaction: BalanceTransaction = {
    id: newId(engine.state, 'cbtxn_'),
    object: 'customer_balance_transaction',
    amount: moved,
    checkout_session: null,
    created: nowSeconds(engine),
    credit_note: why.creditNote ?? null,
    currency: customer.currency ?? 'usd',
    customer: customer.id,
    customer_account: null,
    description: why.description ?? null,
    ending_balance: customer.balance,
    invoice: why.invoice ?? null,
    livemode: false,
    metadata: why.metadata ?? {},
    type: why.type,
  }
  engine.state.balanceTransactions.set(transaction.id, transaction)
  if (Object.keys(previous).length > 0) emit(engine, 'customer.updated', customer, previous)
  return transaction
}

export function balanceTransactionsOf(engine: Engine, customerId: string): BalanceTransaction[] {
  return [...engine.state.balanceTransactions.values()].filter(one => one.customer === customerId)
}

/** A customer's own; another's is as good as missing. */
export function needBalanceTransaction(engine: Engine, customerId: string, id: string): BalanceTransaction {
  needCustomer(engine, customerId)
  const found = engine.state.balanceTransactions.get(id)
  return resourceOf(found?.customer === customerId ? found : undefined, 'customer balance transaction', id)
}
