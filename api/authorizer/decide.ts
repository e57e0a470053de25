import type { Block } from '#api/contract'
import type { Instant } from '#kernel/time'
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
  /** JSON of a `LimitInForce`; only for accounts with a hard limit. */
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
  const { hardLimit, version, planId } = entitlement
  const caller = {
    account: access.accountId,
    key: key.keyId,
    plan: planId,
    ...(hardLimit && { limit: JSON.stringify({ ...hardLimit, version }) }),
  }
  const block = SEVERITY.find(candidate => entitlement.blocks.includes(candidate))
  if (block) return { kind: 'blocked', block, caller }
  if (!gatewayKey) return { kind: 'not_ready' }
  return { kind: 'allowed', usageIdentifierKey: gatewayKey.value, caller }
}
