import type { ChangePreview, changeProcedures } from '#billing/contract'
import { appendAudit } from '#kernel/audit'
import { type Failure, fail, ok } from '#kernel/result'
import type { Call, Handlers } from '#kernel/rpc'
import { isOpen } from '../../changes/decide-change.ts'
import { type LoadChangePorts, loadChange, OUTDATED } from '../../changes/load-change.ts'
import { type PreviewFacts, previewOf } from '../../changes/preview.ts'
import { type SchedulePorts, scheduleChange } from '../../changes/schedule-change.ts'
import { beginUpgrade, goOnWithUpgrade, type UpgradePorts } from '../../changes/upgrade.ts'
import { TransientError } from '../../stripe/failure.ts'

export type ChangePlanPorts = LoadChangePorts & SchedulePorts & UpgradePorts
type ChangePlan = Handlers<typeof changeProcedures>['changePlan']

/** Makes a change exactly as it was shown, or says what is different now. */
export const changePlan =
  (ports: ChangePlanPorts): ChangePlan =>
  async (input, call) => {
    try {
      return await change(ports, input, call)
    } catch (error) {
      // What was begun stays open: the sweep finishes or drops it, and so does the next click.
      if (error instanceof TransientError) return UNKNOWN
      throw error
    }
  }

const UNKNOWN = fail(
  'plan_change_refused',
  'The payment service did not answer in time. The plan page shows what became of your change; nothing is charged twice.',
)

async function change(
  ports: ChangePlanPorts,
  input: Parameters<ChangePlan>[0],
  call: Call,
): ReturnType<ChangePlan> {
  const loaded = await loadChange(ports, input, call)
  if (!loaded.ok) return loaded
  const facts = loaded.value
  const { open } = facts
  if (
    open?.kind === 'upgrade' &&
    isOpen(open, call.now) &&
    open.planVersionId === input.expectedPlanVersionId
  )
    return open.state === 'switching'
      ? ok({ state: 'switching' })
      : answer(await goOnWithUpgrade(ports, open, facts.current, call.now))
  const preview = previewOf(facts)
  if (preview.refused) return fail(preview.refused.code, preview.refused.message)
  if (preview.to.planVersionId !== input.expectedPlanVersionId || preview.digest !== input.digest)
    return OUTDATED
  if (preview.kind === 'purchase' || preview.kind === 'cancel') return ELSEWHERE[preview.kind]
  await noteRequest(ports, preview, call)
  return preview.kind === 'upgrade'
    ? answer(await beginUpgrade(ports, facts, preview.today.credit?.creditMinor ?? '0'))
    : scheduleAt(ports, facts, call)
}

const ELSEWHERE = {
  purchase: fail(
    'plan_change_refused',
    'A first paid plan is bought on the payment page: use startCheckout.',
  ),
  cancel: fail('plan_change_refused', 'Going back to Free is a cancellation: use cancelPlan.'),
} as const

async function scheduleAt(ports: ChangePlanPorts, facts: PreviewFacts, call: Call) {
  const { account, target, segment } = facts
  if (!account.subscriptionId) throw new Error(`${account.accountId} has no subscription`)
  const wish = { kind: 'plan', plan: target } as const
  const scheduled = await scheduleChange(ports, account.accountId, account.subscriptionId, wish, call)
  return ok({ state: 'scheduled' as const, at: scheduled?.at ?? segment.end })
}

const noteRequest = (
  { billing }: ChangePlanPorts,
  { accountId, kind, from, to, today, effectiveAt }: ChangePreview,
  call: Call,
): Promise<void> =>
  appendAudit(billing, call, {
    accountId,
    action: 'plan.change_requested',
    before: { planVersionId: from.planVersionId },
    after: { kind, planVersionId: to.planVersionId, todayMinor: today.totalMinor, effectiveAt },
  })

const answer = (upgrading: Awaited<ReturnType<typeof beginUpgrade>>): Awaited<ReturnType<ChangePlan>> =>
  'ok' in upgrading ? (upgrading satisfies Failure) : ok(upgrading)
