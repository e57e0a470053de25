import { announce, type Engine } from '../engine.ts'
import { newId } from '../ids.ts'
import type { MeterFailure } from '../state.ts'
import type { MeterErrorData, ThinEvent } from '../wire.ts'

/** Failures are reported per meter in windows of this length. */
const WINDOW_MS = 10_000
const MAX_SAMPLES = 5

/** Failures of events that name no meter are kept under the empty id. */
export const NO_METER = ''

/** Keeps a failure until its validation window ends, then reports all of the window in one thin event. */
export function noteMeterFailure(engine: Engine, meterId: string, failure: MeterFailure): void {
  const waiting = engine.state.meterFailures.get(meterId)
  if (waiting !== undefined) {
    waiting.push(failure)
    return
  }
  engine.state.meterFailures.set(meterId, [failure])
  engine.time.later('report-meter-errors', (Math.floor(failure.atMs / WINDOW_MS) + 1) * WINDOW_MS, meterId)
}

/** https://docs.stripe.com/billing/subscriptions/usage-based/recording-usage-api#handle-meter-event-errors */
export function reportMeterErrors(engine: Engine, meterId: string, windowEnd: number): void {
  const failures = engine.state.meterFailures.get(meterId)
  if (failures === undefined) return
  engine.state.meterFailures.delete(meterId)
  const common = {
    id: newId(engine.state, 'evt_test_'),
    object: 'v2.core.event',
    created: new Date(engine.time.now()).toISOString(),
    livemode: false,
    context: null,
    data: describe(failures, windowEnd),
  } as const
  const event: ThinEvent =
    meterId === NO_METER
      ? { ...common, type: 'v1.billing.meter.no_meter_found' }
      : {
          ...common,
          type: 'v1.billing.meter.error_report_triggered',
          related_object: { id: meterId, type: 'billing.meter', url: `/v1/billing/meters/${meterId}` },
        }
  engine.state.thinEvents.push(event)
  announce(engine, event)
}

function describe(failures: readonly MeterFailure[], windowEnd: number): MeterErrorData {
  const byCode = new Map<MeterFailure['code'], MeterFailure[]>()
  for (const failure of failures) byCode.set(failure.code, [...(byCode.get(failure.code) ?? []), failure])
  const count = failures.length
  return {
    developer_message_summary: `There ${count === 1 ? 'is 1 invalid event' : `are ${count} invalid events`}`,
    reason: {
      error_count: count,
      error_types: [...byCode].map(([code, ofCode]) => ({
        code,
        error_count: ofCode.length,
        sample_errors: ofCode.slice(0, MAX_SAMPLES).map(one => ({
          error_message: one.message,
          request: { identifier: one.identifier },
        })),
      })),
    },
    validation_start: new Date(windowEnd - WINDOW_MS).toISOString(),
    validation_end: new Date(windowEnd).toISOString(),
  }
}
