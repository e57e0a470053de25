import { Duration } from 'aws-cdk-lib'
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler'
import { planDriftAlarm } from '../../constructs/plan-drift-alarm.ts'
import {
  mayReconcile,
  RECONCILE_ENV,
  RECONCILE_SCHEDULE,
  RECONCILE_TIMEOUT,
} from '../../constructs/reconciliation.ts'
import { onFacts } from '../../constructs/triggers.ts'
import { EVENT_SOURCES, MACHINES } from '../../names.ts'
import { type BillingParts, LEASED_TIMEOUT, SWEEP_TIMEOUT } from './parts.ts'

/** A run exports a bounded number of rows; the next tick goes on. */
const EXPORT_TIMEOUT = Duration.minutes(15)

const every = ScheduleExpression.rate

/** Level-triggered jobs, and the consumer of `account.created`. */
export function jobs(parts: BillingParts): void {
  usageJobs(parts)
  sweeps(parts)
  dailyJobs(parts)
  const outbox = parts.workerFunction('Outbox', 'billingOutbox', { publish: true })
  parts.schedule('OutboxSchedule', 'tollgate-billing-outbox', every(Duration.minutes(5)), outbox)
  onFacts(parts.stack, 'AccountCreated', {
    ruleName: 'tollgate-open-account',
    pattern: { source: [EVENT_SOURCES.portal], detailType: ['account.created'] },
    target: parts.workerFunction('OpenAccount', 'openAccount', { ledger: 'read', access: true }).function,
    deadLetterQueue: parts.deadLetters,
  })
}

/** Hour totals and counters, reports to Stripe, the export of the ledger. */
function usageJobs(parts: BillingParts): void {
  const rollUpDoors = { ledger: 'write', access: true, publish: true } as const
  const rollUp = parts.workerFunction('RollUp', 'rollUp', rollUpDoors, SWEEP_TIMEOUT)
  parts.schedule('RollUpSchedule', 'tollgate-roll-up', every(Duration.minutes(1)), rollUp)
  const reportDoors = { ledger: 'read', stripe: true } as const
  const report = parts.workerFunction('ReportUsage', 'reportUsage', reportDoors, LEASED_TIMEOUT)
  parts.schedule('ReportUsageSchedule', 'tollgate-report-usage', every(Duration.minutes(1)), report)
  const exportDoors = { ledger: 'read', files: 'ledger' } as const
  const exported = parts.workerFunction('ExportLedger', 'exportLedger', exportDoors, EXPORT_TIMEOUT)
  parts.schedule('ExportLedgerSchedule', 'tollgate-export-ledger', every(Duration.hours(1)), exported)
}

/** What a lost notification or a failed execution left. */
function sweeps(parts: BillingParts): void {
  const closeDoors = { ledger: 'read', stripe: true, publish: true, files: 'proofs' } as const
  const tax = { AUTOMATIC_TAX: parts.automaticTax }
  const closes = parts.workerFunction('SweepCloses', 'sweepCloses', closeDoors, SWEEP_TIMEOUT, tax)
  parts.mayStart(closes, MACHINES.closeInvoice)
  parts.schedule('SweepClosesSchedule', 'tollgate-sweep-closes', every(Duration.minutes(15)), closes)
  const changes = parts.workerFunction('SweepChanges', 'sweepChanges', { stripe: true }, SWEEP_TIMEOUT)
  parts.mayStart(changes, MACHINES.changePlan)
  parts.schedule('SweepChangesSchedule', 'tollgate-sweep-changes', every(Duration.minutes(15)), changes)
}

/** Whether price list, logs, ledger, gateway and Stripe agree. */
function dailyJobs(parts: BillingParts): void {
  const checkDoors = { stripe: true, access: true } as const
  const checkPlans = parts.workerFunction('CheckPlans', 'checkPlans', checkDoors, SWEEP_TIMEOUT)
  parts.mayStart(checkPlans, MACHINES.migratePlan)
  parts.schedule('CheckPlansSchedule', 'tollgate-check-plans', every(Duration.days(1)), checkPlans)
  planDriftAlarm(parts.stack, parts.alarms)
  const doors = { ledger: 'read', stripe: true, access: true } as const
  const reconcile = parts.workerFunction('Reconcile', 'reconcile', doors, RECONCILE_TIMEOUT, RECONCILE_ENV)
  mayReconcile(reconcile)
  parts.schedule('ReconcileSchedule', 'tollgate-reconcile', RECONCILE_SCHEDULE, reconcile)
}
