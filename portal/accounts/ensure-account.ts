import { accountIdOf } from '#kernel/ids'
import { domainEvent } from '#kernel/outbox'
import type { Instant } from '#kernel/time'
import type { AccountStore } from './store.ts'

/** What `ensureAccount` needs: the store, and a way to publish what an item carries. */
export type AccountPorts = {
  readonly store: Pick<AccountStore, 'add'>
  /** Publishes the account's pending events. A failure is left to the outbox job. */
  readonly announce: (accountId: string) => Promise<void>
}

/**
 * Makes the account of a Cognito user with `account.created` in the same write, and announces it. Repeatable: confirming
 * a sign-up calls it, and so does every sign-in, which heals a confirmation that was cut off anywhere.
 */
export async function ensureAccount(
  { store, announce }: AccountPorts,
  user: { readonly userId: string; readonly email: string },
  now: Instant,
): Promise<string> {
  const accountId = accountIdOf(user.userId)
  const event = domainEvent('account.created', now, { accountId, createdAt: now })
  await store.add({ accountId, userId: user.userId, email: user.email, createdAt: now }, event)
  await announce(accountId)
  return accountId
}
