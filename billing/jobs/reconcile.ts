import type { Call } from '#kernel/rpc'
import { HOUR_MS, type Instant, plusMs } from '#kernel/time'
import type { BillingDeps } from '../procedures/deps.ts'
import { type ComparePorts, compareLogs, DEVIATIONS_MAX } from '../reconciliation/compare-logs.ts'
import { compareStripe, type StripePorts } from '../reconciliation/compare-stripe.ts'
import {
  type DayRecord,
  dayBefore,
  dayOf,
  listDays,
  newRun,
  periodOfDay,
  putDay,
} from '../reconciliation/store.ts'

export type ReconcileDeps = Pick<BillingDeps, 'access' | 'billing'> &
  ComparePorts &
  StripePorts & {
    /** False when the run should come to an end and leave the rest to the next one. */
    readonly hasTime: () => boolean
  }
export type Reconciled = {
  readonly days: readonly { readonly day: string; readonly state: DayRecord['state'] }[]
  /** Days that deviate although what was missing was replayed: somebody has to look. */
  readonly alarms: readonly string[]
}

/** Both log paths retry for a day (CloudWatch Logs); the rest is room. */
const SETTLED_MS = 27 * HOUR_MS
/** How far back days that were missed, cut off or deviate are looked at again. */
const DAYS_BACK = 7
/** Hours of the log between two checkpoints; a day is a whole number of them. */
const WINDOW_HOURS = 4
/** GetUsage is best effort. */
const GATEWAY_TOLERANCE = { share: 0.01, calls: 10 } as const

/**
 * Reconciles days that have settled: access log ⇄ ledger by id, API Gateway's counters coarsely, Stripe's summaries
 * exactly. What is missing is replayed, and the next run looks again; only what is still wrong then is alarmed. A run
 * that is cut off is continued; a day that is clean is not read again.
 */
export async function reconcile(deps: ReconcileDeps, call: Call): Promise<Reconciled> {
  const days: { day: string; state: DayRecord['state'] }[] = []
  const alarms: string[] = []
  for (const before of await daysDue(deps, call.now)) {
    if (!deps.hasTime()) break
    const record = await runDay(deps, before, call)
    days.push({ day: record.day, state: record.state })
    if (record.state !== 'deviating' || record.alarmedAt !== null) continue
    alarms.push(describe(record))
    await putDay(deps.billing, { ...record, alarmedAt: call.now })
  }
  return { days, alarms }
}

/** The newest settled day and those before it that are not done, oldest first; each with the run to continue. */
async function daysDue({ billing }: Pick<ReconcileDeps, 'billing'>, now: Instant): Promise<DayRecord[]> {
  const newest = dayBefore(dayOf(plusMs(now, -SETTLED_MS)))
  const known = new Map(
    (await listDays(billing, { to: newest, limit: DAYS_BACK })).map(one => [one.day, one]),
  )
  // Nothing before the first day that was ever reconciled.
  const first = [...known.keys()].at(-1) ?? newest
  const weekAgo = dayBefore(newest, DAYS_BACK - 1)
  const earliest = first > weekAgo ? first : weekAgo
  const due: DayRecord[] = []
  for (let day = newest; day >= earliest; day = dayBefore(day)) {
    const before = known.get(day)
    if (before?.state === 'clean') continue
    due.unshift(before?.state === 'reading' ? before : newRun(day, now, before))
  }
  return due
}

async function runDay(deps: ReconcileDeps, started: DayRecord, call: Call): Promise<DayRecord> {
  let record = started
  const { start, end } = periodOfDay(record.day)
  for (
    let at = plusMs(start, record.hoursDone * HOUR_MS);
    at < end;
    at = plusMs(at, WINDOW_HOURS * HOUR_MS)
  ) {
    if (!deps.hasTime()) {
      await putDay(deps.billing, record)
      return record
    }
    const compared = await compareLogs(deps, { start: at, end: plusMs(at, WINDOW_HOURS * HOUR_MS) })
    record = addWindow(record, compared)
    if (compared.served + compared.failed > 0) await putDay(deps.billing, record)
  }
  if (record.gateway === null) record = { ...record, gateway: await askGateway(deps, record, call) }
  const isDone = await compareStripe(
    deps,
    { start, end },
    { compared: record.stripe ?? { segments: 0, differences: [] }, after: record.accountsTo },
    async (stripe, accountsTo) => {
      record = { ...record, stripe, accountsTo }
      if (deps.hasTime()) return true
      await putDay(deps.billing, record)
      return false
    },
  )
  if (!isDone) return record
  record = { ...record, state: stateOf(record), checkedAt: call.now }
  await putDay(deps.billing, record)
  return record
}

function addWindow(record: DayRecord, found: Awaited<ReturnType<typeof compareLogs>>): DayRecord {
  return {
    ...record,
    hoursDone: record.hoursDone + WINDOW_HOURS,
    served: record.served + found.served,
    failed: record.failed + found.failed,
    letThrough: record.letThrough + found.letThrough,
    missing: record.missing + found.missing,
    voided: record.voided + found.voided,
    deviations: [...record.deviations, ...found.deviations].slice(0, DEVIATIONS_MAX),
  }
}

async function askGateway(
  { access }: ReconcileDeps,
  { day, letThrough: loggedCalls }: DayRecord,
  call: Call,
): Promise<NonNullable<DayRecord['gateway']>> {
  const answer = await access.gatewayUse({ day }, call)
  if (!answer.ok) throw new Error(`access did not tell API Gateway's counts: ${answer.code}`)
  const { plans } = answer.value
  const countedCalls = plans.reduce((sum, { calls }) => sum + calls, 0)
  const tolerance = Math.max(GATEWAY_TOLERANCE.calls, loggedCalls * GATEWAY_TOLERANCE.share)
  const isWithinTolerance = Math.abs(countedCalls - loggedCalls) <= tolerance
  return { countedCalls, loggedCalls, isWithinTolerance, plans }
}

/** A deviation counts as one only when a second run, after the replay, finds it again. */
function stateOf({ missing, voided, gateway, stripe, runs }: DayRecord): DayRecord['state'] {
  const deviates =
    missing + voided > 0 || gateway?.isWithinTolerance === false || (stripe?.differences.length ?? 0) > 0
  if (!deviates) return 'clean'
  return runs > 1 ? 'deviating' : 'replayed'
}

const describe = ({ day, missing, voided, gateway, stripe }: DayRecord): string =>
  `${day}: ${missing} requests missing, ${voided} charged but failed, ` +
  `API Gateway counted ${gateway?.countedCalls} of ${gateway?.loggedCalls}, ` +
  `${stripe?.differences.length} segments differ from Stripe`
