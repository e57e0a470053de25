import { newId } from './ids.ts'
import { render } from './render.ts'
import { API_VERSION, DEFAULT_SETTINGS, type Settings } from './settings.ts'
import { type Delivery, emptyState, type State } from './state.ts'
import type { EventType, StripeEvent, ThinEvent } from './wire.ts'

/** All the engine asks of a clock. Milliseconds since the epoch. */
export interface EngineTime {
  now(): number
  /** Arms a timer that survives a restart: `TIMERS[kind]` runs with its subject, mostly an id. See `timers.ts`. */
  later(kind: TimerKind, dueAt: number, subject: string): unknown
}

export const TIMER_KINDS = [
  'aggregate-usage',
  'collect-invoice',
  'expire-checkout-session',
  'expire-credit-grant',
  'expire-subscription',
  'finalize-invoice',
  'renew-subscription',
  'report-meter-errors',
  'retry-webhook',
] as const
export type TimerKind = (typeof TIMER_KINDS)[number]

/** The API request that is being executed, as its events name it. */
export type RequestContext = { readonly id: string | null; readonly idempotencyKey: string | null }

/** Called for every event in the order of creation, synchronously. */
export type EventListener = (event: StripeEvent | ThinEvent) => void

/**
 * Stripe's billing behaviour without a wire: verbs (one per file) read and change `state`, time passes only through
 * `time`. Every verb is synchronous; every timer looks at the state and does what is due, so running one twice is safe.
 */
export type Engine = {
  readonly state: State
  readonly time: EngineTime
  settings: Settings
  readonly listeners: EventListener[]
  /** Starts the delivery of an event to an endpoint; does nothing until `deliverEvents` is called. */
  deliver: (delivery: Delivery) => void
  request: RequestContext
}

export function createEngine(time: EngineTime, settings: { baseUrl: string } & Partial<Settings>): Engine {
  return {
    state: emptyState(),
    time,
    settings: { ...DEFAULT_SETTINGS, ...settings },
    listeners: [],
    deliver: () => {},
    request: NO_REQUEST,
  }
}

export const NO_REQUEST: RequestContext = { id: null, idempotencyKey: null }

/** The engine's time in whole seconds, as Stripe stamps objects. */
export function nowSeconds(engine: Engine): number {
  return Math.floor(engine.time.now() / 1000)
}

/** Records a snapshot event of `object` as it is now. */
export function emit(
  engine: Engine,
  type: EventType,
  object: object,
  previous?: Record<string, unknown>,
): void {
  const event: StripeEvent = {
    id: newId(engine.state, 'evt_'),
    object: 'event',
    api_version: API_VERSION,
    created: nowSeconds(engine),
    data: {
      object: render(engine.state, object, []),
      ...(previous === undefined ? {} : { previous_attributes: structuredClone(previous) }),
    },
    livemode: false,
    pending_webhooks: 0,
    request: { id: engine.request.id, idempotency_key: engine.request.idempotencyKey },
    type,
  }
  forgetOldEvents(engine, event.created)
  engine.state.events.push(event)
  announce(engine, event)
}

/** Events and their deliveries can be read for a while only, so they need not be kept longer. */
function forgetOldEvents({ state, settings }: Engine, now: number): void {
  const oldest = now - settings.eventRetentionSeconds
  if ((state.events[0]?.created ?? now) >= oldest) return
  state.events = state.events.filter(event => event.created >= oldest)
  state.thinEvents = state.thinEvents.filter(event => Date.parse(event.created) / 1000 >= oldest)
  const kept = new Set([...state.events, ...state.thinEvents].map(event => event.id))
  for (const [id, delivery] of state.deliveries) if (!kept.has(delivery.eventId)) state.deliveries.delete(id)
}

/** Tells the listeners of an event that is stored. */
export function announce(engine: Engine, event: StripeEvent | ThinEvent): void {
  for (const listener of engine.listeners) listener(event)
}

/**
 * Changes fields of a stored object and returns their previous values where they differ, as `*.updated` events carry
 * them.
 */
export function change<T extends object>(target: T, changes: Partial<T>): Record<string, unknown> {
  const previous: Record<string, unknown> = {}
  for (const key of Object.keys(changes) as (keyof T & string)[]) {
    const value = changes[key]
    if (value === undefined || JSON.stringify(target[key]) === JSON.stringify(value)) continue
    previous[key] = structuredClone(target[key])
    target[key] = value as T[typeof key]
  }
  return previous
}
