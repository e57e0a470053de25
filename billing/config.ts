import * as z from 'zod/mini'
import { readConfig, required } from '#kernel/config'

/** Environments of this service's deployables. The only reader of their `process.env`; infrastructure satisfies these types. */
const ledger = { LEDGER_TABLE: required }
const billing = { BILLING_TABLE: required }
const stripe = { STRIPE_SECRET_ID: required, STRIPE_API_URL: required }
const access = { ACCESS_FUNCTION: required }
const bus = { EVENT_BUS: required }

/** Log subscription of usage and access lines; poison lines go to the queue. */
const recordUsage = z.object({ ...ledger, POISON_QUEUE_URL: required })
export type RecordUsageEnv = z.input<typeof recordUsage>
export const readRecordUsageConfig = () => readConfig(recordUsage)

/** Webhook endpoint: verifies and puts the notification on the bus. */
const webhook = z.object({ ...stripe, ...bus })
export type WebhookEnv = z.input<typeof webhook>
export const readWebhookConfig = () => readConfig(webhook)

/** Starter: turns notifications into executions. ARNs are built from names, so a machine may call its own starter. */
const starter = z.object({
  ...billing,
  ...stripe,
  CLOSE_INVOICE_MACHINE: required,
  CHANGE_PLAN_MACHINE: required,
  COLLECT_PAYMENT_MACHINE: required,
})
export type StarterEnv = z.input<typeof starter>
export const readStarterConfig = () => readConfig(starter)

/** Everything else: jobs, steps of state machines, procedures, consumers of `account.created`. */
const worker = z.object({
  ...ledger,
  ...billing,
  ...stripe,
  ...access,
  ...bus,
  CLOSE_INVOICE_MACHINE: required,
  CHANGE_PLAN_MACHINE: required,
  PUBLISH_PLAN_MACHINE: required,
  MIGRATE_PLAN_MACHINE: required,
  /** Seconds from a period's end until the log path counts as drained (default 24 h). */
  CLOSE_DRAIN_SECONDS: z.pipe(z.string().check(z.regex(/^\d+$/)), z.transform(Number)),
  /** Proof files and exports of the ledger. */
  PROOF_BUCKET: required,
})
export type WorkerEnv = z.input<typeof worker>
export const readWorkerConfig = () => readConfig(worker)

/** What the jobs around unpaid invoices have besides the worker's environment. */
const payment = z.object({ COLLECT_PAYMENT_MACHINE: required })
export type PaymentEnv = z.input<typeof payment>
export const readPaymentConfig = () => readConfig(payment)

/** Whole days. The policy of the owner: how long calls go on after a failed payment, and how long until it is final. */
const days = z.pipe(z.string().check(z.regex(/^\d{1,3}$/)), z.transform(Number))
const collect = z.object({
  ...payment.shape,
  PAYMENT_GRACE_DAYS: days,
  PAYMENT_CANCEL_DAYS: days,
})
export type CollectEnv = z.input<typeof collect>
export const readCollectConfig = () => readConfig(collect)

/** Reading the logs back, and the function that takes their lines into the ledger. */
const reconcile = z.object({
  RECORD_USAGE_FUNCTION: required,
  ACCESS_LOG_GROUP: required,
  USAGE_LOG_GROUP: required,
})
export type ReconcileEnv = z.input<typeof reconcile>
export const readReconcileConfig = () => readConfig(reconcile)

/** What the procedures have besides the worker's environment, for the redrive of dead letters. */
const redrive = z.object({ RECORD_USAGE_FUNCTION: required, DEAD_LETTERS_URL: required })
export type RedriveEnv = z.input<typeof redrive>
export const readRedriveConfig = () => readConfig(redrive)

/** The owner's switch, for what makes subscriptions: Stripe Tax computes tax on them. Absent elsewhere. */
const tax = z.object({
  AUTOMATIC_TAX: z._default(z.enum(['true', 'false']), 'false'),
})
export const readTaxConfig = () => readConfig(tax)
