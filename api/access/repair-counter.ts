import type { accessContract } from '#api/contract'
import { appendAudit } from '#kernel/audit'
import { ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import type { Table } from '#kernel/table'
import { refuseUnlessBilling } from './check-actor.ts'
import { repair } from './counter.ts'

/** Puts a drained hour of a counter right from the ledger. */
export function repairCounter(ports: {
  readonly table: Table
}): Handlers<typeof accessContract>['repairCounter'] {
  return async ({ accountId, segmentStart, hour, expectedUnits, ledgerUnits }, call) => {
    const refusal = refuseUnlessBilling(call.actor)
    if (refusal) return refusal
    const repaired = await repair(ports.table, accountId, segmentStart, hour, expectedUnits, ledgerUnits)
    if (repaired)
      await appendAudit(ports.table, call, {
        accountId,
        action: 'counter.repaired',
        before: { hour, units: expectedUnits },
        after: { hour, units: ledgerUnits },
      })
    return ok({ repaired })
  }
}
