import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import { now } from '#kernel/clock'
import { createLog } from '#kernel/log'
import { createBillingDeps } from '../procedures/create-deps.ts'
import { scheduledAt, serviceCall } from '../procedures/service-call.ts'
import { createStripeAdapter } from '../stripe/adapter.ts'
import { createExecutions } from '../workflows/executions.ts'
import { checkPlans } from './check-plans.ts'

const deps = createBillingDeps(now)
const catalogue = createStripeAdapter(deps.stripe)
const executions = createExecutions()
const machines = { migratePlan: deps.env.MIGRATE_PLAN_MACHINE }
const log = createLog('check-plans')
const metrics = new Metrics({ namespace: 'Tollgate', serviceName: 'billing' })

/** Runs every day. `planDrift` alarms from one on; the lines say what differs and what to do. */
export const handler = async (event: unknown): Promise<void> => {
  const call = serviceCall(scheduledAt(event), 'check-plans')
  const { drift, resumed } = await checkPlans({ ...deps, catalogue, executions, machines }, call)
  for (const one of drift) log.warn('plan drift', one)
  if (resumed.length > 0) log.warn('migrations taken over', { resumed })
  metrics.addMetric('planDrift', MetricUnit.Count, drift.length)
  metrics.publishStoredMetrics()
}
