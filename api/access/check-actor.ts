import { type Failure, fail } from '#kernel/result'
import type { Actor } from '#kernel/rpc'

/**
 * Who may do what to an account. A customer who names another account hears that it does not exist: whether it does
 * must not leak. `undefined` means allowed.
 */
export function refuseToSee(actor: Actor, accountId: string): Failure | undefined {
  if (actor.kind === 'customer' && actor.accountId !== accountId) return NOT_FOUND
  return undefined
}

/** Secrets are for the customer alone; an operator may make a key for a demonstration account. */
export function refuseToCreateKey(actor: Actor, accountId: string): Failure | undefined {
  if (actor.kind === 'customer') return refuseToSee(actor, accountId)
  return actor.kind === 'service' && actor.service === 'operator' ? undefined : FORBIDDEN
}

/** Entitlements, limit sets and repairs are billing's, and an operator's in an emergency. */
export function refuseUnlessBilling(actor: Actor): Failure | undefined {
  const allowed = actor.kind === 'service' && (actor.service === 'billing' || actor.service === 'operator')
  return allowed ? undefined : FORBIDDEN
}

export const nameOf = (actor: Actor): string => (actor.kind === 'service' ? actor.service : actor.userId)

const NOT_FOUND = fail('not_found', 'There is no such account.')
const FORBIDDEN = fail('forbidden', 'You may not do this.')
