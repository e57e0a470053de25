import { change, type Engine, emit, nowSeconds } from '../engine.ts'
import { invalidRequest } from '../fault.ts'
import { need, needCustomer, needPrice } from '../find.ts'
import { newId } from '../ids.ts'
import {
  amount,
  applyMetadata,
  currency,
  emptyable,
  type Input,
  integer,
  list,
  metadata,
  object,
  oneOf,
  required,
  text,
  timestamp,
} from '../params.ts'
import type { CreditGrant, CreditTransaction } from '../wire.ts'

const scope = object({
  price_type: oneOf('metered'),
  prices: list(object({ id: required(text()) })),
})

export const createCreditGrantParams = object({
  amount: required(
    object({
      monetary: required(object({ currency: required(currency()), value: required(amount({ min: 1 })) })),
      type: required(oneOf('monetary')),
    }),
  ),
  applicability_config: required(object({ scope: required(scope) })),
  category: oneOf('paid', 'promotional'),
  customer: required(text()),
  effective_at: timestamp(),
  expires_at: timestamp(),
  metadata: metadata(),
  name: text({ max: 100 }),
  priority: integer({ min: 0, max: 100 }),
})

/** https://docs.stripe.com/billing/subscriptions/usage-based/billing-credits#limitations */
const MAX_UNUSED_GRANTS = 100
const DEFAULT_PRIORITY = 50

/** https://docs.stripe.com/api/billing/credit-grant/create */
export function createCreditGrant(engine: Engine, input: Input<typeof createCreditGrantParams>): CreditGrant {
  const customer = needCustomer(engine, input.customer, 'customer')
  const applies = checkScope(engine, input.applicability_config.scope)
  const now = nowSeconds(engine)
  const effectiveAt = input.effective_at ?? now
  if (input.expires_at !== undefined && input.expires_at <= Math.max(now, effectiveAt)) {
    throw invalidRequest('`expires_at` must be in the future and after `effective_at`.', {
      param: 'expires_at',
    })
  }
  const unused = [...engine.state.creditGrants.values()].filter(
    grant => grant.customer === customer.id && remainingOf(engine, grant.id) > 0,
  )
  if (unused.length >= MAX_UNUSED_GRANTS) {
    throw invalidRequest(`A customer can have at most ${MAX_UNUSED_GRANTS} unused credit grants.`, {
      param: 'customer',
    })
  }
  const grant: CreditGrant = {
    id: newId(engine.state, 'credgr_test_'),
    object: 'billing.credit_grant',
    amount: { monetary: { ...input.amount.monetary }, type: 'monetary' },
    applicability_config: { scope: applies },
    category: input.category ?? 'paid',
    created: now,
    customer: customer.id,
    customer_account: null,
    effective_at: effectiveAt,
    expires_at: input.expires_at ?? null,
    livemode: false,
    metadata: applyMetadata(null, input.metadata),
    name: input.name ?? null,
    priority: input.priority ?? DEFAULT_PRIORITY,
    test_clock: null,
    updated: now,
    voided_at: null,
  }
  engine.state.creditGrants.set(grant.id, grant)
  emit(engine, 'billing.credit_grant.created', grant)
  recordCredit(engine, grant, input.amount.monetary.value, { type: 'credits_granted', application: null })
  scheduleExpiry(engine, grant)
  return grant
}

function checkScope(
  engine: Engine,
  given: Input<typeof scope>,
): CreditGrant['applicability_config']['scope'] {
  if ((given.price_type === undefined) === (given.prices === undefined)) {
    throw invalidRequest('Pass exactly one of `price_type` and `prices`.', {
      param: 'applicability_config[scope]',
    })
  }
  if (given.prices === undefined) return { price_type: 'metered' }
  return {
    prices: given.prices.map(({ id }, index) => {
      const param = `applicability_config[scope][prices][${index}][id]`
      if (needPrice(engine, id, param).recurring?.usage_type === 'metered') return { id }
      throw invalidRequest('Credit grants apply to metered prices only.', { param })
    }),
  }
}

export const updateCreditGrantParams = object({
  expires_at: emptyable(timestamp()),
  metadata: metadata(),
})

/** https://docs.stripe.com/api/billing/credit-grant/update */
export function updateCreditGrant(
  engine: Engine,
  id: string,
  input: Input<typeof updateCreditGrantParams>,
): CreditGrant {
  const grant = needLiveGrant(engine, id)
  const now = nowSeconds(engine)
  if (typeof input.expires_at === 'number' && input.expires_at <= now) {
    throw invalidRequest('`expires_at` must be in the future.', { param: 'expires_at' })
  }
  const previous = change(grant, {
    metadata: applyMetadata(grant.metadata, input.metadata),
    ...(input.expires_at === undefined ? {} : { expires_at: input.expires_at }),
  })
  announceChange(engine, grant, previous)
  scheduleExpiry(engine, grant)
  return grant
}

