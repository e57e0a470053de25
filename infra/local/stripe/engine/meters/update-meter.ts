import { change, type Engine, emit, nowSeconds } from '../engine.ts'
import { invalidRequest } from '../fault.ts'
import { needMeter } from '../find.ts'
import { type Input, object, text } from '../params.ts'
import type { Meter } from '../wire.ts'

/** All but the display name is immutable: https://docs.stripe.com/api/billing/meter/update */
export const updateMeterParams = object({ display_name: text() })

export function updateMeter(engine: Engine, id: string, input: Input<typeof updateMeterParams>): Meter {
  const meter = needMeter(engine, id)
  const previous = change(meter, input.display_name === undefined ? {} : { display_name: input.display_name })
  if (Object.keys(previous).length > 0) {
    meter.updated = nowSeconds(engine)
    emit(engine, 'billing.meter.updated', meter, previous)
  }
  return meter
}

/** https://docs.stripe.com/api/billing/meter/deactivate and reactivate */
export function setMeterStatus(engine: Engine, id: string, status: 'active' | 'inactive'): Meter {
  const meter = needMeter(engine, id)
  if (meter.status === status) throw invalidRequest(`The meter ${id} is already ${status}.`)
  const now = nowSeconds(engine)
  change(meter, {
    status,
    status_transitions: { deactivated_at: status === 'inactive' ? now : null },
    updated: now,
  })
  emit(engine, status === 'inactive' ? 'billing.meter.deactivated' : 'billing.meter.reactivated', meter)
  return meter
}
