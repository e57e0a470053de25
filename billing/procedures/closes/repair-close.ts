import type { closeProcedures, Repair, RepairPlan } from '#billing/contract'
import { appendAudit } from '#kernel/audit'
import { type Failure, fail, ok, type Result } from '#kernel/result'
import type { Call, Handlers } from '#kernel/rpc'
import type { Condition } from '#kernel/table'
import { type Decision, invoiceRecordKey } from '../../stripe/invoice-record.ts'
import { type Measure, measureSegment, readFrozen, refreeze } from '../../stripe/reporting/measure-segment.ts'
import { unlistHeld } from '../../workflows/close-invoice/close-log.ts'
import { billedUnits } from '../../workflows/close-invoice/compare-invoice.ts'
import { loadComparison } from '../../workflows/close-invoice/load-comparison.ts'
import { measureFor, planRepair } from '../../workflows/close-invoice/plan-repair.ts'
import { startClose } from '../../workflows/close-invoice/start-close.ts'
import type { Executions } from '../../workflows/executions.ts'
import { releaseWork } from '../../workflows/work-item.ts'
import { refuseNonAdmin } from '../authorise.ts'
import { type CloseDeps, type LoadedClose, loadClose } from './load-close.ts'

export type RepairDeps = CloseDeps & {
  readonly executions: Executions
  readonly machines: { readonly closeInvoice: string }
}
type Input = {
  readonly accountId: string
  readonly invoiceId: string
  readonly reason?: string | undefined
  readonly planId?: string | undefined
  readonly units?: number | undefined
}
type Repaired = { readonly plan: RepairPlan; readonly applied: boolean; readonly started: string | null }

const ACTIONS = {
  ...{ retry: 'close.retried', credit: 'close.credited', accept: 'close.accepted', waive: 'close.waived' },
} as const

/**
 * A repair of a held close. Without a `planId` it only says what it would do. With one it does exactly that, or nothing:
 * the decision is written before the work is let go of, and the next attempt of the close carries it out. Repeating it
 * finds the decision and goes on where the first try was cut off.
 */
export const repairClose =
  (deps: RepairDeps, repair: Repair): Handlers<typeof closeProcedures>['adminWaiveClose'] =>
  async (input, call) => {
    const refusal = refuseNonAdmin(call)
    if (refusal) return refusal
    const loaded = await loadClose(deps, input)
    if (!loaded.ok) return loaded
    const close = loaded.value
    const repeated = await finishDecided(deps, close, input, call)
    if (repeated) return repeated
    if (close.work?.state !== 'held' || close.record.closedAt)
      return fail('close_not_held', 'This close is not held: there is nothing to decide.')
    const planned = await plan(deps, repair, close, input, call)
    if (!planned.ok) return planned
    const preview = { plan: planned.value.plan, applied: false, started: null }
    if (input.planId === undefined) return ok(preview)
    if (input.reason === undefined)
      return fail('invalid_request', 'Say why, in 3 to 500 characters: it is kept in the audit trail.')
    if (input.planId !== planned.value.plan.planId) return CHANGED
    const confirmed = { ...input, reason: input.reason }
    return apply(deps, close, planned.value, confirmed, close.work.attempt, call)
  }

const CHANGED: Failure = fail(
  'close_changed',
  'Something changed since the preview. Look at the new one and confirm that.',
)

type Planned = { readonly plan: RepairPlan; readonly measure: Measure }

