import { ok, type Result } from '#kernel/result'
import type { Instant } from '#kernel/time'
import {
  type Access,
  chooseGatewayKey,
  type GatewayKey,
  needsTending,
  newAccess,
  wantedLimitSetOf,
  wantsOwnGatewayKey,
} from './document.ts'
import type { LimitSets } from './limit-sets.ts'
import type { AccessStore } from './store.ts'
import type { WarmPool } from './warm-pool.ts'

/** What the verbs of access are wired with. */
export type AccessPorts = {
  readonly store: AccessStore
  readonly limitSets: LimitSets
  readonly warmPool: WarmPool
}

/** A pure step from one document to the next, with what the verb answers. Returning `read` itself changes nothing. */
export type Decide<T> = (read: Access) => Result<{ readonly next: Access; readonly value: T }>

export type Changed<T> = { readonly access: Access; readonly value: T; readonly written: boolean }

/** Writers of one account are few: members pressing buttons, billing, one job. */
const ROUNDS = 8

/**
 * Load, decide, act on an account's document. Beside what `decide` changes, the account gets a warm gateway key when it
 * wants one and one is ready: claimed first, then named by the same conditional write (make before break). What is left
 * to do is announced to `tend-gateway-keys` before the write, so that no crash loses it. A claim that comes to nothing
 * is left to that job: another run for the same account may be about to name the key.
 */
export async function changeAccess<T>(
  ports: AccessPorts,
  accountId: string,
  now: Instant,
  decide: Decide<T>,
): Promise<Result<Changed<T>>> {
  const { store } = ports
  let warm: GatewayKey | undefined
  for (let round = 0; round < ROUNDS; round++) {
    const read = (await store.load(accountId)) ?? newAccess(accountId)
    const decision = decide(read)
    if (!decision.ok) return decision
    const { next: decided, value } = decision.value
    warm ??= await claimFor(ports, decided, now)
    const next = chooseGatewayKey(decided, warm, await pooledKeyFor(ports, decided), now)
    if (next === read) return ok({ access: read, value, written: false })
    if (needsTending(next)) await store.requestTending(accountId, now)
    if (await store.save(read, next)) {
      if (warm && next.gatewayKey?.id === warm.id) await ports.warmPool.leave(warm, accountId)
      return ok({ access: next, value, written: true })
    }
  }
  throw new Error(`The access of ${accountId} changed too often to write it`)
}

async function claimFor({ warmPool }: AccessPorts, access: Access, now: Instant) {
  const limitSetId = wantedLimitSetOf(access)
  if (limitSetId === undefined || !wantsOwnGatewayKey(access)) return undefined
  return warmPool.claim(limitSetId, access.accountId, now)
}

async function pooledKeyFor({ limitSets }: AccessPorts, access: Access): Promise<GatewayKey | undefined> {
  const limitSetId = wantedLimitSetOf(access)
  if (limitSetId === undefined || access.gatewayKey?.limitSetId === limitSetId) return undefined
  return (await limitSets.get(limitSetId))?.pooledKey
}
