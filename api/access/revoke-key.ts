import type { accessContract } from '#api/contract'
import { appendAudit } from '#kernel/audit'
import { fail, ok, type Result } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import type { Table } from '#kernel/table'
import type { Instant } from '#kernel/time'
import { type AccessPorts, changeAccess } from './change-access.ts'
import { refuseToSee } from './check-actor.ts'
import { type Access, type ApiKey, keyViewOf } from './document.ts'

/** Ends a key for good. Requests with it are refused within the authorizer's cache of a minute. */
export function revokeKey(
  ports: AccessPorts & { readonly table: Table },
): Handlers<typeof accessContract>['revokeKey'] {
  return async ({ accountId, keyId }, call) => {
    const refusal = refuseToSee(call.actor, accountId)
    if (refusal) return refusal
    const changed = await changeAccess(ports, accountId, call.now, read => revoke(read, keyId, call.now))
    if (!changed.ok) return changed
    const key = keyViewOf(changed.value.value, call.now)
    await appendAudit(ports.table, call, { accountId, action: 'key.revoked', after: key })
    return ok({ key })
  }
}

export function revoke(
  read: Access,
  keyId: string,
  now: Instant,
): Result<{ readonly next: Access; readonly value: ApiKey }> {
  const key = read.keys[keyId]
  if (!key) return fail('key_not_found', 'There is no such key.')
  if (key.revokedAt !== null) return fail('key_already_revoked', 'This key is revoked already.')
  const revoked = { ...key, revokedAt: now }
  return ok({ next: { ...read, keys: { ...read.keys, [keyId]: revoked } }, value: revoked })
}
