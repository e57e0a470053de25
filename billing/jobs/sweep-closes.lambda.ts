import { now } from '#kernel/clock'
import { createLog } from '#kernel/log'
import { SECOND_MS } from '#kernel/time'
import { createBillingDeps } from '../procedures/create-deps.ts'
import { scheduledAt } from '../procedures/service-call.ts'
import { createStripeAdapter } from '../stripe/adapter.ts'
import { createExecutions } from '../workflows/executions.ts'
import { sweepCloses } from './sweep-closes.ts'

const deps = createBillingDeps(now)
const stripe = createStripeAdapter(deps.stripe)
const executions = createExecutions()
const machines = { closeInvoice: deps.env.CLOSE_INVOICE_MACHINE }
const drainMs = deps.env.CLOSE_DRAIN_SECONDS * SECOND_MS
const log = createLog('sweep-closes')

/** Runs every 15 minutes. */
export const handler = async (event: unknown): Promise<void> => {
  const { started, problems } = await sweepCloses(
    { ...deps, stripe, executions, machines, drainMs },
    scheduledAt(event),
  )
  if (started.length > 0) log.warn('closes taken over', { started })
  if (problems.length > 0) throw new Error(`the sweep failed for ${problems.join('; ')}`)
}
