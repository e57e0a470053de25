import type { PlanVersion } from '#billing/contract'
import type { Table } from '#kernel/table'
import type { Instant, Period } from '#kernel/time'
import type { Segment } from '../../domain/records.ts'
import { addReport, listReports, markDelivered, sumDelivered } from './outbox.ts'
import { planReport, type ReportStep, summaryWindowOf } from './plan-report.ts'

/** Stripe's meter, as reporting needs it. */
export interface MeterStripe {
  /** Resolves when Stripe has the event, also when it had it before. Throws `TransientError` when that is unknown. */
  sendUsage(event: {
    readonly eventName: string
    readonly customerId: string
    readonly units: number
    readonly identifier: string
    readonly stampAt: Instant
  }): Promise<void>
  /** Sum of the units of a customer; the window is aligned to minutes. Lags behind what was sent. */
  readUsage(of: {
    readonly meterId: string
    readonly customerId: string
    readonly window: Period
  }): Promise<number>
}

export type MeterTarget = { readonly customerId: string; readonly plan: PlanVersion }

/** Stripe's summary and our outbox disagree for more than a day; an administrator has to look. */
export class ReportStuck extends Error {
  constructor(accountId: string, deliveredUnits: number, summaryUnits: number) {
    super(`${accountId}: Stripe has ${summaryUnits} units, the outbox ${deliveredUnits} and one open item`)
    this.name = 'ReportStuck'
  }
}

/** Stripe goes on refusing what it took; see the meter problems of the reconciliation page. */
export class ReportRejected extends Error {
  constructor(accountId: string) {
    super(`${accountId}: Stripe refused the last reports after it took them`)
    this.name = 'ReportRejected'
  }
}

/** Open item, its sending, a new item, its sending, nothing: more rounds than that mean a defect. */
const ROUNDS_MAX = 8

/**
 * Brings what Stripe has of a segment to what is owed. The caller holds the account's lease. Returns the reported
 * units, which then equal `owedUnits`. Throws `TransientError`, `StripeRefused` or `ReportStuck`; whatever was open
 * stays open and is finished by the next call.
 */
export async function reportSegment(
  ports: { readonly billing: Table; readonly meter: MeterStripe },
  segment: Segment,
  target: MeterTarget,
  owedUnits: number,
  now: Instant,
): Promise<number> {
  let summaryUnits: number | null = null
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const reports = await listReports(ports.billing, segment)
    const step = planReport({ segment, owedUnits, reports, summaryUnits, now })
    if (step.kind === 'nothing') return sumDelivered(reports)
    if (step.kind === 'read_summary') summaryUnits = await readSegment(ports.meter, segment, target)
    else await execute(ports, segment.accountId, step, target, now)
  }
  throw new Error(`reporting ${segment.accountId} does not come to an end`)
}

/** Stripe's number for a segment. */
export const readSegment = (
  meter: Pick<MeterStripe, 'readUsage'>,
  segment: Period,
  target: MeterTarget,
): Promise<number> =>
  meter.readUsage({
    meterId: meterOf(target.plan).meterId,
    customerId: target.customerId,
    window: summaryWindowOf(segment),
  })

async function execute(
  { billing, meter }: { readonly billing: Table; readonly meter: MeterStripe },
  accountId: string,
  step: Exclude<ReportStep, { kind: 'nothing' | 'read_summary' }>,
  { customerId, plan }: MeterTarget,
  now: Instant,
): Promise<void> {
  if (step.kind === 'rejected') throw new ReportRejected(accountId)
  if (step.kind === 'stuck') throw new ReportStuck(accountId, step.deliveredUnits, step.summaryUnits)
  const { report } = step
  // A taken sequence number means that an earlier try wrote it: the next round finds it.
  if (step.kind === 'write') return void (await addReport(billing, report))
  if (step.kind === 'send')
    await meter.sendUsage({
      eventName: meterOf(plan).meterEventName,
      customerId,
      units: report.deltaUnits,
      identifier: report.identifier,
      stampAt: report.stampAt,
    })
  await markDelivered(billing, report, now)
}

function meterOf(plan: PlanVersion) {
  if (!plan.stripe) throw new Error(`${plan.planVersionId} has no meter`)
  return plan.stripe
}
