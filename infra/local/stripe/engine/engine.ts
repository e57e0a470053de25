import { newId } from './ids.ts'
import { render } from './render.ts'
import { API_VERSION, DEFAULT_SETTINGS, type Settings } from './settings.ts'
import { emptyState, type State } from './state.ts'
import type { EventType, StripeEvent, ThinEvent } from './wire.ts'

/** All the engine asks of a clock. Milliseconds since the epoch. */
export interface EngineTime {
  now(): number
  at(dueAt: number, label: string, run: () => void): unknown
}

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
  readonly settings: Settings
  readonly listeners: EventListener[]
  request: RequestContext
}

export function createEngine(time: EngineTime, settings: { baseUrl: string } & Partial<Settings>): Engine {
  return {
    state: emptyState(),
    time,
    settings: { ...DEFAULT_SETTINGS, ...settings },
    listeners: [],
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
  engine.state.events.push(event)
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
