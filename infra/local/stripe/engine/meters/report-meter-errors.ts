import type { Engine } from '../engine.ts'
import { newId } from '../ids.ts'
import type { MeterFailure } from '../state.ts'
import type { ThinEvent } from '../wire.ts'

/** Failures are reported per meter in windows of this length. */
const WINDOW_MS = 10_000
const MAX_SAMPLES = 5

/** Keeps a failure until its validation window ends, then reports all of the window in one thin event. */
export function noteMeterFailure(engine: Engine, meterId: string, failure: MeterFailure): void {
  const waiting = engine.state.meterFailures[meterId]
  if (waiting !== undefined) {
    waiting.push(failure)
    return
  }
  engine.state.meterFailures[meterId] = [failure]
  const windowEnd = (Math.floor(failure.atMs / WINDOW_MS) + 1) * WINDOW_MS
  engine.time.at(windowEnd, `stripe: meter errors of ${meterId}`, () =>
    reportMeterErrors(engine, meterId, windowEnd),
  )
}

/** https://docs.stripe.com/billing/subscriptions/usage-based/recording-usage-api#handle-meter-event-errors */
function reportMeterErrors(engine: Engine, meterId: string, windowEnd: number): void {
  const failures = engine.state.meterFailures[meterId]
  if (failures === undefined) return
  delete engine.state.meterFailures[meterId]
  const samples = failures.slice(0, MAX_SAMPLES)
  const event: ThinEvent = {
    id: newId(engine.state, 'evt_test_'),
    object: 'v2.core.event',
    type: 'v1.billing.meter.error_report_triggered',
    created: new Date(engine.time.now()).toISOString(),
    livemode: false,
    context: null,
    related_object: { id: meterId, type: 'billing.meter', url: `/v1/billing/meters/${meterId}` },
    data: {
      developer_message_summary: `There ${failures.length === 1 ? 'is 1 invalid event' : `are ${failures.length} invalid events`}`,
      reason: {
        error_count: failures.length,
        error_types: [
          {
            code: 'meter_event_customer_not_found',
            error_count: failures.length,
            sample_errors: samples.map(one => ({
              error_message: one.message,
              request: { identifier: one.identifier },
            })),
          },
        ],
      },
      validation_start: new Date(windowEnd - WINDOW_MS).toISOString(),
      validation_end: new Date(windowEnd).toISOString(),
    },
  }
  engine.state.thinEvents.push(event)
  for (const listener of engine.listeners) listener(event)
}
