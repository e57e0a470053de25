import { formatDecimal, type Scaled } from '../decimal.ts'
import type { Engine } from '../engine.ts'
import { invalidRequest } from '../fault.ts'
import { needCustomer, needMeter } from '../find.ts'
import { type Input, object, oneOf, required, text, timestamp } from '../params.ts'
import type { Meter, MeterEventSummary } from '../wire.ts'
import { aggregate, usageIn, WINDOW_SECONDS } from './usage.ts'

export const summarizeUsageParams = object({
  customer: required(text()),
  end_time: required(timestamp()),
  start_time: required(timestamp()),
  value_grouping_window: oneOf('hour', 'day'),
})

const MINUTE_SECONDS = 60

/**
 * Aggregated usage of a customer in `[start_time, end_time)`, newest first; windows without usage have no row.
 * https://docs.stripe.com/api/billing/meter-event-summary/list
 */
export function summarizeUsage(
  engine: Engine,
  meterId: string,
  input: Input<typeof summarizeUsageParams>,
): MeterEventSummary[] {
  const meter = needMeter(engine, meterId)
  needCustomer(engine, input.customer, 'customer')
  const step =
    input.value_grouping_window === undefined ? undefined : WINDOW_SECONDS[input.value_grouping_window]
  checkAligned('start_time', input.start_time, step ?? MINUTE_SECONDS)
  checkAligned('end_time', input.end_time, step ?? MINUTE_SECONDS)
  if (input.end_time <= input.start_time) {
    throw invalidRequest('`end_time` must be after `start_time`.', { param: 'end_time' })
  }
  const period = { start: input.start_time, end: input.end_time }
  const usage = usageIn(engine, meter, input.customer, period, 'aggregated')
  if (usage.length === 0) return []
  if (step === undefined)
    return [summary(meter, input.customer, period.start, period.end, aggregate(meter, usage))]
  const windows = new Map<number, typeof usage>()
  for (const one of usage) {
    const start = Math.floor(one.timestamp / step) * step
    windows.set(start, [...(windows.get(start) ?? []), one])
  }
  return [...windows]
    .sort(([left], [right]) => right - left)
    .map(([start, inside]) => summary(meter, input.customer, start, start + step, aggregate(meter, inside)))
}

function checkAligned(param: string, value: number, seconds: number): void {
  if (value % seconds === 0) return
  const unit = seconds === MINUTE_SECONDS ? 'minute' : seconds === WINDOW_SECONDS.hour ? 'hour' : 'UTC day'
  throw invalidRequest(`The \`${param}\` must be aligned with ${unit} boundaries.`, { param })
}

function summary(
  meter: Meter,
  customerId: string,
  start: number,
  end: number,
  value: Scaled,
): MeterEventSummary {
  return {
    id: `mtrusg_test_${meter.id.slice(-8)}${customerId.slice(-6)}${start}`,
    object: 'billing.meter_event_summary',
    aggregated_value: Number(formatDecimal(value)),
    end_time: end,
    livemode: false,
    meter: meter.id,
    start_time: start,
  }
}
