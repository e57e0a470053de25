import * as z from 'zod/mini'
import { stripeNotificationSchema } from '#billing/contract'
import { now } from '#kernel/clock'
import { createDynamoTable } from '#kernel/dynamo-table'
import { createLog } from '#kernel/log'
import { createAccountStore } from '../accounts/store.ts'
import { readStarterConfig } from '../config.ts'
import { createPlanStore } from '../plans/store.ts'
import { createStripeAdapter } from '../stripe/adapter.ts'
import { createStripeAccess, secretReader } from '../stripe/client.ts'
import { createExecutions } from '../workflows/executions.ts'
import { startWorkflow } from './start-workflow.ts'

const env = readStarterConfig()
const log = createLog('start-workflow')
const billing = createDynamoTable(env.BILLING_TABLE)
const { stripe } = createStripeAccess({
  readSecret: secretReader(env.STRIPE_SECRET_ID),
  apiUrl: env.STRIPE_API_URL,
  now,
})
const ports = {
  billing,
  accounts: createAccountStore(billing),
  plans: createPlanStore(billing),
  stripe: createStripeAdapter(stripe),
  executions: createExecutions(),
  machines: {
    closeInvoice: env.CLOSE_INVOICE_MACHINE,
    changePlan: env.CHANGE_PLAN_MACHINE,
    collectPayment: env.COLLECT_PAYMENT_MACHINE,
  },
}

/** What the webhook put on the bus, as EventBridge delivers it. */
const eventSchema = z.object({ detail: z.object({ data: stripeNotificationSchema }) })

/** Target of the rule on source `tollgate.stripe`. A throw is retried by Lambda and ends in the rule's dead letters. */
export const handler = async (event: unknown): Promise<void> => {
  const { data } = z.parse(eventSchema, event).detail
  const outcomes = await startWorkflow(ports, data, now())
  log.info('notification', { ...data, outcomes })
}
