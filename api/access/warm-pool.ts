import * as z from 'zod/mini'
import { randomId } from '#kernel/ids'
import { instantSchema } from '#kernel/schemas'
import { type Condition, type Item, isNew, type Table } from '#kernel/table'
import { type Instant, MINUTE_MS, plusMs } from '#kernel/time'
import type { GatewayKey } from './document.ts'
import type { CreatedKey, Gateway } from './gateway.ts'
import { LEASE_MS, LIMIT_SETS_PARTITION, type LimitSet, usagePlanNameOf } from './limit-sets.ts'

/**
 * Gateway keys that are made and attached ahead of need, because API Gateway takes up to a minute to know a new one.
 * A key is planned (an item with its name), made, attached, ready 60 s later, claimed by one account, and leaves the
 * pool when that account's document names it.
 */
export const WARM_KEYS = 3
export const REFILL_AT = 1
/** "May take up to a minute": nothing is documented, so the pool waits as long before it hands a key out. */
export const PROPAGATION_MS = MINUTE_MS
/** Far longer than the Lambdas that claim may run: after that a claim without a document is a crash. */
export const CLAIM_TIMEOUT_MS = 5 * MINUTE_MS

const warmKeySchema = z.object({
  name: z.string(),
  limitSetId: z.string(),
  plannedAt: instantSchema,
  id: z.optional(z.string()),
  value: z.optional(z.string()),
  readyAt: z.optional(instantSchema),
  claimedBy: z.optional(z.string()),
  claimedAt: z.optional(instantSchema),
})
export type WarmKey = z.output<typeof warmKeySchema>

export type WarmPool = ReturnType<typeof createWarmPool>

const prefixOf = (limitSetId: string) => `${limitSetId}#`
const itemKey = ({ limitSetId, name }: Pick<WarmKey, 'limitSetId' | 'name'>) => ({
  pk: LIMIT_SETS_PARTITION,
  sk: `${prefixOf(limitSetId)}${name}`,
})
const parseWarmKey = (item: Item): WarmKey => z.parse(warmKeySchema, item)

/** The keys of one pool among the stored ones of all. */
export const poolOf = (limitSetId: string, stored: readonly Item[]): readonly WarmKey[] =>
  stored.filter(item => item.limitSetId === limitSetId).map(parseWarmKey)

/** Keys that are, or will be, there for the next account. */
export const unclaimedOf = (keys: readonly WarmKey[]): readonly WarmKey[] =>
  keys.filter(key => key.claimedBy === undefined)

/** Half made by a run that is over; a younger one may still be at work on its key. */
export const isLeftOver = (key: WarmKey, now: Instant): boolean =>
  key.readyAt === undefined && key.plannedAt <= plusMs(now, -LEASE_MS)

/** Claims so old that their maker is gone. */
export function abandonedOf(keys: readonly WarmKey[], now: Instant): readonly WarmKey[] {
  const before = plusMs(now, -CLAIM_TIMEOUT_MS)
  return keys.filter(({ claimedAt }) => claimedAt !== undefined && claimedAt <= before)
}

/** How many keys to plan: none until so few are left that a refill is worth its calls. */
export const refillCount = (keys: readonly WarmKey[], target = WARM_KEYS): number => {
  const left = unclaimedOf(keys).length
  return left <= REFILL_AT ? Math.max(0, target - left) : 0
}

/** What the account may take, best first: what it has claimed already, then what has been ready for longest. */
export const candidatesFor = (
  keys: readonly WarmKey[],
  accountId: string,
  now: Instant,
): readonly WarmKey[] => [
  ...keys.filter(key => key.claimedBy === accountId),
  ...unclaimedOf(keys)
    .filter(key => key.readyAt !== undefined && key.readyAt <= now)
    .toSorted((a, b) => (a.readyAt ?? 0) - (b.readyAt ?? 0)),
]

