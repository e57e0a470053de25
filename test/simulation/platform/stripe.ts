import Stripe from 'stripe'
import { WEBHOOK_EVENTS } from '../../../billing/cli/setup.ts'
import { STRIPE_API_VERSION } from '../../../billing/stripe/client.ts'
import { type ApiRequest, createApi } from '../../../infra/local/stripe/api/handle.ts'
import type { Answer } from '../../../infra/local/stripe/api/idempotency.ts'
import { deliverEvents } from '../../../infra/local/stripe/engine/webhooks/deliver-events.ts'
import { createWebhookEndpoint } from '../../../infra/local/stripe/engine/webhooks/webhook-endpoint.ts'
import { engineOnClock } from '../../../infra/local/stripe/engine-on-clock.ts'
import type { SimulatedClock } from './clock.ts'
import type { Effects, Trace } from './effects.ts'
import { FAULT_KINDS, type FaultKind } from './faults.ts'

/** How long Stripe leaves a draft of a renewal alone: what the doctor asks the owner to set. */
const GRACE_SECONDS = 72 * 3_600

/** Answers a webhook: the HTTP status, or null when nobody answered. */
export type TakeWebhook = (body: string, signature: string) => Promise<number | null>

/**
 * The Stripe stand-in in process: its engine on the simulated clock, its API behind the real SDK, its webhooks handed to
 * a function instead of a socket.
 */
export function createSimulatedStripe(
  clock: SimulatedClock,
  effects: Effects,
  trace: Trace,
  takeWebhook: TakeWebhook,
) {
  const engine = engineOnClock(clock, { baseUrl: 'https://stripe.test', draftSeconds: GRACE_SECONDS })
  const api = createApi(engine, {
    journal: ({ summary, detail }) => trace(`stripe: ${summary} ${String(detail ?? '')}`),
  })
  const endpoint = createWebhookEndpoint(engine, {
    url: 'https://webhooks.test/stripe',
    enabled_events: [...WEBHOOK_EVENTS],
  })
  deliverEvents(engine, {
    post: (_url, payload, headers) => takeWebhook(payload, headers['Stripe-Signature'] ?? ''),
    busy: () => () => undefined,
    async disturb(_type, run) {
      for (const delay of effects.schedule().deliveries())
        await new Promise<void>((resolve, reject) =>
          clock.after(delay, () => void run().then(resolve, reject)),
        )
    },
  })
  return {
    engine,
    webhookSecret: endpoint.secret ?? '',
    /** As billing's own client is made, but for the way to Stripe. */
    client: sdk(request => throughFaults(effects, () => api(request), request)),
    /** A customer or an administrator at Stripe's own pages: nothing fails there. */
    direct: sdk(async request => api(request)),
  }
}
export type SimulatedStripe = ReturnType<typeof createSimulatedStripe>

const READ: readonly FaultKind[] = ['fail', 'lost', 'slow_before', 'slow_after']

function throughFaults(effects: Effects, run: () => Answer, { method, path }: ApiRequest): Promise<Answer> {
  return effects.cross({
    name: `stripe ${method} ${path}`,
    kinds: method === 'GET' ? READ : FAULT_KINDS,
    run,
    fail: variant => [tooMany, serverError, broken, timedOut][variant(4)]?.() ?? tooMany(),
    lose: variant => [serverError, broken, timedOut][variant(3)]?.() ?? serverError(),
  })
}

const refusal = (status: number, type: string, code: string): Answer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ error: { type, code, message: 'simulated' } }),
})
const tooMany = () => refusal(429, 'invalid_request_error', 'rate_limit')
const serverError = () => refusal(500, 'api_error', 'api_error')
const broken = (): never => {
  throw Object.assign(new Error('simulated'), { code: 'ECONNRESET' })
}
const timedOut = (): never => {
  throw Stripe.HttpClient.makeTimeoutError()
}

function sdk(send: (request: ApiRequest) => Promise<Answer>): Stripe {
  return new Stripe('sk_test_simulation', {
    apiVersion: STRIPE_API_VERSION,
    httpClient: {
      getClientName: () => 'simulation',
      async makeRequest(_host, _port, url, method, headers, body) {
        const [path = '', query = ''] = url.split('?')
        const answer = await send({ method, path, query, headers: lowerCase(headers), body: body ?? '' })
        return {
          getStatusCode: () => answer.status,
          getHeaders: () => answer.headers,
          getRawResponse: () => answer,
          toStream: () => answer.body,
          toJSON: async () => JSON.parse(answer.body),
        }
      },
    },
    maxNetworkRetries: 2,
    telemetry: false,
  })
}

function lowerCase(headers: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
  )
}
