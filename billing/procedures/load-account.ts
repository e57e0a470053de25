import { type Failure, fail, ok, type Result } from '#kernel/result'
import type { Call } from '#kernel/rpc'
import { catchUpFree } from '../accounts/advance-segment.ts'
import type { Account, Segment } from '../domain/records.ts'
import { refuseForeignAccount } from './authorise.ts'
import type { BillingDeps } from './deps.ts'

export type LoadedAccount = { readonly account: Account; readonly segment: Segment }

/**
 * The account that a procedure is about and its open segment; on Free the month is opened here when nobody has yet.
 * Failures: `not_found` for somebody else's account, `account_not_ready` before billing has opened it.
 */
export async function loadAccount(
  { accounts }: Pick<BillingDeps, 'accounts'>,
  accountId: string,
  call: Call,
): Promise<Result<LoadedAccount>> {
  const refusal = refuseForeignAccount(call, accountId)
  if (refusal) return refusal
  const account = await accounts.getAccount(accountId)
  if (!account || !(await accounts.newestSegment(accountId))) return NOT_READY
  return ok({ account, segment: await catchUpFree(accounts, account, call.now) })
}

const NOT_READY: Failure = fail(
  'account_not_ready',
  'Your account is being prepared. Try again in a few seconds.',
)
