import type { accessContract } from '#api/contract'
import { readAudit } from '#kernel/audit'
import { fail, ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import type { Table } from '#kernel/table'
import { refuseToSee } from './check-actor.ts'

/** Access's part of the audit trail: keys, entitlements, repairs. The deployment's trail is for admins. */
export const listAudit =
  ({ table }: { readonly table: Table }): Handlers<typeof accessContract>['listAudit'] =>
  async (query, call) => {
    if (query.accountId === null && call.actor.kind === 'customer')
      return fail('forbidden', 'You may not do this.')
    const refusal = query.accountId === null ? undefined : refuseToSee(call.actor, query.accountId)
    return refusal ?? ok({ records: await readAudit(table, query, call.now) })
  }
