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
  /** Runs one delivery through the fault switches: not at all, twice, later, or it rejects. */
  readonly disturb: (eventType: string, run: () => Promise<void>) => Promise<void>
}

/**
 * Sends every event to the endpoints that asked for its type, in the order of creation per endpoint. Any 2xx counts as
 * received; anything else is tried again with growing pauses on the engine's clock, for three days, each time with a
 * fresh signature. https://docs.stripe.com/webhooks#retries
 */
export function deliverEvents(engine: Engine, ports: DeliveryPorts): void {
  const queues = new Map<string, Promise<void>>()

  engine.deliver = delivery => {
    const done = ports.busy(`stripe webhook ${delivery.eventId}`)
    const before = queues.get(delivery.endpointId) ?? Promise.resolve()
    const attempt = before.then(() => ports.disturb(delivery.type, () => send(delivery)))
    queues.set(delivery.endpointId, attempt.catch(() => tryLater(engine, delivery)).finally(done))
  }

  const send = async (delivery: Delivery): Promise<void> => {
    const done = ports.busy(`stripe webhook ${delivery.eventId}`)
    try {
      const target = targetOf(engine, delivery)
      if (target === undefined) {
        delivery.status = 'failed'
        return
      }
      const header = signatureHeader(target.payload, target.secret, Math.floor(engine.time.now() / 1000))
      const status = await ports.post(target.url, target.payload, { 'Stripe-Signature': header })
      delivery.lastStatus = status
      if (status !== null && status >= 200 && status < 300) received(engine, delivery)
      else tryLater(engine, delivery)
    } finally {
      done()
    }
  }

  engine.listeners.push(event => {
    const endpoints = event.object === 'event' ? snapshotTargets(engine, event) : thinTargets(engine, event)
    if (event.object === 'event') event.pending_webhooks = endpoints.length
    for (const endpointId of endpoints) {
      const delivery: Delivery = {
        id: `${event.id}/${endpointId}`,
        eventId: event.id,
        type: event.type,
        endpointId,
        attempts: 0,
        status: 'pending',
        lastStatus: null,
      }
      engine.state.deliveries.set(delivery.id, delivery)
      engine.deliver(delivery)
    }
  })
}

/** The timer of a failed delivery. */
export function retryDelivery(engine: Engine, id: string): void {
  const delivery = engine.state.deliveries.get(id)
  if (delivery?.status === 'pending') engine.deliver(delivery)
}

function tryLater(engine: Engine, delivery: Delivery): void {
  delivery.attempts += 1
  if (delivery.status !== 'pending') return
  const pause = engine.settings.webhookRetryDelaysMs[delivery.attempts - 1]
  if (pause === undefined) delivery.status = 'failed'
  else engine.time.later('retry-webhook', engine.time.now() + pause, delivery.id)
}

function received(engine: Engine, delivery: Delivery): void {
  delivery.attempts += 1
  if (delivery.status === 'delivered') return
  delivery.status = 'delivered'
  const event = engine.state.events.findLast(candidate => candidate.id === delivery.eventId)
  if (event !== undefined) event.pending_webhooks = Math.max(0, event.pending_webhooks - 1)
}

function snapshotTargets(engine: Engine, event: StripeEvent): string[] {
  return [...engine.state.webhookEndpoints.values()]
    .filter(endpoint => endpoint.status === 'enabled' && wants(endpoint.enabled_events, event.type))
    .map(endpoint => endpoint.id)
}

function thinTargets(engine: Engine, event: ThinEvent): string[] {
  return [...engine.state.eventDestinations.values()]
    .filter(destination => destination.status === 'enabled' && wants(destination.enabled_events, event.type))
    .map(destination => destination.id)
}

function wants(enabled: readonly string[], type: string): boolean {
  return enabled.includes('*') || enabled.includes(type)
}

function targetOf(
  engine: Engine,
  delivery: Delivery,
): { url: string; secret: string; payload: string } | undefined {
  const secret = engine.state.webhookSecrets.get(delivery.endpointId)
  const snapshot = engine.state.events.findLast(event => event.id === delivery.eventId)
  const thin = engine.state.thinEvents.findLast(event => event.id === delivery.eventId)
  const url =
    engine.state.webhookEndpoints.get(delivery.endpointId)?.url ??
    engine.state.eventDestinations.get(delivery.endpointId)?.webhook_endpoint?.url
  if (secret === undefined || url === undefined) return undefined
  if (snapshot !== undefined) return { url, secret, payload: JSON.stringify(snapshot, null, 2) }
  if (thin === undefined) return undefined
  const { data: _data, ...pushed } = thin
  return { url, secret, payload: JSON.stringify(pushed, null, 2) }
}
