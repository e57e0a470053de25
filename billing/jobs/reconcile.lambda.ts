import { now } from '#kernel/clock'
import { createInvoke } from '#kernel/invoke'
import { createLog } from '#kernel/log'
import { readReconcileConfig } from '../config.ts'
import { createDeliverLines } from '../ledger/deliver-lines.ts'
import { createReadLog } from '../ledger/read-log.ts'
import { createBillingDeps } from '../procedures/create-deps.ts'
import { scheduledAt, serviceCall } from '../procedures/service-call.ts'
import { createStripeAdapter } from '../stripe/adapter.ts'
import { reconcile } from './reconcile.ts'

const env = readReconcileConfig()
const deps = {
  ...createBillingDeps(now),
  readLog: createReadLog(),
  deliverLines: createDeliverLines(createInvoke(env.RECORD_USAGE_FUNCTION)),
  ...{ accessLog: env.ACCESS_LOG_GROUP, usageLog: env.USAGE_LOG_GROUP },
}
const meter = createStripeAdapter(deps.stripe)
const log = createLog('reconcile')
/** A window of the log, or a hundred accounts, take less. */
const ENOUGH_MS = 240_000

type Context = { readonly awsRequestId: string; readonly getRemainingTimeInMillis: () => number }

/** Runs daily, three times an hour apart: what the first leaves, the others take. Fails when a day still deviates. */
export const handler = async (event: unknown, context: Context): Promise<void> => {
  const call = serviceCall(scheduledAt(event), context.awsRequestId)
  const hasTime = () => context.getRemainingTimeInMillis() > ENOUGH_MS
  const { days, alarms } = await reconcile({ ...deps, meter, hasTime }, call)
  if (days.length > 0) log.info('reconciled', { days })
  if (alarms.length > 0) throw new Error(`days that do not add up: ${alarms.join('; ')}`)
}
