import { z } from 'zod'
import type { Answer } from '../api/idempotency.ts'
import { decideDispute, openDispute } from '../engine/disputes/dispute.ts'
import type { Engine } from '../engine/engine.ts'
import { Fault } from '../engine/fault.ts'
import { need } from '../engine/find.ts'
import { paymentOf } from '../engine/payments/create-payment-intent.ts'
import { changeSettings } from './change-settings.ts'
import { ControlError } from './control-error.ts'
import { listObjects, OBJECT_KINDS } from './objects.ts'
import { summarize } from './summarize.ts'

export type ControlRequest = {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly body: string
}

const PREFIX = '/_local/'

/**
 * Routes for tests and tools, apart from Stripe's own: `state`, `objects/<kind>?limit=`, `settings`, and what a customer's
 * bank does. `undefined` for any other path.
 */
export function answerControl(engine: Engine, request: ControlRequest): Answer | undefined {
  if (!request.path.startsWith(PREFIX)) return undefined
  const route = `${request.method} ${request.path.slice(PREFIX.length)}`
  try {
    const result = run(engine, route, request)
    return result === undefined
      ? json(404, { error: `There is no ${request.method} ${request.path}.` })
      : json(200, result)
  } catch (error) {
    // Faults and complaints about the body are the caller's; anything else is ours.
    if (error instanceof Fault || error instanceof ControlError) return json(400, { error: error.message })
    throw error
  }
}

function run(engine: Engine, route: string, request: ControlRequest): unknown {
  if (route === 'GET state') return summarize(engine)
  if (route === 'GET settings') return engine.settings
  if (route === 'POST settings') return changeSettings(engine, parse(request.body))
  if (route === 'POST disputes') return openByHand(engine, parse(request.body))
  const decision = /^POST disputes\/([^/]+)\/(won|lost)$/.exec(route)
  if (decision !== null)
    return decideDispute(engine, decision[1] ?? '', decision[2] === 'won' ? 'won' : 'lost')
  const kind = OBJECT_KINDS.find(one => route === `GET objects/${one}`)
  if (kind === undefined) return undefined
  const limit = new URLSearchParams(request.query).get('limit')
  return listObjects(engine, kind, limit === null ? {} : { limit: Number(limit) })
}

/** `{charge}` or `{invoice}`: the cardholder disputes it. */
function openByHand(engine: Engine, body: unknown): unknown {
  const parsed = z
    .strictObject({ charge: z.optional(z.string()), invoice: z.optional(z.string()) })
    .safeParse(body)
  if (!parsed.success) throw new ControlError('Pass {"charge": "ch_…"} or {"invoice": "in_…"}.')
  const { charge, invoice } = parsed.data
  const id = charge ?? paymentOf(engine, invoice ?? '')?.intent.latest_charge ?? ''
  return openDispute(engine, need(engine.state.charges, 'charge', id, 'charge'), 'fraudulent')
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    throw new ControlError('The body must be JSON.')
  }
}

function json(status: number, body: unknown): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body, null, 2) }
}
