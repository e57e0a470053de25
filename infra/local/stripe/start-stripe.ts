import type { Clock } from '../contract.ts'
import { createEngine, type Engine } from './engine/engine.ts'
import type { Settings } from './engine/settings.ts'
import { deliverEvents, type Post } from './engine/webhooks/deliver-events.ts'
import { listen } from './server.ts'

export type StripeOptions = {
  readonly clock: Clock
  /** A real port; the server listens on 127.0.0.1. */
  readonly port: number
  readonly journal?: (entry: { source: string; summary: string; detail?: unknown }) => void
  readonly settings?: Partial<Settings>
}

export type RunningStripe = { readonly url: string; readonly engine: Engine; stop(): Promise<void> }

/** How long an endpoint may take to answer a webhook, in real time. */
const DELIVERY_TIMEOUT_MS = 30_000

/** A stateful stand-in for Stripe, for the unmodified SDK (`{host, port, protocol: 'http'}`) and for browsers. */
export async function startStripe(options: StripeOptions): Promise<RunningStripe> {
  const { clock } = options
  const journal = options.journal ?? (() => {})
  const url = `http://127.0.0.1:${options.port}`
  let stopped = false
  const time = {
    now: () => clock.now(),
    at: (dueAt: number, label: string, run: () => void) =>
      clock.at(dueAt, label, () => {
        if (stopped) return
        clock.wrote()
        run()
      }),
  }
  const engine = createEngine(time, { baseUrl: url, ...options.settings })
  engine.listeners.push(event => journal({ source: 'stripe', summary: event.type, detail: event.id }))
  deliverEvents(engine, { post: postOverHttp(journal), busy: label => clock.busy(label) })
  const server = await listen(engine, options.port, { journal, wrote: () => clock.wrote() })
  return {
    url,
    engine,
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
