import * as z from 'zod/mini'
import { limitSetIdOf } from '#api/contract'
import { instantSchema, type Limits, limitsSchema } from '#kernel/schemas'
import { type Item, isNew, type Table } from '#kernel/table'
import { type Instant, MINUTE_MS, plusMs } from '#kernel/time'
import { type GatewayKey, gatewayKeySchema } from './document.ts'
import type { Gateway } from './gateway.ts'

/** The registry of limit sets: each is one usage plan, made once and never updated, with one pooled key. */
export type LimitSets = ReturnType<typeof createLimitSets>

const limitSetSchema = z.object({
  limitSetId: z.string(),
  limits: limitsSchema,
  usagePlanId: z.string(),
  pooledKey: gatewayKeySchema,
})
export type LimitSet = z.output<typeof limitSetSchema>

const claimSchema = z.object({ limits: limitsSchema, leaseUntil: instantSchema })

/** Longer than the Lambda that makes the usage plan may run. */
export const LEASE_MS = 2 * MINUTE_MS

/** Another run is making this limit set at the moment; the caller tries again. */
export class LimitSetBusyError extends Error {
  constructor(limitSetId: string) {
    super(`The limit set ${limitSetId} is being made by another run`)
    this.name = 'LimitSetBusyError'
  }
}

export const usagePlanNameOf = (limitSetId: string): string => `tollgate-${limitSetId}`

/** Limit sets and the keys of their warm pools are one partition: a tick that finds nothing to do reads it once. */
export const LIMIT_SETS_PARTITION = 'limit-sets'
const registryKey = (limitSetId: string) => ({ pk: LIMIT_SETS_PARTITION, sk: limitSetId })
const isLimitSet = (item: Item): boolean => item.sk === item.limitSetId
const parseReady = (item: Item | undefined): LimitSet | undefined =>
  item?.usagePlanId === undefined ? undefined : z.parse(limitSetSchema, item)

export function createLimitSets(table: Table, gateway: Gateway) {
  const get = async (limitSetId: string) => parseReady(await table.get(registryKey(limitSetId)))

  return {
    /** `undefined` until it is complete. */
    get,

    /** Complete ones, the limits of those whose making was cut off, and the stored keys of all warm pools. */
    async list(now: Instant): Promise<{ ready: LimitSet[]; stranded: Limits[]; pools: Item[] }> {
      const stored = await table.query({ pk: LIMIT_SETS_PARTITION })
      const items = stored.filter(isLimitSet)
      const unfinished = items
        .filter(item => item.usagePlanId === undefined)
        .map(item => z.parse(claimSchema, item))
      return {
        ready: items.flatMap(item => parseReady(item) ?? []),
        stranded: unfinished.filter(({ leaseUntil }) => leaseUntil < now).map(({ limits }) => limits),
        pools: stored.filter(item => !isLimitSet(item)),
      }
    },

    /**
     * Makes what is missing of a limit set. One run at a time by a lease; what an earlier run made before it was cut
     * off is found by name.
     */
    async ensure(limits: Limits, now: Instant): Promise<LimitSet> {
      const limitSetId = limitSetIdOf(limits)
      const known = await get(limitSetId)
      if (known) return known
      await takeLease(table, limitSetId, limits, now)
      const name = usagePlanNameOf(limitSetId)
      const usagePlanId = (await gateway.findUsagePlan(name)) ?? (await gateway.createUsagePlan(name, limits))
      const pooledKey = await ensurePooledKey(gateway, limitSetId, usagePlanId)
      const item = await table.update(
        registryKey(limitSetId),
        [
          { set: 'usagePlanId', to: usagePlanId },
          { set: 'pooledKey', to: pooledKey },
          { remove: 'leaseUntil' },
        ],
        [{ path: 'leaseUntil', equals: plusMs(now, LEASE_MS) }],
      )
      const made = parseReady(item)
      if (!made) throw new LimitSetBusyError(limitSetId)
      return made
    },
  }
}

async function takeLease(table: Table, limitSetId: string, limits: Limits, now: Instant): Promise<void> {
  const leaseUntil = plusMs(now, LEASE_MS)
  const item = { limitSetId, limits, leaseUntil, ...registryKey(limitSetId) }
  const taken =
    (await table.put(item, isNew)) || (await table.put(item, [{ path: 'leaseUntil', lessThan: now }]))
  if (!taken) throw new LimitSetBusyError(limitSetId)
}

async function ensurePooledKey(
  gateway: Gateway,
  limitSetId: string,
  usagePlanId: string,
): Promise<GatewayKey> {
  const name = `${usagePlanNameOf(limitSetId)}-pooled`
  const { id, value } = (await gateway.findKeys(name))[0] ?? (await gateway.createKey(name))
  await gateway.attachKey(usagePlanId, id)
  return { id, value, name, limitSetId, pooled: true }
}