async function plan(
  deps: RepairDeps,
  repair: Repair,
  { closing, invoice, work }: LoadedClose,
  { units }: Input,
  call: Call,
): Promise<Result<Planned>> {
  const attempt = work?.attempt ?? 0
  if (!closing)
    return fail(
      'repair_not_possible',
      'No segment ends where this invoice does. Write to the engineers: infra/runbook.md.',
    )
  const frozen = await readFrozen(deps.billing, closing.segment)
  const fresh = await measureSegment(deps, closing.segment, closing.plan, call.now)
  const isDraft = invoice.status === 'draft'
  const billed = isDraft ? null : billedUnits(closing.plan, invoice)
  const missing = billed === null ? 0 : Math.max(0, (frozen ?? fresh).owedUnits - billed)
  const measure = measureFor(repair, { frozen, fresh }, units ?? missing)
  const comparison = isDraft ? null : await loadComparison(deps, closing, measure, invoice, repair)
  const facts = {
    repair,
    invoice,
    unit: closing.plan.unit,
    attempt,
    measure,
    comparison,
    billedUnits: billed,
  }
  const planned = planRepair(facts)
  return planned.ok ? ok({ plan: planned.value, measure }) : planned
}

async function apply(
  deps: RepairDeps,
  close: LoadedClose,
  { plan, measure }: Planned,
  { accountId, invoiceId, reason }: Input & { readonly reason: string },
  attempt: number,
  call: Call,
): Promise<Result<Repaired>> {
  const { record } = close
  await appendAudit(deps.billing, call, {
    ...{ accountId, action: ACTIONS[plan.repair], reason },
    before: { invoiceId, close: record.close, reason: record.reason ?? null },
    after: outcomeOf(plan),
  })
  const { planId, repair } = plan
  const decision: Decision = { repair, reason, planId, attempt, at: call.now, measure }
  const asRead: Condition = record.decision
    ? { path: ['decision', 'planId'], equals: record.decision.planId }
    : { absent: 'decision' }
  const isFirst = await deps.billing.update(
    invoiceRecordKey(accountId, invoiceId),
    [{ set: 'decision', to: decision }],
    [{ absent: 'closedAt' }, asRead],
  )
  if (!isFirst) return CHANGED
  return ok({ plan, applied: true, started: await letGo(deps, close, decision, call) })
}

/** The close goes on with its next attempt. Should this be cut off after letting go, the sweep starts it. */
async function letGo(
  deps: RepairDeps,
  { record, closing }: Pick<LoadedClose, 'record' | 'closing'>,
  { attempt, measure }: Decision,
  { now }: Call,
): Promise<string | null> {
  const { accountId, invoiceId } = record
  if (closing) await refreeze(deps.billing, closing.segment, measure)
  if (!(await releaseWork(deps.billing, 'close-invoice', invoiceId, attempt))) return null
  await unlistHeld(deps.billing, record)
  return (await startClose(deps, accountId, invoiceId, now)).started
}

/** A confirmed plan that was decided before: finished if the first try was cut off. */
async function finishDecided(
  deps: RepairDeps,
  { record, closing, work }: LoadedClose,
  { planId }: Input,
  call: Call,
): Promise<Result<Repaired> | null> {
  const { decision } = record
  if (planId === undefined || !decision || decision.planId !== planId) return null
  const isCutOff = work?.state === 'held' && work.attempt === decision.attempt
  const started = isCutOff ? await letGo(deps, { record, closing }, decision, call) : null
  return ok({ plan: planOf(decision, record), applied: true, started })
}

/** What is known of a plan once it is decided. */
const planOf = ({ planId, repair }: Decision, { proof }: LoadedClose['record']): RepairPlan => ({
  ...{ planId, repair, steps: ['This was decided before.'] },
  ...{ owedUnits: proof?.reportedUnits ?? 0, invoicedUnits: proof?.invoicedUnits ?? null, carryUnits: 0 },
  ...{ waivedUnits: proof?.waivedUnits ?? 0, creditMinor: '0', currency: '' },
})

/** What a repair changes, for the audit trail: the amounts that are not nothing. */
const outcomeOf = ({ repair, owedUnits, carryUnits, waivedUnits, creditMinor }: RepairPlan) => ({
  ...{ repair, owedUnits },
  ...(carryUnits !== 0 && { carryUnits }),
  ...(waivedUnits !== 0 && { waivedUnits }),
  ...(creditMinor !== '0' && { creditMinor }),
})
