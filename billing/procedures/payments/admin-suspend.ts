import type { billingContract } from '#billing/contract'
import { appendAudit } from '#kernel/audit'
import { fail, ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import { applyBlocks } from '../../payments/apply-blocks.ts'
import {
  liftSuspension,
  listSuspensions,
  placeSuspension,
  publishSuspensions,
} from '../../payments/suspension.ts'
import type { BillingDeps } from '../deps.ts'
import { adminAccount } from './admin-account.ts'

type Deps = Pick<BillingDeps, 'access' | 'accounts' | 'billing' | 'ledger' | 'plans' | 'publish'>
type Procedures = Handlers<typeof billingContract>

/** All calls of the account are refused from now on; its customers read the reason. Suspending twice changes nothing. */
export const adminSuspend =
  (deps: Deps): Procedures['adminSuspend'] =>
  async ({ accountId, reason }, call) => {
    const found = await adminAccount(deps, accountId, call)
    if (!found.ok) return found
    await publishSuspensions(deps.billing, deps.publish, accountId)
    const inForce = (await listSuspensions(deps.billing, accountId)).some(
      one => one.cause === 'admin' && one.liftedAt === undefined,
    )
    if (!inForce) {
      await appendAudit(deps.billing, call, { accountId, action: 'account.suspended', reason })
      const since = call.now
      const why = { cause: 'admin', reason, since, invoiceId: null, dispute: null }
      await placeSuspension(deps.billing, { accountId, ...why })
    }
    await applyBlocks(deps, accountId, call)
    return ok({})
  }

/** Lifts every suspension. A dispute that goes on does not suspend again: whoever lifts it has decided. */
export const adminUnsuspend =
  (deps: Deps): Procedures['adminUnsuspend'] =>
  async ({ accountId, reason }, call) => {
    const found = await adminAccount(deps, accountId, call)
    if (!found.ok) return found
    await publishSuspensions(deps.billing, deps.publish, accountId)
    const inForce = (await listSuspensions(deps.billing, accountId)).filter(
      ({ liftedAt }) => liftedAt === undefined,
    )
    if (inForce.length === 0 && !found.value.blocks.includes('suspended'))
      return fail('not_suspended', 'This account is not suspended.')
    for (const record of inForce) {
      await appendAudit(deps.billing, call, {
        ...{ accountId, action: 'account.unsuspended', reason },
        before: { cause: record.cause, reason: record.reason },
      })
      await liftSuspension(deps.billing, record, call.now)
    }
    await applyBlocks(deps, accountId, call)
    return ok({})
  }
