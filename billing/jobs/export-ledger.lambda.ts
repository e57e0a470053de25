import { now } from '#kernel/clock'
import { createLog } from '#kernel/log'
import { SECOND_MS } from '#kernel/time'
import { createBillingDeps } from '../procedures/create-deps.ts'
import { scheduledAt } from '../procedures/service-call.ts'
import { exportLedger } from './export-ledger.ts'

const deps = createBillingDeps(now)
const drainMs = deps.env.CLOSE_DRAIN_SECONDS * SECOND_MS
const log = createLog('export-ledger')

/** Runs every hour. */
export const handler = async (event: unknown): Promise<void> => {
  const exported = await exportLedger({ ...deps, drainMs }, scheduledAt(event))
  if (exported.rows > 0 || exported.months.length > 0) log.info('exported', exported)
}
