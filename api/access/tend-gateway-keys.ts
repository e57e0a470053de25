import { ok } from '#kernel/result'
import type { Item } from '#kernel/table'
import { type Instant, plusMs } from '#kernel/time'
import { type AccessPorts, changeAccess } from './change-access.ts'
import { type Access, needsTending, newAccess, type RetiredKey } from './document.ts'
import type { Gateway } from './gateway.ts'
import type { LimitSet } from './limit-sets.ts'
import { abandonedOf, CLAIM_TIMEOUT_MS, poolOf, type WarmKey } from './warm-pool.ts'

export type TendPorts = AccessPorts & { readonly gateway: Gateway }
/** Told about a part that failed; the others go on, and the next tick tries again. */
export type OnFailure = (part: string, error: unknown) => void

/**
 * Looks at the state and does what is missing: finishes limit sets and warm keys that a crash left half made, refills
 * the pools, settles abandoned claims, gives accounts the gateway key they want and deletes replaced ones. Every step
 * may happen twice and be cut off anywhere. With nothing to do it takes two queries, however many limit sets there are.
 */
export async function tendGatewayKeys(ports: TendPorts, now: Instant, onFailure: OnFailure): Promise<void> {
  const attempt = async (part: string, work: () => Promise<unknown>) => {
    try {
      await work()
    } catch (error) {
      onFailure(part, error)
    }
  }
  const [listed, works] = await Promise.all([ports.limitSets.list(now), ports.store.listTending()])
  for (const limits of listed.stranded) await attempt('limit set', () => ports.limitSets.ensure(limits, now))
  const { ready, pools } = listed.stranded.length === 0 ? listed : await ports.limitSets.list(now)
  await Promise.all(
    ready.map(limitSet =>
      attempt(`warm pool of ${limitSet.limitSetId}`, () => tendPool(ports, limitSet, pools, now)),
    ),
  )
  for (const work of works)
    await attempt(`account ${work.accountId}`, async () => {
      const access = await tendAccount(ports, work.accountId, now)
      // A verb announces its work before it writes: only old announcements may be taken off.
      const isOld = work.since <= plusMs(now, -CLAIM_TIMEOUT_MS)
      if (isOld && !needsTending(access)) await ports.store.endTending(work)
    })
}

async function tendPool(
  ports: TendPorts,
  limitSet: LimitSet,
  pools: readonly Item[],
  now: Instant,
): Promise<void> {
  const keys = poolOf(limitSet.limitSetId, pools)
  const abandoned = abandonedOf(keys, now)
  for (const key of abandoned) await settleAbandoned(ports, key)
  await ports.warmPool.refill(limitSet, now, { read: abandoned.length === 0 ? keys : undefined })
}

async function settleAbandoned({ store, warmPool }: TendPorts, key: WarmKey): Promise<void> {
  const accountId = key.claimedBy ?? ''
  const access = (await store.load(accountId)) ?? newAccess(accountId)
  const isNamed = access.gatewayKey?.id === key.id || access.retiredKeys.some(({ id }) => id === key.id)
  if (isNamed) await warmPool.leave(key, accountId)
  else await warmPool.release(key)
}

async function tendAccount(ports: TendPorts, accountId: string, now: Instant): Promise<Access> {
  const access = (await ports.store.load(accountId)) ?? newAccess(accountId)
  const due = access.retiredKeys.filter(({ deleteAt }) => deleteAt <= now)
  for (const key of due) await deleteRetired(ports, key, accountId)
  const changed = await changeAccess(ports, accountId, now, read => ok(withoutRetired(read, due)))
  return changed.ok ? changed.value.access : access
}

/** The pool may still hold its claim after a crash; a deleted key must not be handed out from there. */
async function deleteRetired({ gateway, warmPool }: TendPorts, key: RetiredKey, accountId: string) {
  await warmPool.leave(key, accountId)
  await gateway.deleteKey(key.id)
}

function withoutRetired(read: Access, gone: readonly RetiredKey[]) {
  const ids = new Set(gone.map(({ id }) => id))
  const retiredKeys = read.retiredKeys.filter(({ id }) => !ids.has(id))
  const next = retiredKeys.length === read.retiredKeys.length ? read : { ...read, retiredKeys }
  return { next, value: undefined }
}
