import { type Engine, emit, nowSeconds } from '../engine.ts'
import { invalidRequest } from '../fault.ts'
import { newId } from '../ids.ts'
import { type Input, object, oneOf, required, text } from '../params.ts'
import type { Meter } from '../wire.ts'

export const createMeterParams = object({
  customer_mapping: object({ event_payload_key: required(text()), type: required(oneOf('by_id')) }),
  default_aggregation: required(object({ formula: required(oneOf('sum', 'count', 'last')) })),
  display_name: required(text()),
  event_name: required(text()),
  event_time_window: oneOf('day', 'hour'),
  value_settings: object({ event_payload_key: required(text()) }),
})

/** https://docs.stripe.com/api/billing/meter/create */
export function createMeter(engine: Engine, input: Input<typeof createMeterParams>): Meter {
  const holder = [...engine.state.meters.values()].find(meter => meter.event_name === input.event_name)
  if (holder !== undefined) {
    throw invalidRequest(`A meter with the event name ${input.event_name} already exists: ${holder.id}.`, {
      code: 'resource_already_exists',
      param: 'event_name',
    })
  }
  const now = nowSeconds(engine)
  const meter: Meter = {
    id: newId(engine.state, 'mtr_test_'),
    object: 'billing.meter',
    created: now,
    customer_mapping: input.customer_mapping ?? { event_payload_key: 'stripe_customer_id', type: 'by_id' },
    default_aggregation: input.default_aggregation,
    display_name: input.display_name,
    event_name: input.event_name,
    event_time_window: input.event_time_window ?? null,
    livemode: false,
    status: 'active',
    status_transitions: { deactivated_at: null },
    updated: now,
    value_settings: input.value_settings ?? { event_payload_key: 'value' },
  }
  engine.state.meters.set(meter.id, meter)
  emit(engine, 'billing.meter.created', meter)
  return meter
}
