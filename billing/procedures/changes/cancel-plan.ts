import { type changeProcedures, isFree } from '#billing/contract'
import { appendAudit } from '#kernel/audit'
import { fail, ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import { refuseChange } from '../../changes/decide-change.ts'
import { loadChange } from '../../changes/load-change.ts'
import { scheduleChange } from '../../changes/schedule-change.ts'
import { refuseForeignAccount } from '../authorise.ts'
import type { ChangePlanPorts } from './change-plan.ts'

/** Back to Free at the end of the period; until then everything stays as it is. */
export const cancelPlan =
  (ports: ChangePlanPorts): Handlers<typeof changeProcedures>['cancelPlan'] =>
  async ({ accountId }, call) => {
    const foreign = refuseForeignAccount(call, accountId)
    if (foreign) return foreign
    const free = (await ports.plans.listLive()).find(isFree)
    if (!free) return fail('plan_not_found', 'There is no free plan to go back to.')
    const loaded = await loadChange(ports, { accountId, planId: free.id }, call)
    if (!loaded.ok) return loaded
    const refusal = refuseChange(loaded.value)
    if (refusal) return refusal
    const { account, current, subscription, segment } = loaded.value
    if (!subscription) throw new Error(`${accountId} has no subscription`)
    if (subscription.cancelsAt !== null) return ok({ at: subscription.cancelsAt })
    await appendAudit(ports.billing, call, {
      accountId,
      action: 'plan.change_requested',
      before: { planVersionId: current.planVersionId, scheduled: account.scheduled ?? null },
      after: { kind: 'cancel', planVersionId: free.planVersionId, effectiveAt: segment.end },
    })
    const scheduled = await scheduleChange(ports, accountId, subscription.id, { kind: 'cancel' }, call)
    return ok({ at: scheduled?.at ?? segment.end })
  }
