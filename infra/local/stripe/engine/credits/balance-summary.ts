import { type Engine, nowSeconds } from '../engine.ts'
import { invalidRequest } from '../fault.ts'
import { need, needCustomer } from '../find.ts'
import { type Input, list, object, oneOf, required, text } from '../params.ts'
import type { CreditBalanceSummary, CreditGrant } from '../wire.ts'
import { remainingOf } from './credit-grant.ts'

export const balanceSummaryParams = object({
  customer: required(text()),
  filter: required(
    object({
      applicability_scope: object({
        price_type: oneOf('metered'),
        prices: list(object({ id: required(text()) })),
      }),
      credit_grant: text(),
      type: required(oneOf('applicability_scope', 'credit_grant')),
    }),
  ),
})

/** Credit left by currency, now usable or not: https://docs.stripe.com/api/billing/credit-balance-summary/retrieve */
export function summarizeCredits(
  engine: Engine,
  input: Input<typeof balanceSummaryParams>,
): CreditBalanceSummary {
  const customer = needCustomer(engine, input.customer, 'customer')
  const grants = [...engine.state.creditGrants.values()].filter(
    grant => grant.customer === customer.id && matches(engine, grant, input.filter),
  )
  const currencies = [...new Set(grants.map(grant => grant.amount.monetary?.currency ?? 'usd'))]
  const now = nowSeconds(engine)
  return {
    object: 'billing.credit_balance_summary',
    balances: currencies.map(currency => {
      const ofCurrency = grants.filter(grant => grant.amount.monetary?.currency === currency)
      const usable = ofCurrency.filter(
        grant =>
          (grant.effective_at ?? grant.created) <= now &&
          now < (grant.expires_at ?? Infinity) &&
          grant.voided_at === null,
      )
      return {
        available_balance: { monetary: { currency, value: sum(engine, usable) }, type: 'monetary' },
        ledger_balance: { monetary: { currency, value: sum(engine, ofCurrency) }, type: 'monetary' },
      }
    }),
    customer: customer.id,
    customer_account: null,
    livemode: false,
  }
}

function sum(engine: Engine, grants: readonly CreditGrant[]): number {
  return grants.reduce((total, grant) => total + remainingOf(engine, grant.id), 0)
}

function matches(
  engine: Engine,
  grant: CreditGrant,
  filter: Input<typeof balanceSummaryParams>['filter'],
): boolean {
  if (filter.type === 'credit_grant') {
    if (filter.credit_grant === undefined) throw missing('filter[credit_grant]')
    return (
      need(engine.state.creditGrants, 'credit grant', filter.credit_grant, 'filter[credit_grant]') === grant
    )
  }
  const wanted = filter.applicability_scope
  if (wanted === undefined) throw missing('filter[applicability_scope]')
  const named = grant.applicability_config.scope.prices
  if (wanted.prices === undefined) return named === undefined
  return wanted.prices.some(price => named?.some(one => one.id === price.id))
}

function missing(param: string) {
  return invalidRequest(`Missing required param: ${param}.`, { code: 'parameter_missing', param })
}
