import type { Engine } from '../engine.ts'
import { Fault, invalidRequest } from '../fault.ts'
import { newId } from '../ids.ts'
import { type Input, instant, list, object, required, text, textMap } from '../params.ts'
import { METER_FAILURE_CODES } from '../state.ts'
import type { MeterEventSession, MeterEventV2 } from '../wire.ts'
import { acceptEvent, type MeterEventInput } from './accept-event.ts'
import { NO_METER, noteMeterFailure } from './report-meter-errors.ts'

const SESSION_MS = 15 * 60_000
const MAX_EVENTS = 100

export const meterEventV2Params = object({
  event_name: required(text()),
  identifier: text(),
  payload: required(textMap()),
  timestamp: instant(),
})

/** https://docs.stripe.com/api/v2/billing/meter-event/create */
export function recordMeterEventV2(engine: Engine, input: Input<typeof meterEventV2Params>): MeterEventV2 {
  const accepted = acceptEvent(engine, input)
  return {
    object: 'v2.billing.meter_event',
    created: new Date(engine.time.now()).toISOString(),
    event_name: input.event_name,
    identifier: accepted.identifier,
    livemode: false,
    payload: input.payload,
    timestamp: new Date(accepted.timestamp * 1000).toISOString(),
  }
}

/** A token for the stream: https://docs.stripe.com/api/v2/billing/meter-event-session/create */
export function createMeterEventSession(engine: Engine): MeterEventSession {
  const now = engine.time.now()
  const token = newId(engine.state, 'token_', 40)
  engine.state.meterSessions.set(token, now + SESSION_MS)
  return {
    id: newId(engine.state, 'mes_test_'),
    object: 'v2.billing.meter_event_session',
    authentication_token: token,
    created: new Date(now).toISOString(),
    expires_at: new Date(now + SESSION_MS).toISOString(),
    livemode: false,
  }
}

export const streamMeterEventsParams = object({ events: required(list(meterEventV2Params)) })

/** Takes up to a hundred events; whatever is wrong with one is reported later by a thin event. */
export function streamMeterEvents(
  engine: Engine,
  token: string,
  input: Input<typeof streamMeterEventsParams>,
): Record<string, never> {
  const expiresAt = engine.state.meterSessions.get(token)
  if (expiresAt === undefined) {
    throw new Fault(401, 'invalid_request_error', 'Invalid meter event stream token.', {
      beforeExecution: true,
    })
  }
  if (expiresAt <= engine.time.now()) {
    throw new Fault(400, 'temporary_session_expired', 'The meter event session has expired.', {
      code: 'billing_meter_event_session_expired',
      beforeExecution: true,
    })
  }
  if (input.events.length > MAX_EVENTS) {
    throw invalidRequest(`At most ${MAX_EVENTS} events can be sent at once.`, { param: 'events' })
  }
  for (const event of input.events) acceptOrNote(engine, event)
  return {}
}

function acceptOrNote(engine: Engine, event: MeterEventInput): void {
  try {
    acceptEvent(engine, event)
  } catch (error) {
    const code =
      error instanceof Fault ? METER_FAILURE_CODES.find(one => one === error.details.code) : undefined
    // A repeated identifier is no failure: the first one counted.
    if (!(error instanceof Fault)) throw error
    if (code === undefined) return
    const meter = [...engine.state.meters.values()].find(one => one.event_name === event.event_name)
    noteMeterFailure(engine, meter?.id ?? NO_METER, {
      identifier: event.identifier ?? '',
      code,
      message: error.message,
      atMs: engine.time.now(),
    })
  }
}
