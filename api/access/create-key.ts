import { type accessContract, KEY_NAME_MAX, LIVE_KEYS_MAX } from '#api/contract'
import { appendAudit } from '#kernel/audit'
import { derivedId, randomId } from '#kernel/ids'
import { fail, ok, type Result } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import type { Table } from '#kernel/table'
import type { Instant } from '#kernel/time'
import { type AccessPorts, changeAccess } from './change-access.ts'
import { nameOf, refuseToCreateKey } from './check-actor.ts'
import { type Access, type ApiKey, keyViewOf, liveKeysOf } from './document.ts'
import { createSecret, hashSecret, type KeyStage, maskSecret } from './key-format.ts'

/**
 * Makes an API key. Its secret is in this one answer and nowhere else. Pointer first, then the document: a pointer
 * without a key in the document opens nothing.
 */
export function createKey(
  ports: AccessPorts & { readonly table: Table; readonly keyStage: KeyStage },
): Handlers<typeof accessContract>['createKey'] {
  return async ({ accountId, name, idempotencyKey }, call) => {
    const refusal = refuseToCreateKey(call.actor, accountId)
    if (refusal) return refusal
    const secret = createSecret(ports.keyStage)
    const key: ApiKey = {
      keyId: idempotencyKey === undefined ? randomId('key') : derivedId('key', accountId, idempotencyKey),
      name: name.slice(0, KEY_NAME_MAX),
      hash: hashSecret(secret),
      masked: maskSecret(secret),
      createdAt: call.now,
      createdBy: nameOf(call.actor),
      revokedAt: null,
      expiresAt: null,
    }
    await ports.store.addPointer(key.hash, { accountId, keyId: key.keyId })
    const changed = await changeAccess(ports, accountId, call.now, read => addKey(read, key, call.now))
    if (!changed.ok) return changed
    const stored = changed.value.value
    if (stored.hash !== key.hash) return ok({ key: keyViewOf(stored, call.now), secret: null })
    const view = keyViewOf(stored, call.now)
    await appendAudit(ports.table, call, { accountId, action: 'key.created', after: view })
    return ok({ key: view, secret })
  }
}

/** Keys of an account that its document keeps, revoked ones included; the audit trail keeps all. */
const KEPT_KEYS_MAX = 50

/** The key itself, or the one that an earlier submission of the same form made. */
export function addKey(
  read: Access,
  key: ApiKey,
  now: Instant,
): Result<{ readonly next: Access; readonly value: ApiKey }> {
  if (!read.entitlement)
    return fail('account_not_ready', 'Your account is being prepared. Try again in a moment.')
  const made = read.keys[key.keyId]
  if (made) return ok({ next: read, value: made })
  if (liveKeysOf(read, now).length >= LIVE_KEYS_MAX)
    return fail('too_many_keys', `An account has at most ${LIVE_KEYS_MAX} live keys. Revoke one first.`)
  return ok({ next: { ...read, keys: { ...keptKeys(read, now), [key.keyId]: key } }, value: key })
}

function keptKeys(access: Access, now: Instant): Readonly<Record<string, ApiKey>> {
  const live = new Set(liveKeysOf(access, now).map(({ keyId }) => keyId))
  const surplus = Object.values(access.keys).length + 1 - KEPT_KEYS_MAX
  const dropped = Object.values(access.keys)
    .filter(({ keyId }) => !live.has(keyId))
    .toSorted((a, b) => a.createdAt - b.createdAt)
    .slice(0, Math.max(0, surplus))
    .map(({ keyId }) => keyId)
  return Object.fromEntries(Object.entries(access.keys).filter(([keyId]) => !dropped.includes(keyId)))
}
