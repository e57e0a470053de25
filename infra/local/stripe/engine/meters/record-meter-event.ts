import { type Engine, nowSeconds } from '../engine.ts'
import { invalidRequest } from '../fault.ts'
import { newId } from '../ids.ts'
import { type Input, integer, object, required, text, textMap } from '../params.ts'
import type { Usage } from '../state.ts'
import type { Meter, MeterEvent } from '../wire.ts'
import { noteMeterFailure } from './report-meter-errors.ts'

export const recordMeterEventParams = object({
  event_name: required(text()),
  identifier: text(),
  payload: required(textMap()),
  timestamp: integer(),
})

const DAY_SECONDS = 86_400
const PAST_LIMIT_SECONDS = 35 * DAY_SECONDS
const FUTURE_LIMIT_SECONDS = 5 * 60

/**
 * Accepts one event. Identifier, timestamp, meter and value are checked at once; whether the customer exists only when
 * the event is aggregated. https://docs.stripe.com/api/billing/meter-event/create
 */
export function recordMeterEvent(engine: Engine, input: Input<typeof recordMeterEventParams>): MeterEvent {
  const meter = activeMeter(engine, input.event_name)
  const timestamp = checkTimestamp(engine, input.timestamp)
  const value = checkValue(meter, input.payload)
  const customerId = input.payload[meter.customer_mapping.event_payload_key]
  if (customerId === undefined || customerId === '') {
    throw invalidRequest(`The event payload must contain ${meter.customer_mapping.event_payload_key}.`, {
      param: 'payload',
    })
  }
  const identifier = input.identifier ?? newId(engine.state, 'identifier_')
  claimIdentifier(engine, identifier)
  const usage: Usage = { identifier, value, timestamp, receivedAtMs: engine.time.now(), aggregated: false }
  const dueAt = engine.time.now() + engine.settings.aggregationDelayMs
  engine.time.at(dueAt, `stripe: aggregate ${meter.event_name}`, () =>
    settle(engine, meter, customerId, usage),
  )
  if (engine.state.customers[customerId] !== undefined) {
    const key = `${meter.id}/${customerId}`
    const known = engine.state.usage[key]
    if (known === undefined) engine.state.usage[key] = [usage]
    else known.push(usage)
  }
  return {
    object: 'billing.meter_event',
    created: nowSeconds(engine),
    event_name: input.event_name,
    identifier,
    livemode: false,
    payload: input.payload,
    timestamp,
  }
}

function activeMeter(engine: Engine, eventName: string): Meter {
  const meter = Object.values(engine.state.meters).find(candidate => candidate.event_name === eventName)
  if (meter?.status === 'active') return meter
  throw invalidRequest(`No active meter found for event name ${eventName}.`, {
    code: meter === undefined ? 'no_meter' : 'archived_meter',
    param: 'event_name',
  })
}

function checkTimestamp(engine: Engine, given: number | undefined): number {
  const now = nowSeconds(engine)
  if (given === undefined) return now
  const oldest = now - PAST_LIMIT_SECONDS
  if (given < oldest) {
    throw invalidRequest(
      `The event timestamp cannot be more than 35 days in past. Expected a timestamp greater than or equal to ${oldest}.`,
      { code: 'timestamp_too_far_in_past', param: 'timestamp' },
    )
  }
  if (given > now + FUTURE_LIMIT_SECONDS) {
    throw invalidRequest('The event timestamp cannot be more than 5 minutes in the future.', {
      code: 'timestamp_in_future',
      param: 'timestamp',
    })
  }
  return given
}

function checkValue(meter: Meter, payload: Readonly<Record<string, string>>): string {
  if (meter.default_aggregation.formula === 'count') return '1'
  const key = meter.value_settings.event_payload_key
  const value = payload[key]
  const param = `payload[${key}]`
  if (value === undefined) {
    throw invalidRequest(`The event payload must contain ${key}.`, {
      code: 'meter_event_value_not_found',
      param,
    })
  }
  if (!/^-?\d+$/.test(value)) {
    throw invalidRequest(`The event value must be a whole number: ${value}`, {
      code: 'meter_event_invalid_value',
      param,
    })
  }
  if (value.replace('-', '').length > 15) {
    throw invalidRequest('The event value has too many digits.', {
      code: 'meter_event_value_too_many_digits',
      param,
    })
  }
  return BigInt(value).toString()
}

/** A repeat within the rolling window is refused, which for the caller means delivered. */
function claimIdentifier(engine: Engine, identifier: string): void {
  const known = engine.state.identifiers[identifier]
  const now = engine.time.now()
  if (known !== undefined && now - known < engine.settings.identifierSeconds * 1000) {
    throw invalidRequest(`An event already exists with identifier ${identifier}.`, { shouldRetry: false })
  }
  engine.state.identifiers[identifier] = now
}

function settle(engine: Engine, meter: Meter, customerId: string, usage: Usage): void {
  const stored = engine.state.usage[`${meter.id}/${customerId}`]?.find(
    one => one.identifier === usage.identifier && one.receivedAtMs === usage.receivedAtMs,
  )
  if (stored !== undefined && engine.state.customers[customerId] !== undefined) {
    stored.aggregated = true
    return
  }
  noteMeterFailure(engine, meter.id, {
    identifier: usage.identifier,
    message: `There was no customer found for the event: ${customerId}`,
    atMs: engine.time.now(),
  })
}
