import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import { METRICS, type UsageEvent } from '#api/contract'

/** A usage event and the plan it was made on, which is a dimension of the metric. */
export type UsageLine = UsageEvent & { readonly planId: string }
export type PrintUsage = (line: UsageLine) => void

/**
 * Prints one CloudWatch EMF line per served request: the metric and the meter record in one. Dimensions stay
 * low-cardinality (service, route, plan); `route` and `units` appear once, as dimension and as metric. Everything
 * else is metadata, and flat strings because `addMetadata` takes nothing else.
 */
export function createUsagePrinter(): PrintUsage {
  const metrics = new Metrics({ namespace: METRICS.namespace, serviceName: 'api' })
  return ({ id, account, key, route, units, status, usedAt, durationMs, planId }) => {
    metrics.addDimension('route', route)
    metrics.addDimension('plan', planId)
    metrics.addMetric(METRICS.calls, MetricUnit.Count, 1)
    metrics.addMetric(METRICS.units, MetricUnit.Count, units)
    metrics.addMetadata('id', id)
    metrics.addMetadata('account', account)
    metrics.addMetadata('key', key)
    metrics.addMetadata('status', String(status))
    metrics.addMetadata('usedAt', String(usedAt))
    metrics.addMetadata('durationMs', String(durationMs))
    metrics.publishStoredMetrics()
  }
}
