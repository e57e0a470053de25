import type { Engine } from '../engine.ts'
import { invalidRequest } from '../fault.ts'
import { newId } from '../ids.ts'
import { type Input, object, oneOf, required, text } from '../params.ts'
import type { MeterEventAdjustment, MeterEventAdjustmentV2 } from '../wire.ts'

export const cancelMeterEventParams = object({
  cancel: required(object({ identifier: required(text()) })),
  event_name: required(text()),
  type: required(oneOf('cancel')),
})

/**
 * Takes back one event that was received within the last day. A finalized invoice stays as it is.
 * https://docs.stripe.com/api/billing/meter-event-adjustment/create
 */
export function cancelMeterEvent(
  engine: Engine,
  input: Input<typeof cancelMeterEventParams>,
): MeterEventAdjustment {
  const { identifier } = input.cancel
  const known = engine.state.identifiers.get(identifier)
  const meter = known === undefined ? undefined : engine.state.meters.get(known.meterId)
  const isRecent =
    known !== undefined && engine.time.now() - known.atMs < engine.settings.identifierSeconds * 1000
  if (!isRecent || meter?.event_name !== input.event_name) {
    throw invalidRequest(
      `No event with identifier ${identifier} was received for ${input.event_name} within the last 24 hours.`,
      { code: 'resource_missing', param: 'cancel[identifier]' },
    )
  }
  const usage = known.index === null ? undefined : engine.state.usage.get(known.key)?.[known.index]
  if (usage?.cancelled) {
    throw invalidRequest(`The event with identifier ${identifier} has already been canceled.`, {
      param: 'cancel[identifier]',
    })
  }
  if (usage !== undefined) usage.cancelled = true
  return {
    object: 'billing.meter_event_adjustment',
    cancel: { identifier },
    event_name: input.event_name,
    livemode: false,
    status: 'pending',
    type: 'cancel',
  }
}

/** https://docs.stripe.com/api/v2/billing/meter-event-adjustment/create */
export function cancelMeterEventV2(
  engine: Engine,
  input: Input<typeof cancelMeterEventParams>,
): MeterEventAdjustmentV2 {
  const { status } = cancelMeterEvent(engine, input)
  return {
    id: newId(engine.state, 'mtr_event_adj_test_'),
    object: 'v2.billing.meter_event_adjustment',
    cancel: { identifier: input.cancel.identifier },
    created: new Date(engine.time.now()).toISOString(),
    event_name: input.event_name,
    livemode: false,
    status,
    type: 'cancel',
  }
}
