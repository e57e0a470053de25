import type { Engine } from '../../engine/engine.ts'
import { nowSeconds } from '../../engine/engine.ts'
import { need } from '../../engine/find.ts'
import { boolean, list, object, text } from '../../engine/params.ts'
import {
  createWebhookEndpoint,
  createWebhookEndpointParams,
  deleteWebhookEndpoint,
  updateWebhookEndpoint,
  updateWebhookEndpointParams,
} from '../../engine/webhooks/webhook-endpoint.ts'
import type { StripeEvent } from '../../engine/wire.ts'
import { many, one } from '../router.ts'
import { inRange, is, nothing, range } from './filters.ts'

const ENDPOINTS = '/v1/webhook_endpoints'

const eventFilter = object({ created: range, delivery_success: boolean(), type: text(), types: list(text()) })

/** Events can be read for thirty days: https://docs.stripe.com/api/events */
function readableEvents(engine: Engine): StripeEvent[] {
  const oldest = nowSeconds(engine) - engine.settings.eventRetentionSeconds
  return engine.state.events.filter(event => event.created >= oldest)
}

export const eventRoutes = [
  many('/v1/events', eventFilter, (engine, input) =>
    readableEvents(engine).filter(
      event =>
        is<string>(event.type, input.type) &&
        (input.types === undefined || input.types.includes(event.type)) &&
        is(event.pending_webhooks === 0, input.delivery_success) &&
        inRange(event.created, input.created),
    ),
  ),
  one('GET', '/v1/events/:id', nothing, (engine, _input, path) =>
    need(new Map(readableEvents(engine).map(event => [event.id, event])), 'event', path.id),
  ),
  one('POST', ENDPOINTS, createWebhookEndpointParams, (engine, input) =>
    createWebhookEndpoint(engine, input),
  ),
  many(ENDPOINTS, nothing, engine => [...engine.state.webhookEndpoints.values()]),
  one('GET', `${ENDPOINTS}/:id`, nothing, (engine, _input, path) =>
    need(engine.state.webhookEndpoints, 'webhook endpoint', path.id),
  ),
  one('POST', `${ENDPOINTS}/:id`, updateWebhookEndpointParams, (engine, input, path) =>
    updateWebhookEndpoint(engine, path.id, input),
  ),
  one('DELETE', `${ENDPOINTS}/:id`, nothing, (engine, _input, path) =>
    deleteWebhookEndpoint(engine, path.id),
  ),
]
