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
  /** Seconds from a period's end until the log path counts as drained (default 24 h). */
  CLOSE_DRAIN_SECONDS: z.pipe(z.string().check(z.regex(/^\d+$/)), z.transform(Number)),
})
export type WorkerEnv = z.input<typeof worker>
export const readWorkerConfig = () => readConfig(worker)
