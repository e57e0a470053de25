import type { Block, Entitlement } from '#api/contract'
import type { Instant } from '#kernel/time'
import type { LimitInForce } from '../access/counter.ts'
import { type Access, isLive } from '../access/document.ts'
import type { KeyPointer } from '../access/store.ts'

/** What the authorizer answers about a secret whose hash was looked up. */
export type Decision =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'not_ready' }
  | { readonly kind: 'blocked'; readonly block: Block; readonly caller: Caller }
  | { readonly kind: 'allowed'; readonly usageIdentifierKey: string; readonly caller: Caller }

/** Passed to the api Lambda and to the access log as flat strings. */
export type Caller = {
  readonly account: string
  readonly key: string
  /** Plan id. */
  readonly plan: string
  /** JSON of a `LimitInForce`; only for accounts with a hard limit and for capped keys. */
  readonly limit?: string
}

/** The most severe block is the one that is told. */
const SEVERITY: readonly Block[] = ['closed', 'suspended', 'unpaid']

/**
 * Pure. The pointer only says where to look: the document must hold the key under the same hash, because an abandoned
 * creation leaves a pointer behind.
 */
export function decide(
  hash: string,
  pointer: KeyPointer | undefined,
  access: Access | undefined,
  now: Instant,
): Decision {
  const key = pointer && access?.keys[pointer.keyId]
  if (!access || key?.hash !== hash || !isLive(key, now)) return { kind: 'unknown' }
  const { entitlement, gatewayKey } = access
  if (!entitlement) return { kind: 'not_ready' }
  const { planId } = entitlement
  const limit = limitOf(entitlement, key.keyId)
  const caller = {
    account: access.accountId,
    key: key.keyId,
    plan: planId,
    ...(limit && { limit: JSON.stringify(limit) }),
  }
  const block = SEVERITY.find(candidate => entitlement.blocks.includes(candidate))
  if (block) return { kind: 'blocked', block, caller }
  if (!gatewayKey) return { kind: 'not_ready' }
  return { kind: 'allowed', usageIdentifierKey: gatewayKey.value, caller }
}

/** What limits the calls of a key; undefined: nothing, so its calls never touch the counter. */
function limitOf({ version, hardLimit, keyCaps }: Entitlement, keyId: string): LimitInForce | undefined {
  const units = keyCaps?.unitsByKey[keyId]
  const key = units === undefined ? {} : { key: { id: keyId, units } }
  if (hardLimit) return { ...hardLimit, version, ...key }
  return keyCaps && units !== undefined ? { segment: keyCaps.segment, version, ...key } : undefined
}
