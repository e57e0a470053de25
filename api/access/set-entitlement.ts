import type { accessContract, Entitlement } from '#api/contract'
import { appendAudit } from '#kernel/audit'
import { ok, type Result } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import type { Table } from '#kernel/table'
import type { Instant } from '#kernel/time'
import { alignAll, lift, liftOtherKeys } from './align-counter.ts'
import { type AccessPorts, changeAccess } from './change-access.ts'
import { refuseUnlessBilling } from './check-actor.ts'
import { segmentOf } from './counter.ts'
import { type Access, wantedLimitSetOf } from './document.ts'

/**
 * Puts an entitlement in force if it is newer than the one that is, and answers what is in force then. Sent again, it
 * completes what a crash left undone.
 */
export function setEntitlement(
  ports: AccessPorts & { readonly table: Table },
): Handlers<typeof accessContract>['setEntitlement'] {
  return async (entitlement, call) => {
    const refusal = refuseUnlessBilling(call.actor)
    if (refusal) return refusal
    const { accountId } = entitlement
    await ports.limitSets.ensure(entitlement.limits, call.now)
    const changed = await changeAccess(ports, accountId, call.now, read => entitle(read, entitlement))
    if (!changed.ok) return changed
    const { access, value: before } = changed.value
    await moveCounter(ports.table, access, call.now)
    if (access.entitlement?.version !== before?.version)
      await appendAudit(ports.table, call, {
        accountId,
        action: 'entitlement.changed',
        before,
        after: access.entitlement,
      })
    return ok({
      version: access.entitlement?.version ?? 0,
      limitsInForce: access.gatewayKey?.limitSetId === wantedLimitSetOf(access),
    })
  }
}

/** Newer wins. The value is the entitlement that was in force before. */
export function entitle(
  read: Access,
  entitlement: Entitlement,
): Result<{ readonly next: Access; readonly value: Entitlement | null }> {
  const before = read.entitlement
  if (before && before.version >= entitlement.version) return ok({ next: read, value: before })
  const liftedHardLimit = entitlement.hardLimit === null ? (before?.hardLimit ?? null) : null
  const liftedKeyCaps = entitlement.keyCaps ? null : (before?.keyCaps ?? null)
  return ok({ next: { ...read, entitlement, liftedHardLimit, liftedKeyCaps }, value: before })
}

/** Raising a limit, or taking it away, holds at once although the authorizer's answers are cached. */
async function moveCounter(table: Table, access: Access, now: Instant): Promise<void> {
  const { accountId, entitlement, liftedHardLimit, liftedKeyCaps } = access
  if (!entitlement) return
  const { version, hardLimit, keyCaps } = entitlement
  const limits = hardLimit ?? keyCaps
  if (limits) await alignAll(table, accountId, entitlement, segmentOf(limits, now).start)
  if (liftedHardLimit) await lift(table, accountId, version, segmentOf(liftedHardLimit, now).start)
  const keyLimits = keyCaps ?? liftedKeyCaps
  if (keyLimits) await liftOtherKeys(table, entitlement, segmentOf(keyLimits, now).start)
}
