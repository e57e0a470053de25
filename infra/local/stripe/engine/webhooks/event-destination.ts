import type { Engine } from '../engine.ts'
import { invalidRequest } from '../fault.ts'
import { newId } from '../ids.ts'
import type { EventDestination } from '../wire.ts'

export type CreateEventDestination = {
  readonly name: string
  readonly description?: string
  readonly enabled_events: readonly string[]
  readonly event_payload: 'thin' | 'snapshot'
  readonly type: string
  readonly webhook_endpoint?: { readonly url: string }
  readonly metadata?: Record<string, string>
  readonly include?: readonly string[]
}

/** https://docs.stripe.com/api/v2/core/event-destinations/create. Secret and URL are shown only when `include` asks. */
export function createEventDestination(engine: Engine, input: CreateEventDestination): EventDestination {
  if (input.event_payload !== 'thin') {
    throw invalidRequest('Snapshot payloads are delivered to /v1/webhook_endpoints here.', {
      param: 'event_payload',
    })
  }
  if (input.type !== 'webhook_endpoint' || input.webhook_endpoint === undefined) {
    throw invalidRequest('Only destinations of type webhook_endpoint exist here.', { param: 'type' })
  }
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
    metadata: { ...input.metadata },
    name: input.name,
    status: 'enabled',
    type: 'webhook_endpoint',
    updated: now,
    webhook_endpoint: { signing_secret: secret, url: input.webhook_endpoint.url },
  }
  engine.state.eventDestinations[id] = destination
  engine.state.webhookSecrets[id] = secret
  return shownDestination(destination, input.include ?? [])
}

/** A destination as the API shows it: `webhook_endpoint.url` and `.signing_secret` only when included. */
export function shownDestination(
  destination: EventDestination,
  include: readonly string[],
): EventDestination {
  const { webhook_endpoint: endpoint, ...rest } = destination
  const shown = {
    ...(include.includes('webhook_endpoint.url') && endpoint?.url !== undefined ? { url: endpoint.url } : {}),
    ...(include.includes('webhook_endpoint.signing_secret') && endpoint?.signing_secret !== undefined
      ? { signing_secret: endpoint.signing_secret }
      : {}),
  }
  return Object.keys(shown).length === 0 ? rest : { ...rest, webhook_endpoint: shown }
}
