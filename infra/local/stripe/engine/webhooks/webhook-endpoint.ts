import { change, type Engine, nowSeconds } from '../engine.ts'
import { invalidRequest } from '../fault.ts'
import { need } from '../find.ts'
import { newId } from '../ids.ts'
import {
  applyMetadata,
  boolean,
  emptyable,
  type Input,
  list,
  metadata,
  object,
  required,
  text,
} from '../params.ts'
import { API_VERSION } from '../settings.ts'
import type { WebhookEndpoint } from '../wire.ts'

export const createWebhookEndpointParams = object({
  api_version: text(),
  connect: boolean(),
  description: emptyable(text()),
  enabled_events: required(list(text())),
  metadata: metadata(),
  url: required(text()),
})

/** The answer of a creation is the only one that shows the secret: https://docs.stripe.com/api/webhook_endpoints/create */
export function createWebhookEndpoint(
  engine: Engine,
  input: Input<typeof createWebhookEndpointParams>,
): WebhookEndpoint {
  checkWebhookUrl(input.url, 'url')
  if (input.api_version !== undefined && input.api_version !== API_VERSION) {
    throw invalidRequest(`Only ${API_VERSION} is available here.`, { param: 'api_version' })
  }
  const endpoint: WebhookEndpoint = {
    id: newId(engine.state, 'we_'),
    object: 'webhook_endpoint',
    api_version: input.api_version ?? null,
    application: null,
    created: nowSeconds(engine),
    description: input.description ?? null,
    enabled_events: input.enabled_events,
    livemode: false,
    metadata: applyMetadata(null, input.metadata),
    status: 'enabled',
    url: input.url,
  }
  const secret = newId(engine.state, 'whsec_', 32)
  engine.state.webhookEndpoints.set(endpoint.id, endpoint)
  engine.state.webhookSecrets.set(endpoint.id, secret)
  return { ...endpoint, secret }
}

export const updateWebhookEndpointParams = object({
  description: emptyable(text()),
  disabled: boolean(),
  enabled_events: list(text()),
  metadata: metadata(),
  url: text(),
})

/** https://docs.stripe.com/api/webhook_endpoints/update */
export function updateWebhookEndpoint(
  engine: Engine,
  id: string,
  input: Input<typeof updateWebhookEndpointParams>,
): WebhookEndpoint {
  const endpoint = need(engine.state.webhookEndpoints, 'webhook endpoint', id)
  if (input.url !== undefined) checkWebhookUrl(input.url, 'url')
  change(endpoint, {
    ...(input.description === undefined ? {} : { description: input.description }),
    ...(input.disabled === undefined ? {} : { status: input.disabled ? 'disabled' : 'enabled' }),
    ...(input.enabled_events === undefined ? {} : { enabled_events: input.enabled_events }),
    ...(input.url === undefined ? {} : { url: input.url }),
    metadata: applyMetadata(endpoint.metadata, input.metadata),
  })
  return endpoint
}

export type DeletedWebhookEndpoint = { id: string; object: 'webhook_endpoint'; deleted: true }

/** https://docs.stripe.com/api/webhook_endpoints/delete */
export function deleteWebhookEndpoint(engine: Engine, id: string): DeletedWebhookEndpoint {
  need(engine.state.webhookEndpoints, 'webhook endpoint', id)
  engine.state.webhookEndpoints.delete(id)
  engine.state.webhookSecrets.delete(id)
  return { id, object: 'webhook_endpoint', deleted: true }
}

/** Refuses what is no `http` or `https` address. */
export function checkWebhookUrl(url: string, param: string): void {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return
  throw invalidRequest('Invalid URL: An explicit scheme (such as https) must be provided.', {
    code: 'url_invalid',
    param,
  })
}
