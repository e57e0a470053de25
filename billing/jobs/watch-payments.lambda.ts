import { now } from '#kernel/clock'
import { createLog } from '#kernel/log'
import { readPaymentConfig } from '../config.ts'
import { createBillingDeps } from '../procedures/create-deps.ts'
import { scheduledAt, serviceCall } from '../procedures/service-call.ts'
import { createStripeAdapter } from '../stripe/adapter.ts'
import { createExecutions } from '../workflows/executions.ts'
import { watchPayments } from './watch-payments.ts'

const deps = createBillingDeps(now)
const stripe = createStripeAdapter(deps.stripe)
const executions = createExecutions()
const machines = { collectPayment: readPaymentConfig().COLLECT_PAYMENT_MACHINE }
const log = createLog('watch-payments')

/** Runs every minute. */
export const handler = async (event: unknown, context: { readonly awsRequestId: string }): Promise<void> => {
  const call = serviceCall(scheduledAt(event), context.awsRequestId)
  const { woken, problems } = await watchPayments({ ...deps, stripe, executions, machines }, call)
  if (woken.length > 0) log.warn('payments noticed without their webhook', { woken })
  if (problems.length > 0) throw new Error(`watching payments failed for ${problems.join('; ')}`)
}
