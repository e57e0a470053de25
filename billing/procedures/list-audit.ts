import type { billingContract } from '#billing/contract'
import { readAudit } from '#kernel/audit'
import { ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import { refuseForeignAccount, refuseNonAdmin } from './authorise.ts'
import type { BillingDeps } from './deps.ts'

/** Billing's part of the audit trail: plans, caps, credits, closes. The deployment's trail is for admins. */
export const listAudit =
  ({ billing }: Pick<BillingDeps, 'billing'>): Handlers<typeof billingContract>['listAudit'] =>
  async (query, call) => {
    const { accountId } = query
    const refusal = accountId === null ? refuseNonAdmin(call) : refuseForeignAccount(call, accountId)
    return refusal ?? ok({ records: await readAudit(billing, query, call.now) })
  }
