import { now } from '#kernel/clock'
import { createLog } from '#kernel/log'
import { readPaymentConfig } from '../config.ts'
import { createBillingDeps } from '../procedures/create-deps.ts'
import { scheduledAt } from '../procedures/service-call.ts'
import { createStripeAdapter } from '../stripe/adapter.ts'
import { createExecutions } from '../workflows/executions.ts'
import { sweepPayments } from './sweep-payments.ts'

const { billing, stripe: client } = createBillingDeps(now)
const stripe = createStripeAdapter(client)
const executions = createExecutions()
const machines = { collectPayment: readPaymentConfig().COLLECT_PAYMENT_MACHINE }
const log = createLog('sweep-payments')

/** Runs every hour. */
export const handler = async (event: unknown): Promise<void> => {
  const { started, problems } = await sweepPayments(
    { billing, stripe, executions, machines },
    scheduledAt(event),
  )
  if (started.length > 0) log.warn('collections started or taken over', { started })
  if (problems.length > 0) throw new Error(`the sweep failed for ${problems.join('; ')}`)
}
