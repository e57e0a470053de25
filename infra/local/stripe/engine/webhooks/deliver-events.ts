import type { Engine } from '../engine.ts'
import type { Delivery } from '../state.ts'
import type { StripeEvent, ThinEvent } from '../wire.ts'
import { signatureHeader } from './sign.ts'

/** Posts a signed payload and answers with the HTTP status, or `null` when nobody answered. */
export type Post = (
  url: string,
  payload: string,
  headers: Readonly<Record<string, string>>,
) => Promise<number | null>

export type DeliveryPorts = {
  readonly post: Post
  /** Marks work in flight; see `Clock.busy`. */
  readonly busy: (label: string) => () => void
}

/**
 * Sends every event to the endpoints that asked for its type, in the order of creation per endpoint. Any 2xx counts as
 * received; anything else is tried again with growing pauses on the engine's clock, for three days, each time with a
 * fresh signature. https://docs.stripe.com/webhooks#retries
 */
export function deliverEvents(engine: Engine, ports: DeliveryPorts): void {
  const queues = new Map<string, Promise<void>>()

  const enqueue = (delivery: Delivery): void => {
    const done = ports.busy(`stripe webhook ${delivery.eventId}`)
    const before = queues.get(delivery.endpointId) ?? Promise.resolve()
    queues.set(delivery.endpointId, before.then(() => attempt(delivery)).finally(done))
  }

  const attempt = async (delivery: Delivery): Promise<void> => {
    const target = targetOf(engine, delivery)
    if (target === undefined) {
      delivery.status = 'failed'
      return
    }
    delivery.attempts += 1
    const header = signatureHeader(target.payload, target.secret, Math.floor(engine.time.now() / 1000))
    delivery.lastStatus = await ports.post(target.url, target.payload, { 'Stripe-Signature': header })
    if (delivery.lastStatus !== null && delivery.lastStatus >= 200 && delivery.lastStatus < 300) {
      delivery.status = 'delivered'
      settlePending(engine, delivery)
      return
    }
    const pause = engine.settings.webhookRetryDelaysMs[delivery.attempts - 1]
    if (pause === undefined) {
      delivery.status = 'failed'
      return
    }
    engine.time.at(engine.time.now() + pause, `stripe webhook retry ${delivery.eventId}`, () =>
      enqueue(delivery),
    )
  }

  engine.listeners.push(event => {
    const endpoints = event.object === 'event' ? snapshotTargets(engine, event) : thinTargets(engine, event)
    if (event.object === 'event') event.pending_webhooks = endpoints.length
    for (const endpointId of endpoints) {
      const delivery: Delivery = {
        eventId: event.id,
        endpointId,
        attempts: 0,
        status: 'pending',
        lastStatus: null,
      }
      engine.state.deliveries.push(delivery)
      enqueue(delivery)
    }
  })
}

function snapshotTargets(engine: Engine, event: StripeEvent): string[] {
  return Object.values(engine.state.webhookEndpoints)
    .filter(endpoint => endpoint.status === 'enabled' && wants(endpoint.enabled_events, event.type))
    .map(endpoint => endpoint.id)
}

function thinTargets(engine: Engine, event: ThinEvent): string[] {
  return Object.values(engine.state.eventDestinations)
    .filter(destination => destination.status === 'enabled' && wants(destination.enabled_events, event.type))
    .map(destination => destination.id)
}

function wants(enabled: readonly string[], type: string): boolean {
  return enabled.includes('*') || enabled.includes(type)
}

function settlePending(engine: Engine, delivery: Delivery): void {
  const event = engine.state.events.findLast(candidate => candidate.id === delivery.eventId)
  if (event !== undefined) event.pending_webhooks = Math.max(0, event.pending_webhooks - 1)
}

function targetOf(
  engine: Engine,
  delivery: Delivery,
): { url: string; secret: string; payload: string } | undefined {
  const secret = engine.state.webhookSecrets[delivery.endpointId]
  const snapshot = engine.state.events.findLast(event => event.id === delivery.eventId)
  const thin = engine.state.thinEvents.findLast(event => event.id === delivery.eventId)
  const url =
    engine.state.webhookEndpoints[delivery.endpointId]?.url ??
    engine.state.eventDestinations[delivery.endpointId]?.webhook_endpoint?.url
  if (secret === undefined || url === undefined) return undefined
  if (snapshot !== undefined) return { url, secret, payload: JSON.stringify(snapshot, null, 2) }
  if (thin === undefined) return undefined
  const { data: _data, ...pushed } = thin
  return { url, secret, payload: JSON.stringify(pushed, null, 2) }
}
