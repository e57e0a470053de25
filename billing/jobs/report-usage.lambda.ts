import { now } from '#kernel/clock'
import { createLog } from '#kernel/log'
import { createBillingDeps } from '../procedures/create-deps.ts'
import { scheduledAt, serviceCall } from '../procedures/service-call.ts'
import { createStripeAdapter } from '../stripe/adapter.ts'
import { reportUsage } from './report-usage.ts'

const deps = createBillingDeps(now)
const stripe = createStripeAdapter(deps.stripe)
const log = createLog('report-usage')

/** Runs every minute. Fails when an account failed, so that the alarm sees it; its marker stays for the next hour. */
export const handler = async (event: unknown, context: { readonly awsRequestId: string }): Promise<void> => {
  const call = serviceCall(scheduledAt(event), context.awsRequestId)
  const { accounts, problems, left } = await reportUsage({ ...deps, stripe, clock: now }, call)
  if (accounts > 0) log.info('reported', { accounts, left })
  if (problems.length > 0) throw new Error(`reporting failed for ${problems.join('; ')}`)
}
