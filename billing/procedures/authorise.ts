import { type Failure, fail } from '#kernel/result'
import type { Call } from '#kernel/rpc'

/**
 * Whether the caller may see an account: its own customers, admins and services. Anybody else learns nothing, not even
 * that it exists. Null: allowed.
 */
export function refuseForeignAccount({ actor }: Call, accountId: string): Failure | null {
  if (actor.kind !== 'customer' || actor.accountId === accountId) return null
  return fail('not_found', 'There is no such account.')
}

/** Procedures of the owner: admins and the operator's command line. Null: allowed. */
export function refuseNonAdmin({ actor }: Call): Failure | null {
  const isOperator = actor.kind === 'service' && actor.service === 'operator'
  return actor.kind === 'admin' || isOperator ? null : fail('forbidden', 'This needs an administrator.')
}