export function createWarmPool(table: Table, gateway: Gateway) {
  const list = async (limitSetId: string): Promise<WarmKey[]> =>
    (await table.query({ pk: LIMIT_SETS_PARTITION, prefix: prefixOf(limitSetId) })).map(parseWarmKey)

  /** Makes, attaches and marks ready what is planned. Finds what a crash left by its name. */
  const finish = async (key: WarmKey, limitSet: LimitSet, mayExist: boolean, now: Instant) => {
    const made = madeOf(key) ?? (await make(gateway, key.name, mayExist))
    await gateway.attachKey(limitSet.usagePlanId, made.id)
    await table.update(
      itemKey(key),
      [
        { set: 'id', to: made.id },
        { set: 'value', to: made.value },
        { set: 'readyAt', to: plusMs(now, PROPAGATION_MS) },
      ],
      [{ present: 'plannedAt' }, { absent: 'readyAt' }],
    )
  }

  return {
    list,

    /** A ready key for the account, claimed by a conditional write; `undefined` when none is ready. */
    async claim(limitSetId: string, accountId: string, now: Instant): Promise<GatewayKey | undefined> {
      for (const key of candidatesFor(await list(limitSetId), accountId, now)) {
        const { id, value, name } = key
        if (id === undefined || value === undefined) continue
        const claim = [
          { set: 'claimedBy', to: accountId },
          { set: 'claimedAt', to: now },
        ] as const
        // An own claim is taken again with a new time, so that nobody releases it meanwhile.
        const unchanged: readonly Condition[] = key.claimedBy === undefined ? UNCLAIMED : claimOf(key)
        if (await table.update(itemKey(key), claim, unchanged))
          return { id, value, name, limitSetId, pooled: false }
      }
      return undefined
    },

    /** Puts a key back that was claimed and that no document names. */
    release: async (key: WarmKey): Promise<boolean> =>
      (await table.update(itemKey(key), [{ remove: 'claimedBy' }, { remove: 'claimedAt' }], claimOf(key))) !==
      undefined,

    /** Takes a key out of the pool for good: the account's document names it. */
    leave: (key: Pick<WarmKey, 'limitSetId' | 'name'>, accountId: string): Promise<boolean> =>
      table.remove(itemKey(key), [{ path: 'claimedBy', equals: accountId }]),

    /**
     * Finishes what is unfinished and, when few are left, refills up to `target`. Returns how many keys wait for an
     * account. `read` are the limit set's keys where the caller has just listed them.
     */
    async refill(
      limitSet: LimitSet,
      now: Instant,
      { target = WARM_KEYS, read }: { target?: number; read?: readonly WarmKey[] | undefined } = {},
    ): Promise<number> {
      const keys = read ?? (await list(limitSet.limitSetId))
      for (const key of keys.filter(key => isLeftOver(key, now))) await finish(key, limitSet, true, now)
      const missing = refillCount(keys, target)
      for (let n = 0; n < missing; n++) {
        const { limitSetId } = limitSet
        const planned: WarmKey = {
          name: `${usagePlanNameOf(limitSetId)}-${randomId('warm')}`,
          limitSetId,
          plannedAt: now,
        }
        await table.put({ ...planned, ...itemKey(planned) }, isNew)
        await finish(planned, limitSet, false, now)
      }
      return unclaimedOf(keys).length + missing
    },
  }
}

const UNCLAIMED: readonly Condition[] = [{ present: 'readyAt' }, { absent: 'claimedBy' }]
const claimOf = ({ claimedBy, claimedAt }: WarmKey): readonly Condition[] => [
  { path: 'claimedBy', equals: claimedBy ?? '' },
  { path: 'claimedAt', equals: claimedAt ?? 0 },
]

const madeOf = ({ id, value }: WarmKey): CreatedKey | undefined =>
  id !== undefined && value !== undefined ? { id, value } : undefined

async function make(gateway: Gateway, name: string, mayExist: boolean): Promise<CreatedKey> {
  const [first, ...doubles] = mayExist ? await gateway.findKeys(name) : []
  for (const double of doubles) await gateway.deleteKey(double.id)
  return first ?? gateway.createKey(name)
}
