import { type Engine, nowSeconds } from '../engine.ts'
import { type Input, object, required, text, textMap, timestamp } from '../params.ts'
import type { MeterEvent } from '../wire.ts'
import { acceptEvent } from './accept-event.ts'

export const recordMeterEventParams = object({
  event_name: required(text()),
  identifier: text(),
  payload: required(textMap()),
  timestamp: timestamp(),
})

/** https://docs.stripe.com/api/billing/meter-event/create */
export function recordMeterEvent(engine: Engine, input: Input<typeof recordMeterEventParams>): MeterEvent {
  const accepted = acceptEvent(engine, input)
  return {
    object: 'billing.meter_event',
    created: nowSeconds(engine),
    event_name: input.event_name,
    identifier: accepted.identifier,
    livemode: false,
    payload: input.payload,
    timestamp: accepted.timestamp,
  }
}
