import { formatDecimal, parseDecimal } from '../decimal.ts'
import { type Engine, nowSeconds } from '../engine.ts'
import { type Fault, invalidRequest } from '../fault.ts'
import { newId } from '../ids.ts'
import type { Meter } from '../wire.ts'
import { usageKey } from './usage.ts'

/** A meter event of any namespace. `timestamp` in Unix seconds, now unless given. */
export type MeterEventInput = {
  readonly event_name: string
  readonly payload: Readonly<Record<string, string>>
  readonly identifier?: string
  readonly timestamp?: number
}

export type AcceptedEvent = { readonly identifier: string; readonly timestamp: number }

const DAY_SECONDS = 86_400
const PAST_LIMIT_SECONDS = 35 * DAY_SECONDS
const FUTURE_LIMIT_SECONDS = 5 * 60
const MAX_IDENTIFIER_LENGTH = 100
const MAX_DIGITS = 15

/**
 * Takes an event. Meter, timestamp, value and identifier are checked at once; whether the customer exists only when the
 * event is aggregated. https://docs.stripe.com/billing/subscriptions/usage-based/recording-usage-api
 */
export function acceptEvent(engine: Engine, input: MeterEventInput): AcceptedEvent {
  const meter = activeMeter(engine, input.event_name)
  const timestamp = checkTimestamp(engine, input.timestamp)
  const value = checkValue(meter, input.payload)
  const customerId = customerOf(meter, input.payload)
  const identifier = input.identifier ?? newId(engine.state, 'identifier_')
  const now = engine.time.now()
  checkIdentifier(engine, identifier, now)

  const isKnown = engine.state.customers.has(customerId)
  const key = usageKey(meter.id, customerId)
  const list = engine.state.usage.get(key) ?? []
  const usage = { value, timestamp, receivedAtMs: now, aggregated: false, cancelled: false }
  const index = isKnown ? list.push(usage) - 1 : null
  if (isKnown) engine.state.usage.set(key, list)
  engine.state.identifiers.set(identifier, { meterId: meter.id, key, index, atMs: now })
  engine.state.unsettled.push({ meterId: meter.id, customerId, index, identifier, receivedAtMs: now })
  const dueAt = now + engine.settings.aggregationDelayMs
  // One timer settles all that was received in its millisecond.
  if (engine.state.aggregationArmedForMs !== dueAt)
    engine.time.later('aggregate-usage', dueAt, 'meter events')
  engine.state.aggregationArmedForMs = dueAt
  return { identifier, timestamp }
}

function activeMeter(engine: Engine, eventName: string): Meter {
  let found: Meter | undefined
  for (const meter of engine.state.meters.values()) if (meter.event_name === eventName) found = meter
  if (found?.status === 'active') return found
  throw invalidRequest(`No active meter found for event name ${eventName}.`, {
    code: found === undefined ? 'no_meter' : 'archived_meter',
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

/** Values are decimals of at most 15 digits; the formula `count` needs none. */
function checkValue(meter: Meter, payload: Readonly<Record<string, string>>): string {
  if (meter.default_aggregation.formula === 'count') return '1'
  const key = meter.value_settings.event_payload_key
  const param = `payload[${key}]`
  const given = Object.hasOwn(payload, key) ? payload[key] : undefined
  if (given === undefined) {
    throw invalidRequest(`The event payload must contain ${key}.`, {
      code: 'meter_event_value_not_found',
      param,
    })
  }
  const value = parseDecimal(given)
  if (value === undefined) {
    throw invalidRequest(`The event value must be a number: ${given}`, {
      code: 'meter_event_invalid_value',
      param,
    })
  }
  const text = formatDecimal(value)
  if (text.replace(/[-.]/g, '').length > MAX_DIGITS) {
    throw invalidRequest('The event value has too many digits.', {
      code: 'meter_event_value_too_many_digits',
      param,
    })
  }
  return text
}

function customerOf(meter: Meter, payload: Readonly<Record<string, string>>): string {
  const key = meter.customer_mapping.event_payload_key
  const id = Object.hasOwn(payload, key) ? payload[key] : undefined
  if (id !== undefined && id !== '') return id
  throw invalidRequest(`The event payload must contain ${key}.`, {
    code: 'meter_event_no_customer_defined',
    param: 'payload',
  })
}

/** A repeat within the rolling window is refused, which for the caller means delivered. */
function checkIdentifier(engine: Engine, identifier: string, now: number): void {
  if (identifier === '' || identifier.length > MAX_IDENTIFIER_LENGTH) {
    throw invalidRequest(`The identifier must have 1 to ${MAX_IDENTIFIER_LENGTH} characters.`, {
      param: 'identifier',
    })
  }
  const { identifiers } = engine.state
  // The map is in order of receipt, so the forgotten ones are its first.
  for (const [known, { atMs }] of identifiers) {
    if (now - atMs < engine.settings.identifierSeconds * 1000) break
    identifiers.delete(known)
  }
  if (identifiers.has(identifier)) throw alreadyExists(identifier)
}

function alreadyExists(identifier: string): Fault {
  return invalidRequest(`An event already exists with identifier ${identifier}.`, { shouldRetry: false })
}
