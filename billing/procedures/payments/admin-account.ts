import { type Failure, fail, ok, type Result } from '#kernel/result'
import type { Call } from '#kernel/rpc'
import type { Account } from '../../domain/records.ts'
import { StripeRefused } from '../../stripe/failure.ts'
import { refuseNonAdmin } from '../authorise.ts'
import type { BillingDeps } from '../deps.ts'

type Deps = Pick<BillingDeps, 'accounts' | 'plans'>
export type Payer = Account & { readonly customerId: string; readonly currency: string }

/** The account that an administrator names. Failures: `forbidden`, `not_found`. */
export async function adminAccount(
  deps: Pick<Deps, 'accounts'>,
  accountId: string,
  call: Call,
): Promise<Result<Account>> {
  const refusal = refuseNonAdmin(call)
  if (refusal) return refusal
  const account = await deps.accounts.getAccount(accountId)
  return account ? ok(account) : fail('not_found', 'There is no such account.')
}

/** The same, with its customer at Stripe and the currency it pays in. One more failure: `no_customer`. */
export async function adminPayer(deps: Deps, accountId: string, call: Call): Promise<Result<Payer>> {
  const found = await adminAccount(deps, accountId, call)
  if (!found.ok) return found
  const account = found.value
  const { customerId } = account
  if (customerId === null)
    return fail(
      'no_customer',
      'This account has never bought anything: there is nothing at Stripe to change.',
    )
  return ok({ ...account, customerId, currency: await currencyOf(deps, account) })
}

export async function currencyOf(
  { plans }: Pick<Deps, 'plans'>,
  { planVersionId }: Pick<Account, 'planVersionId'>,
): Promise<string> {
  const plan = await plans.getVersion(planVersionId)
  if (!plan) throw new Error(`the plan version ${planVersionId} is not published`)
  return plan.currency
}

/** Stripe's refusal as a failure that an administrator can act on; anything else stays a throw. */
export function asFailure(error: unknown, code: string): Failure {
  if (error instanceof StripeRefused) return fail(code, `Stripe refuses this. ${error.message}`)
  throw error
}
