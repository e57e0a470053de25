import { need } from '../engine/find.ts'
import { cancelMeterEventParams, cancelMeterEventV2 } from '../engine/meters/cancel-meter-event.ts'
import {
  createMeterEventSession,
  meterEventV2Params,
  recordMeterEventV2,
  streamMeterEvents,
  streamMeterEventsParams,
} from '../engine/meters/stream-meter-events.ts'
import { integer, list, object, oneOf, text } from '../engine/params.ts'
import {
  createEventDestination,
  createEventDestinationParams,
  deleteEventDestination,
  setDestinationStatus,
  shownDestination,
  updateEventDestination,
  updateEventDestinationParams,
} from '../engine/webhooks/event-destination.ts'
import { type ApiRoute, json } from './router.ts'
import { nothing } from './routes/filters.ts'

const DESTINATIONS = '/v2/core/event_destinations'

const shown = object({ include: list(oneOf('webhook_endpoint.url', 'webhook_endpoint.signing_secret')) })
const page = {
  limit: integer({ min: 1, max: 100 }),
  page: text(),
}
const DEFAULT_PAGE = 20

function v2List(data: readonly unknown[], limit = DEFAULT_PAGE): unknown {
  return { data: data.slice(0, limit), next_page_url: null, previous_page_url: null }
}

/** The JSON namespace: https://docs.stripe.com/api-v2-overview */
export const v2Routes: readonly ApiRoute[] = [
  json('POST', DESTINATIONS, createEventDestinationParams, (engine, input) =>
    createEventDestination(engine, input),
  ),
  json('GET', DESTINATIONS, object({ ...page, include: list(text()) }), (engine, input) => {
    const newest = [...engine.state.eventDestinations.values()].reverse()
    return v2List(
      newest.map(destination => shownDestination(destination, input.include ?? [])),
      input.limit,
    )
  }),
  json('GET', `${DESTINATIONS}/:id`, shown, (engine, input, path) =>
    shownDestination(need(engine.state.eventDestinations, 'event destination', path.id), input.include ?? []),
  ),
  json('POST', `${DESTINATIONS}/:id`, updateEventDestinationParams, (engine, input, path) =>
    updateEventDestination(engine, path.id, input),
  ),
  json('POST', `${DESTINATIONS}/:id/disable`, nothing, (engine, _input, path) =>
    setDestinationStatus(engine, path.id, 'disabled'),
  ),
  json('POST', `${DESTINATIONS}/:id/enable`, nothing, (engine, _input, path) =>
    setDestinationStatus(engine, path.id, 'enabled'),
  ),
  json('DELETE', `${DESTINATIONS}/:id`, nothing, (engine, _input, path) =>
    deleteEventDestination(engine, path.id),
  ),
  json('GET', '/v2/core/events', object({ ...page, object_id: text() }), (engine, input) =>
    v2List(
      engine.state.thinEvents
        .filter(
          event =>
            input.object_id === undefined ||
            ('related_object' in event && event.related_object.id === input.object_id),
        )
        .reverse(),
      input.limit,
    ),
  ),
  json('GET', '/v2/core/events/:id', nothing, (engine, _input, path) => {
    const event = engine.state.thinEvents.find(candidate => candidate.id === path.id)
    return need(new Map(event === undefined ? [] : [[path.id, event]]), 'event', path.id)
  }),
  json('POST', '/v2/billing/meter_events', meterEventV2Params, (engine, input) =>
    recordMeterEventV2(engine, input),
  ),
  json('POST', '/v2/billing/meter_event_session', nothing, engine => createMeterEventSession(engine)),
  {
    ...json('POST', '/v2/billing/meter_event_stream', streamMeterEventsParams, (engine, input, path) =>
      streamMeterEvents(engine, path.token, input),
    ),
    isTokenAuthenticated: true,
  },
  json('POST', '/v2/billing/meter_event_adjustments', cancelMeterEventParams, (engine, input) =>
    cancelMeterEventV2(engine, input),
  ),
]
