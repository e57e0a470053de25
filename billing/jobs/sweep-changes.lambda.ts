import { now } from '#kernel/clock'
import { createLog } from '#kernel/log'
import { createBillingDeps } from '../procedures/create-deps.ts'
import { scheduledAt } from '../procedures/service-call.ts'
import { createStripeAdapter } from '../stripe/adapter.ts'
import { createExecutions } from '../workflows/executions.ts'
import { sweepChanges } from './sweep-changes.ts'

const deps = createBillingDeps(now)
const stripe = createStripeAdapter(deps.stripe)
const executions = createExecutions()
const machines = { changePlan: deps.env.CHANGE_PLAN_MACHINE }
const log = createLog('sweep-changes')

/** Runs every 15 minutes. */
export const handler = async (event: unknown): Promise<void> => {
  const { started, problems } = await sweepChanges(
    { ...deps, stripe, executions, machines },
    scheduledAt(event),
  )
  if (started.length > 0) log.warn('changes taken over', { started })
  if (problems.length > 0) throw new Error(`the sweep failed for ${problems.join('; ')}`)
}
