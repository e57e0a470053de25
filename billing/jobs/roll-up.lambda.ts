import { now } from '#kernel/clock'
import { createLog } from '#kernel/log'
import { createBillingDeps } from '../procedures/create-deps.ts'
import { scheduledAt, serviceCall } from '../procedures/service-call.ts'
import { rollUp } from './roll-up.ts'

const deps = createBillingDeps(now)
const log = createLog('roll-up')

/** Runs every minute. Fails when an account failed, so that the alarm sees it; the next minute tries again. */
export const handler = async (event: unknown, context: { readonly awsRequestId: string }): Promise<void> => {
  const result = await rollUp(deps, serviceCall(scheduledAt(event), context.awsRequestId))
  if (result.hours > 0) log.info('rolled up', result)
  if (result.problems.length > 0) throw new Error(`roll-up failed for ${result.problems.join('; ')}`)
}
