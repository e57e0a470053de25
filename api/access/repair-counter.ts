import type { accessContract } from '#api/contract'
import { appendAudit } from '#kernel/audit'
import { ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import type { Table } from '#kernel/table'
import { refuseUnlessBilling } from './check-actor.ts'
import { settle } from './settle-counter.ts'

/** Puts the counter of a segment right from the ledger. */
export function repairCounter(ports: {
  readonly table: Table
}): Handlers<typeof accessContract>['repairCounter'] {
  return async ({ accountId, segmentStart, expectedRepairs, ledger }, call) => {
    const refusal = refuseUnlessBilling(call.actor)
    if (refusal) return refusal
    const moved = await settle(ports.table, accountId, segmentStart, ledger, expectedRepairs)
    if (moved.length > 0)
      await appendAudit(ports.table, call, {
        accountId,
        action: 'counter.repaired',
        after: { settledTo: ledger.settleTo, moved },
      })
    return ok({ repaired: moved.length > 0 })
  }
}