/** https://docs.stripe.com/api/billing/credit-grant/expire */
export function expireCreditGrant(engine: Engine, id: string): CreditGrant {
  const grant = needLiveGrant(engine, id)
  expire(engine, grant)
  return grant
}

/** Only what was never used can be taken back: https://docs.stripe.com/api/billing/credit-grant/void */
export function voidCreditGrant(engine: Engine, id: string): CreditGrant {
  const grant = needLiveGrant(engine, id)
  const left = remainingOf(engine, id)
  if (left !== (grant.amount.monetary?.value ?? 0)) {
    throw invalidRequest('A credit grant that has been used cannot be voided.')
  }
  recordDebit(engine, grant, left, { type: 'credits_voided', application: null })
  announceChange(engine, grant, change(grant, { voided_at: nowSeconds(engine) }))
  return grant
}

/** The timer of an expiring grant. */
export function expireGrantWhenDue(engine: Engine, id: string): void {
  const grant = engine.state.creditGrants.get(id)
  if (grant === undefined || grant.voided_at !== null || grant.expires_at === null) return
  if (grant.expires_at <= nowSeconds(engine) && remainingOf(engine, id) > 0) expire(engine, grant)
}

function expire(engine: Engine, grant: CreditGrant): void {
  const now = nowSeconds(engine)
  const left = remainingOf(engine, grant.id)
  if (left > 0) recordDebit(engine, grant, left, { type: 'credits_expired', application: null })
  announceChange(engine, grant, change(grant, { expires_at: Math.min(grant.expires_at ?? now, now) }))
}

function scheduleExpiry(engine: Engine, grant: CreditGrant): void {
  if (grant.expires_at !== null) engine.time.later('expire-credit-grant', grant.expires_at * 1000, grant.id)
}

function needLiveGrant(engine: Engine, id: string): CreditGrant {
  const grant = need(engine.state.creditGrants, 'credit grant', id)
  const isOver = grant.voided_at !== null || (grant.expires_at ?? Infinity) <= nowSeconds(engine)
  if (isOver) throw invalidRequest('This credit grant has been voided or has expired.')
  return grant
}

function announceChange(engine: Engine, grant: CreditGrant, previous: Record<string, unknown>): void {
  if (Object.keys(previous).length === 0) return
  grant.updated = nowSeconds(engine)
  emit(engine, 'billing.credit_grant.updated', grant, previous)
}

/** What is left of a grant: the sum of its transactions. */
export function remainingOf(engine: Engine, grantId: string): number {
  let left = 0
  for (const one of engine.state.creditTransactions.values()) {
    if (one.credit_grant !== grantId) continue
    left += (one.credit?.amount.monetary?.value ?? 0) - (one.debit?.amount.monetary?.value ?? 0)
  }
  return left
}

/** The invoice line that credit was spent on. */
export type Application = { readonly invoice: string; readonly invoice_line_item: string }

type Credited = {
  readonly type: 'credits_granted' | 'credits_application_invoice_voided'
  readonly application: Application | null
}
type Debited = {
  readonly type: 'credits_applied' | 'credits_expired' | 'credits_voided'
  readonly application: Application | null
}

export function recordCredit(
  engine: Engine,
  grant: CreditGrant,
  value: number,
  why: Credited,
): CreditTransaction {
  const credit = {
    amount: money(grant, value),
    credits_application_invoice_voided: why.application,
    type: why.type,
  }
  return store(engine, grant, { credit, debit: null, type: 'credit' })
}

export function recordDebit(
  engine: Engine,
  grant: CreditGrant,
  value: number,
  why: Debited,
): CreditTransaction {
  const debit = { amount: money(grant, value), credits_applied: why.application, type: why.type }
  return store(engine, grant, { credit: null, debit, type: 'debit' })
}

function money(
  grant: CreditGrant,
  value: number,
): { monetary: { currency: string; value: number }; type: 'monetary' } {
  return { monetary: { currency: grant.amount.monetary?.currency ?? 'usd', value }, type: 'monetary' }
}

function store(
  engine: Engine,
  grant: CreditGrant,
  movement: Pick<CreditTransaction, 'credit' | 'debit' | 'type'>,
): CreditTransaction {
  const now = nowSeconds(engine)
  const transaction: CreditTransaction = {
    id: newId(engine.state, 'cbtxn_test_'),
    object: 'billing.credit_balance_transaction',
    created: now,
    credit_grant: grant.id,
    effective_at: now,
    livemode: false,
    test_clock: null,
    ...movement,
  }
  engine.state.creditTransactions.set(transaction.id, transaction)
  emit(engine, 'billing.credit_balance_transaction.created', transaction)
  return transaction
}
