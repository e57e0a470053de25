import type { Engine } from '../engine.ts'
import { invalidRequest } from '../fault.ts'
import { need } from '../find.ts'
import { newId } from '../ids.ts'
import { applyMetadata, type Input, list, metadata, object, oneOf, required, text } from '../params.ts'
import type { EventDestination } from '../wire.ts'
import { checkWebhookUrl } from './webhook-endpoint.ts'

const endpoint = object({ url: required(text()) })
const include = list(oneOf('webhook_endpoint.url', 'webhook_endpoint.signing_secret'))

export const createEventDestinationParams = object({
  description: text(),
  enabled_events: required(list(text())),
  event_payload: required(oneOf('thin', 'snapshot')),
  include,
  metadata: metadata(),
  name: required(text()),
  type: required(oneOf('webhook_endpoint')),
  webhook_endpoint: required(endpoint),
})

/** https://docs.stripe.com/api/v2/core/event-destinations/create. Secret and URL are shown only when `include` asks. */
export function createEventDestination(
  engine: Engine,
  input: Input<typeof createEventDestinationParams>,
): EventDestination {
  if (input.event_payload !== 'thin') {
    throw invalidRequest('Snapshot payloads are delivered to /v1/webhook_endpoints here.', {
      param: 'event_payload',
    })
  }
  checkWebhookUrl(input.webhook_endpoint.url, 'webhook_endpoint[url]')
  const now = new Date(engine.time.now()).toISOString()
  const id = newId(engine.state, 'ed_test_')
  const secret = newId(engine.state, 'whsec_', 32)
  const destination: EventDestination = {
    id,
    object: 'v2.core.event_destination',
    created: now,
    description: input.description ?? '',
    enabled_events: [...input.enabled_events],
    event_payload: 'thin',
    livemode: false,
    metadata: applyMetadata(null, input.metadata),
    name: input.name,
    status: 'enabled',
    type: 'webhook_endpoint',
    updated: now,
    webhook_endpoint: { signing_secret: secret, url: input.webhook_endpoint.url },
  }
  engine.state.eventDestinations.set(id, destination)
  engine.state.webhookSecrets.set(id, secret)
  return shownDestination(destination, input.include ?? [])
}

export const updateEventDestinationParams = object({
  description: text(),
  enabled_events: list(text()),
  include,
  metadata: metadata(),
  name: text(),
  webhook_endpoint: endpoint,
})

/** https://docs.stripe.com/api/v2/core/event-destinations/update */
export function updateEventDestination(
  engine: Engine,
  id: string,
  input: Input<typeof updateEventDestinationParams>,
): EventDestination {
  const destination = need(engine.state.eventDestinations, 'event destination', id)
  if (input.webhook_endpoint !== undefined) {
    checkWebhookUrl(input.webhook_endpoint.url, 'webhook_endpoint[url]')
    destination.webhook_endpoint = { ...destination.webhook_endpoint, url: input.webhook_endpoint.url }
  }
  destination.description = input.description ?? destination.description
  destination.enabled_events = input.enabled_events ?? destination.enabled_events
  destination.name = input.name ?? destination.name
  destination.metadata = applyMetadata(destination.metadata ?? null, input.metadata)
  destination.updated = new Date(engine.time.now()).toISOString()
  return shownDestination(destination, input.include ?? [])
}

/** https://docs.stripe.com/api/v2/core/event-destinations/disable and enable */
export function setDestinationStatus(
  engine: Engine,
  id: string,
  status: 'enabled' | 'disabled',
): EventDestination {
  const destination = need(engine.state.eventDestinations, 'event destination', id)
  destination.status = status
  if (status === 'disabled') destination.status_details = { disabled: { reason: 'user' } }
  else delete destination.status_details
  destination.updated = new Date(engine.time.now()).toISOString()
  return shownDestination(destination, [])
}

export type DeletedEventDestination = { id: string; object: 'v2.core.event_destination'; deleted: true }

/** https://docs.stripe.com/api/v2/core/event-destinations/delete */
export function deleteEventDestination(engine: Engine, id: string): DeletedEventDestination {
  need(engine.state.eventDestinations, 'event destination', id)
  engine.state.eventDestinations.delete(id)
  engine.state.webhookSecrets.delete(id)
  return { id, object: 'v2.core.event_destination', deleted: true }
}

/** A destination as the API shows it: `webhook_endpoint.url` and `.signing_secret` only when included. */
export function shownDestination(
  destination: EventDestination,
  includes: readonly string[],
): EventDestination {
  const { webhook_endpoint: stored, ...rest } = destination
  const shown = {
    ...(includes.includes('webhook_endpoint.url') && stored?.url !== undefined ? { url: stored.url } : {}),
    ...(includes.includes('webhook_endpoint.signing_secret') && stored?.signing_secret !== undefined
      ? { signing_secret: stored.signing_secret }
      : {}),
  }
  return Object.keys(shown).length === 0 ? rest : { ...rest, webhook_endpoint: shown }
}
