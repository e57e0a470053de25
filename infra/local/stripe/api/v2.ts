import type { Engine } from '../engine/engine.ts'
import { invalidRequest } from '../engine/fault.ts'
import { need } from '../engine/find.ts'
import type { Raw } from '../engine/params.ts'
import {
  type CreateEventDestination,
  createEventDestination,
  shownDestination,
} from '../engine/webhooks/event-destination.ts'
import type { ApiRoute, PathParams } from './router.ts'

const DESTINATIONS = '/v2/core/event_destinations'

/** The JSON namespace: https://docs.stripe.com/api-v2-overview */
export const v2Routes: readonly ApiRoute[] = [
  json('POST', DESTINATIONS, (engine, raw) => createEventDestination(engine, destinationInput(raw))),
  json('GET', DESTINATIONS, (engine, raw) => ({
    data: Object.values(engine.state.eventDestinations)
      .reverse()
      .map(destination => shownDestination(destination, includes(raw))),
    next_page_url: null,
    previous_page_url: null,
  })),
  json('GET', `${DESTINATIONS}/:id`, (engine, raw, path) =>
    shownDestination(need(engine.state.eventDestinations, 'event destination', path.id), includes(raw)),
  ),
  json('DELETE', `${DESTINATIONS}/:id`, (engine, _raw, path) => {
    need(engine.state.eventDestinations, 'event destination', path.id)
    delete engine.state.eventDestinations[path.id]
    return { id: path.id, object: 'v2.core.event_destination', deleted: true }
  }),
  json('GET', '/v2/core/events/:id', (engine, _raw, path) => {
    const event = engine.state.thinEvents.find(candidate => candidate.id === path.id)
    return need(event === undefined ? {} : { [path.id]: event }, 'event', path.id)
  }),
]

function json(
  method: ApiRoute['method'],
  path: string,
  run: (engine: Engine, raw: Raw, path: PathParams) => unknown,
): ApiRoute {
  return {
    method,
    path,
    isList: false,
    run: (engine, raw, params) => ({ kind: 'json', body: run(engine, raw, params) }),
  }
}

const KNOWN = new Set([
  'name',
  'description',
  'enabled_events',
  'event_payload',
  'type',
  'webhook_endpoint',
  'metadata',
  'include',
])

function destinationInput(raw: Raw): CreateEventDestination {
  if (typeof raw !== 'object' || Array.isArray(raw)) throw invalidRequest('Invalid object')
  for (const key of Object.keys(raw)) {
    if (!KNOWN.has(key))
      throw invalidRequest(`Received unknown parameter: ${key}`, { code: 'parameter_unknown', param: key })
  }
  const endpoint = raw.webhook_endpoint
  const url = typeof endpoint === 'object' && !Array.isArray(endpoint) ? endpoint.url : undefined
  if (typeof raw.name !== 'string' || typeof raw.type !== 'string' || !Array.isArray(raw.enabled_events)) {
    throw invalidRequest('name, type and enabled_events are required.', {
      code: 'parameter_missing',
      param: 'name',
    })
  }
  return {
    name: raw.name,
    type: raw.type,
    enabled_events: texts(raw.enabled_events),
    event_payload: raw.event_payload === 'thin' ? 'thin' : 'snapshot',
    ...(typeof raw.description === 'string' ? { description: raw.description } : {}),
    ...(typeof url === 'string' ? { webhook_endpoint: { url } } : {}),
    include: includes(raw),
  }
}

function includes(raw: Raw): string[] {
  return typeof raw === 'object' && !Array.isArray(raw) && Array.isArray(raw.include)
    ? texts(raw.include)
    : []
}

function texts(values: readonly Raw[]): string[] {
  return values.filter(value => typeof value === 'string')
}
