import type { accessContract } from '#api/contract'
import { ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import { refuseToSee } from './check-actor.ts'
import { keyViewOf, newAccess } from './document.ts'
import type { AccessStore } from './store.ts'

/** Keys of an account, newest first. `ready` says whether it may make one. */
export function listKeys(ports: {
  readonly store: AccessStore
}): Handlers<typeof accessContract>['listKeys'] {
  return async ({ accountId }, { actor, now }) => {
    const refusal = refuseToSee(actor, accountId)
    if (refusal) return refusal
    const access = (await ports.store.load(accountId)) ?? newAccess(accountId)
    const keys = Object.values(access.keys)
      .toSorted((a, b) => b.createdAt - a.createdAt)
      .map(key => keyViewOf(key, now))
    return ok({ keys, ready: access.entitlement !== null })
  }
}
