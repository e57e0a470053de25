import { Duration } from 'aws-cdk-lib'
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler'
import type { CollectEnv, PaymentEnv } from '../../../../billing/config.ts'
import { CollectPaymentMachine } from '../../constructs/machines/collect-payment.ts'
import { MACHINES } from '../../names.ts'
import { paymentPolicyParameters } from '../../parameters.ts'
import { type BillingParts, type Doors, LEASED_TIMEOUT, machineArn, SWEEP_TIMEOUT } from './parts.ts'

/** Unpaid invoices: the machine that follows each, and the jobs that notice what a webhook did not tell. */
export function payments(parts: BillingParts): void {
  const { stack, alarms } = parts
  const machine: PaymentEnv = { COLLECT_PAYMENT_MACHINE: machineArn(stack, MACHINES.collectPayment) }
  const policy: CollectEnv = { ...machine, ...paymentPolicyParameters(stack) }
  const doors: Doors = { ledger: 'read', stripe: true, access: true, publish: true }
  const name = 'collectPaymentStep'
  const step = parts.workerFunction('CollectPaymentStep', name, doors, LEASED_TIMEOUT, policy)
  parts.mayOnExecutions(step, MACHINES.collectPayment, 'states:StopExecution')
  new CollectPaymentMachine(stack, step.function, alarms)
  const watch = parts.workerFunction('WatchPayments', 'watchPayments', doors, SWEEP_TIMEOUT, machine)
  const sweep = parts.workerFunction(
    'SweepPayments',
    'sweepPayments',
    { stripe: true },
    SWEEP_TIMEOUT,
    machine,
  )
  for (const job of [watch, sweep]) parts.mayStart(job, MACHINES.collectPayment)
  const every = ScheduleExpression.rate
  parts.schedule('WatchPaymentsSchedule', 'tollgate-watch-payments', every(Duration.minutes(1)), watch)
  parts.schedule('SweepPaymentsSchedule', 'tollgate-sweep-payments', every(Duration.hours(1)), sweep)
}
