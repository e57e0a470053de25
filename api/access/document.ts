import * as z from 'zod/mini'
import { entitlementSchema, type KeyView, keyCapsSchema, limitSetIdOf } from '#api/contract'
import { accountIdSchema, instantSchema, keyIdSchema } from '#kernel/schemas'
import { type Instant, MINUTE_MS, plusMs } from '#kernel/time'

/**
 * Everything that access knows about an account, as one document: the authorizer needs one read of it, and every
 * decision is one conditional write. The functions here are pure; `change-access.ts` carries them out.
 */

/** The API Gateway key that an account's calls count against. */
export const gatewayKeySchema = z.object({
  id: z.string(),
  /** The `usageIdentifierKey`. */
  value: z.string(),
  name: z.string(),
  limitSetId: z.string(),
  /** Shared by the accounts of the limit set that have none of their own yet. */
  pooled: z.boolean(),
})
export type GatewayKey = z.output<typeof gatewayKeySchema>

/** An own gateway key that was replaced. Kept for a while: cached authorizer answers still name it. */
const retiredKeySchema = z.object({
  id: z.string(),
  name: z.string(),
  limitSetId: z.string(),
  deleteAt: instantSchema,
})
export type RetiredKey = z.output<typeof retiredKeySchema>

const apiKeySchema = z.object({
  keyId: keyIdSchema,
  name: z.string(),
  hash: z.string(),
  masked: z.string(),
  createdAt: instantSchema,
  createdBy: z.string(),
  revokedAt: z.nullable(instantSchema),
  expiresAt: z.nullable(instantSchema),
})
export type ApiKey = z.output<typeof apiKeySchema>

export const accessSchema = z.object({
  accountId: accountIdSchema,
  /** Counts the writes; every write is on condition that it is what was read. 0: never written. */
  revision: z.int(),
  entitlement: z.nullable(entitlementSchema),
  /** The hard limit that the entitlement in force took away; its counter is to be lifted. */
  liftedHardLimit: entitlementSchema.shape.hardLimit,
  /** The caps of keys that it took away, all of them; likewise. */
  liftedKeyCaps: z.nullish(keyCapsSchema),
  gatewayKey: z.nullable(gatewayKeySchema),
  retiredKeys: z.array(retiredKeySchema),
  keys: z.record(keyIdSchema, apiKeySchema),
})
export type Access = z.output<typeof accessSchema>

export const newAccess = (accountId: string): Access => ({
  accountId,
  revision: 0,
  entitlement: null,
  liftedHardLimit: null,
  liftedKeyCaps: null,
  gatewayKey: null,
  retiredKeys: [],
  keys: {},
})

/** Ten times the authorizer's cache, so that no cached answer names a deleted key. */
export const RETIRE_MS = 10 * MINUTE_MS

export const isLive = (key: ApiKey, now: Instant): boolean =>
  key.revokedAt === null && (key.expiresAt === null || now < key.expiresAt)

export const liveKeysOf = (access: Access, now: Instant): readonly ApiKey[] =>
  Object.values(access.keys).filter(key => isLive(key, now))

/** The limit set that the account should be on; `undefined` before the first entitlement. */
export const wantedLimitSetOf = ({ entitlement }: Access): string | undefined =>
  entitlement ? limitSetIdOf(entitlement.limits) : undefined

/** Accounts that never made an API key are served by the pooled key: gateway keys are a scarce quota. */
export const wantsOwnGatewayKey = (access: Access): boolean => {
  const wanted = wantedLimitSetOf(access)
  const { gatewayKey } = access
  if (wanted === undefined || Object.keys(access.keys).length === 0) return false
  return gatewayKey === null || gatewayKey.pooled || gatewayKey.limitSetId !== wanted
}

/**
 * Puts the account on `warm` when it wants a key of its own and one was claimed, else on the pooled key of its limit
 * set, else leaves it where it is. Returns the same object when nothing changes.
 */
export function chooseGatewayKey(
  access: Access,
  warm: GatewayKey | undefined,
  pooled: GatewayKey | undefined,
  now: Instant,
): Access {
  const { gatewayKey: current } = access
  const onWantedSet = current !== null && current.limitSetId === wantedLimitSetOf(access)
  const next = wantsOwnGatewayKey(access) && warm ? warm : onWantedSet ? current : (pooled ?? current)
  if (next === current) return access
  const retired =
    current && !current.pooled
      ? [
          {
            id: current.id,
            name: current.name,
            limitSetId: current.limitSetId,
            deleteAt: plusMs(now, RETIRE_MS),
          },
        ]
      : []
  return { ...access, gatewayKey: next, retiredKeys: [...access.retiredKeys, ...retired] }
}

/** Whether `tend-gateway-keys` still has something to do for the account. */
export const needsTending = (access: Access): boolean =>
  wantsOwnGatewayKey(access) ||
  access.retiredKeys.length > 0 ||
  access.gatewayKey?.limitSetId !== wantedLimitSetOf(access)

export const keyViewOf = (key: ApiKey, now: Instant): KeyView => ({
  keyId: key.keyId,
  name: key.name,
  masked: key.masked,
  createdAt: key.createdAt,
  createdBy: key.createdBy,
  lastUsedAt: null,
  status: key.revokedAt !== null ? 'revoked' : isLive(key, now) ? 'active' : 'expired',
  revokedAt: key.revokedAt,
  expiresAt: key.expiresAt,
})
