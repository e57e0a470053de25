import type { Engine } from '../engine.ts'
import type { Unsettled } from '../state.ts'
import { noteMeterFailure } from './report-meter-errors.ts'
import { usageKey } from './usage.ts'

/** Makes what was received long enough ago visible to summaries and drafts; events of nobody become meter errors. */
export function aggregateUsage(engine: Engine): void {
  const until = engine.time.now() - engine.settings.aggregationDelayMs
  const { unsettled } = engine.state
  const pending = unsettled.findIndex(one => one.receivedAtMs > until)
  for (const one of unsettled.splice(0, pending === -1 ? unsettled.length : pending)) settle(engine, one)
}

function settle(engine: Engine, { meterId, customerId, index, identifier }: Unsettled): void {
  const usage = index === null ? undefined : engine.state.usage.get(usageKey(meterId, customerId))?.[index]
  if (usage !== undefined && engine.state.customers.has(customerId)) {
    usage.aggregated = true
    return
  }
  noteMeterFailure(engine, meterId, {
    identifier,
    code: 'meter_event_customer_not_found',
    message: `There was no customer found for the event: ${customerId}`,
    atMs: engine.time.now(),
  })
}
