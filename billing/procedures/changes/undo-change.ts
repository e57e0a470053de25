import type { changeProcedures } from '#billing/contract'
import { appendAudit } from '#kernel/audit'
import { type Failure, fail, ok } from '#kernel/result'
import type { Call, Handlers } from '#kernel/rpc'
import { refuseUndo } from '../../changes/decide-change.ts'
import { scheduleChange } from '../../changes/schedule-change.ts'
import { noteScheduled } from '../../changes/scheduled.ts'
import { dropUpgrade } from '../../changes/upgrade.ts'
import type { Account } from '../../domain/records.ts'
import { type PlanChange, readPlanChange } from '../../workflows/work-item.ts'
import { loadAccount } from '../load-account.ts'
import type { ChangePlanPorts } from './change-plan.ts'

type UndoChange = Handlers<typeof changeProcedures>['undoChange']

/** Takes back what is scheduled until an hour before it happens, or drops an upgrade that is not paid yet. */
export const undoChange =
  (ports: ChangePlanPorts): UndoChange =>
  async ({ accountId }, call) => {
    const loaded = await loadAccount(ports, accountId, call)
    if (!loaded.ok) return loaded
    const open = await readPlanChange(ports.billing, accountId)
    if (open?.state === 'switching') return ALREADY_PAID
    if (open?.state === 'paying') return dropOpen(ports, open, call)
    return undoScheduled(ports, loaded.value.account, call)
  }

async function dropOpen(ports: ChangePlanPorts, open: PlanChange, call: Call): ReturnType<UndoChange> {
  const { accountId, planVersionId, subscriptionId } = open
  const before = { planVersionId, subscriptionId: subscriptionId ?? null }
  await appendAudit(ports.billing, call, { accountId, action: 'plan.change_dropped', before })
  if (!(await dropUpgrade(ports, open))) return ALREADY_PAID
  return ok({ undone: 'unpaid' })
}

async function undoScheduled(ports: ChangePlanPorts, account: Account, call: Call): ReturnType<UndoChange> {
  const { accountId, subscriptionId } = account
  if (!subscriptionId) return NOTHING
  const scheduled = await noteScheduled(ports, account, await ports.stripe.getSubscription(subscriptionId))
  if (!scheduled) return NOTHING
  const refusal = refuseUndo(scheduled.at, call.now)
  if (refusal) return refusal
  await appendAudit(ports.billing, call, { accountId, action: 'plan.change_undone', before: scheduled })
  await scheduleChange(ports, accountId, subscriptionId, null, call)
  return ok({ undone: 'scheduled' })
}

const NOTHING: Failure = fail('nothing_to_undo', 'No change is scheduled.')
const ALREADY_PAID: Failure = fail(
  'plan_change_refused',
  'This change is paid and is being switched on. It can be changed again in a few minutes.',
)
