import type { Clock, LocalCloud } from '../contract.ts'
import { listObjects, type ObjectKind } from './control/objects.ts'
import type { Engine } from './engine/engine.ts'
import type { Settings } from './engine/settings.ts'
import { restoreState, snapshotState } from './engine/snapshot.ts'
import { deliverEvents, type Post } from './engine/webhooks/deliver-events.ts'
import { engineOnClock } from './engine-on-clock.ts'
import { listen } from './server.ts'

export type StripeOptions = {
  readonly clock: Clock
  /** A real port; the server listens on 127.0.0.1. */
  readonly port: number
  readonly journal?: (entry: { source: string; summary: string; detail?: unknown }) => void
  /** Calls strike as `stripe`, `POST /v1/invoices/:id/pay`, id; deliveries as `stripe`, `Webhook`, event type. */
  readonly faults?: Pick<LocalCloud['faults'], 'call' | 'deliver'>
  readonly settings?: Partial<Settings>
}

export type RunningStripe = {
  readonly name: 'stripe'
  readonly url: string
  readonly engine: Engine
  /** Rows for a page, newest first. */
  objects(kind: ObjectKind, options?: { readonly limit?: number }): Record<string, unknown>[]
  /** Everything made so far; timers are the clock's. */
  snapshot(): unknown
  /** Puts a snapshot back, before the first request. Throws when it is of another version. */
  restore(snapshot: unknown): void
  stop(): Promise<void>
}

/** How long an endpoint may take to answer a webhook, in real time. */
const DELIVERY_TIMEOUT_MS = 30_000

/** A stateful stand-in for Stripe, for the unmodified SDK (`{host, port, protocol: 'http'}`) and for browsers. */
export async function startStripe(options: StripeOptions): Promise<RunningStripe> {
  const { clock, faults } = options
  const journal = options.journal ?? (() => {})
  const url = `http://127.0.0.1:${options.port}`
  let stopped = false
  const engine = engineOnClock(clock, { baseUrl: url, ...options.settings }, () => stopped)
  engine.listeners.push(event => journal({ source: 'stripe', summary: event.type, detail: event.id }))
  deliverEvents(engine, {
    post: postOverHttp(journal),
    busy: label => clock.busy(label),
    disturb: (type, run) =>
      faults === undefined
        ? run()
        : faults.deliver({ service: 'stripe', operation: 'Webhook', resource: type }, run),
  })
  const server = await listen(engine, options.port, { journal, clock, faults })
  return {
    name: 'stripe',
    url,
    engine,
    objects: (kind, page) => listObjects(engine, kind, page),
    snapshot: () => snapshotState(engine),
    restore: snapshot => restoreState(engine, snapshot),
    async stop() {
      stopped = true
      await server.stop()
    },
  }
}

function postOverHttp(journal: NonNullable<StripeOptions['journal']>): Post {
  return async (url, payload, headers) => {
    try {
      const response = await fetch(url, {
        method: 'POST',
        body: payload,
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
          ...headers,
        },
        redirect: 'manual',
        signal: AbortSignal.timeout(DELIVERY_TIMEOUT_MS),
      })
      await response.arrayBuffer()
      if (!response.ok)
        journal({ source: 'stripe', summary: `webhook to ${url} answered ${response.status}` })
      return response.status
    } catch (error) {
      journal({ source: 'stripe', summary: `webhook to ${url} failed`, detail: String(error) })
      return null
    }
  }
}
