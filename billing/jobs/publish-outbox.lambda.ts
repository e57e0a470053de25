import { now } from '#kernel/clock'
import { createLog } from '#kernel/log'
import { publishStranded } from '#kernel/outbox'
import { createBillingDeps } from '../procedures/create-deps.ts'
import { scheduledAt } from '../procedures/service-call.ts'

const deps = createBillingDeps(now)
const log = createLog('publish-outbox')

/** Publishes the events that a crash left in the billing table. */
export const handler = async (event: unknown): Promise<void> => {
  const count = await publishStranded(deps.billing, deps.publish, scheduledAt(event))
  if (count > 0) log.warn('stranded events published', { count })
}
