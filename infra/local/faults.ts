import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { type Clock, type Identity, type LocalCloud, ServiceError } from './contract.ts'

/** Where a fault can strike. `operation` as the service names it: `PutItem`, `POST /v1/invoices/:id/pay`, `Webhook`. */
export type FaultPoint = {
  readonly service: string
  readonly operation: string
  /** What it is about where that is known: a function's name, a log group, an event type. */
  readonly resource?: string
  /** Who calls; `stop` ends the function environment that did. */
  readonly caller?: Identity
}

/** Before the operation has its effect, or after it and before the caller hears of it. */
const when = z.optional(z.enum(['before', 'after']))

const effect = z.discriminatedUnion('kind', [
  /** An error answer: `code` (503 `ServiceUnavailable` unless told) with HTTP status `status`. */
  z.strictObject({
    kind: z.literal('fail'),
    when,
    code: z.optional(z.string().check(z.minLength(1))),
    status: z.optional(z.number().check(z.int(), z.gte(400), z.lte(599))),
    message: z.optional(z.string()),
  }),
  /** The connection ends without an answer. */
  z.strictObject({ kind: z.literal('cut'), when }),
  /** The function environment that made the call ends at once. */
  z.strictObject({ kind: z.literal('stop'), when }),
  /** Milliseconds: real ones for a call, as its timeout is real; local ones for a delivery. */
  z.strictObject({ kind: z.literal('delay'), ms: z.number().check(z.int(), z.gte(1), z.lte(604_800_000)) }),
  /** A call runs twice and is answered the second time, like a retry after a lost answer; a delivery comes twice. */
  z.strictObject({ kind: z.literal('duplicate') }),
  /** Deliveries only: it never comes. */
  z.strictObject({ kind: z.literal('drop') }),
  /** Deliveries only: it comes after the next one that matches, or five minutes later. */
  z.strictObject({ kind: z.literal('reorder') }),
])

const faultSchema = z.strictObject({
  /** Names with `*` for anything. */
  service: z.string().check(z.minLength(1)),
  operation: z.string().check(z.minLength(1)),
  resource: z.optional(z.string()),
  /** The first of the matching calls to strike, counted from 1 when the switch is set. */
  nth: z.optional(z.number().check(z.int(), z.gte(1))),
  /** How many in a row; 0 for all that follow. */
  times: z.optional(z.number().check(z.int(), z.gte(0))),
  effect,
})

export type FaultEffect = z.infer<typeof effect>
export type Fault = z.infer<typeof faultSchema>

export type FaultView = Fault & {
  readonly id: string
  /** Matching calls since it was set, and those it struck. */
  readonly seen: number
  readonly struck: number
}

/** The answer that a `fail` switch gives. */
export class FaultError extends ServiceError {
  override readonly name = 'FaultError'
}

/** The caller hears nothing: whoever holds its connection ends it. */
export class CutError extends Error {
  override readonly name = 'CutError'
}

export interface Faults {
  /** Throws with what is wrong when `fault` is no fault. Answers its id. */
  add(fault: unknown): string
  /** Whether there was one. */
  remove(id: string): boolean
  clear(): void
  list(): FaultView[]
  /** Runs a call through the switches. Throws `FaultError` and `CutError` besides what `run` throws. */
  call<T>(point: FaultPoint, run: () => Promise<T>): Promise<T>
  /** Runs a delivery through the switches: never, once, twice or later. Throws `FaultError` besides what `run` throws. */
  deliver(point: FaultPoint, run: () => Promise<void>): Promise<void>
}

type Armed = { readonly id: string; readonly fault: Fault; seen: number; struck: number }
type Held = { readonly armed: Armed; release(): Promise<void> }

const REORDER_LIMIT_MS = 300_000

/**
 * Fault switches: nothing strikes until one is added. They are forgotten at a restart.
 * `stop` ends the function environment that the identity names.
 */
export function createFaults(parts: {
  readonly clock: Pick<Clock, 'now' | 'at'>
  readonly journal: LocalCloud['journal']
  readonly stop: (caller: Identity) => void
}): Faults {
  const switches = new Map<string, Armed>()
  const held = new Set<Held>()
  let sequence = 0

  function strike(point: FaultPoint): Armed | undefined {
    let struck: Armed | undefined
    for (const armed of switches.values()) {
      if (!matches(armed.fault, point)) continue
      armed.seen += 1
      const first = armed.fault.nth ?? 1
      const times = armed.fault.times ?? 1
      const active = armed.seen >= first && (times === 0 || armed.seen < first + times)
      if (active) struck ??= armed
    }
    if (struck === undefined) return undefined
    struck.struck += 1
    const what = [point.service, point.operation, point.resource].filter(Boolean).join(' ')
    parts.journal({ source: 'fault', summary: `${struck.fault.effect.kind}: ${what}` })
    return struck
  }

  async function around<T>(point: FaultPoint, what: FaultEffect, run: () => Promise<T>): Promise<T> {
    switch (what.kind) {
      case 'delay':
        await sleep(what.ms)
        return await run()
      case 'duplicate':
        await run().catch(() => undefined)
        return await run()
      case 'fail':
      case 'cut':
      case 'stop':
        if (what.when === 'after') await run()
        if (what.kind === 'stop' && point.caller !== undefined) parts.stop(point.caller)
        throw what.kind === 'fail' ? failure(what) : new CutError(`${point.operation} was cut off`)
      default:
        throw new Error(`A call cannot be struck by "${what.kind}", only a delivery`)
    }
  }

  async function hand(armed: Armed, run: () => Promise<void>): Promise<void> {
    const what = armed.fault.effect
    switch (what.kind) {
      case 'drop':
        return
      case 'duplicate':
        await run()
        return await run()
      case 'delay':
        parts.clock.at(parts.clock.now() + what.ms, 'a delayed delivery', run)
        return
      case 'reorder':
        return hold(armed, run)
      case 'fail':
        if (what.when === 'after') await run()
        throw failure(what)
      default:
        throw new Error(`A delivery cannot be struck by "${what.kind}", only a call`)
    }
  }

  function hold(armed: Armed, run: () => Promise<void>): void {
    const entry: Held = {
      armed,
      async release() {
        timer.cancel()
        if (held.delete(entry)) await run()
      },
    }
    held.add(entry)
    const timer = parts.clock.at(
      parts.clock.now() + REORDER_LIMIT_MS,
      'a delivery out of order',
      entry.release,
    )
  }

  return {
    add(value) {
      const fault = parseFault(value)
      sequence += 1
      const id = `fault-${sequence}`
      switches.set(id, { id, fault, seen: 0, struck: 0 })
      return id
    },
    remove: id => switches.delete(id),
    clear: () => switches.clear(),
    list: () => [...switches.values()].map(({ id, fault, seen, struck }) => ({ id, ...fault, seen, struck })),
    async call(point, run) {
      const armed = switches.size === 0 ? undefined : strike(point)
      return armed === undefined ? await run() : await around(point, armed.fault.effect, run)
    },
    async deliver(point, run) {
      const armed = switches.size === 0 ? undefined : strike(point)
      if (armed !== undefined) return await hand(armed, run)
      await run()
      for (const entry of [...held]) if (matches(entry.armed.fault, point)) await entry.release()
    },
  }
}

function parseFault(value: unknown): Fault {
  const parsed = faultSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const wrong = parsed.error.issues.map(issue => `${issue.path.join('.') || 'fault'}: ${issue.message}`)
  throw new Error(`This is no fault: ${wrong.join('; ')}`)
}

function matches(fault: Fault, point: FaultPoint): boolean {
  return (
    like(fault.service, point.service) &&
    like(fault.operation, point.operation) &&
    (fault.resource === undefined || like(fault.resource, point.resource ?? ''))
  )
}

/** `*` stands for any text, also none. */
function like(pattern: string, text: string): boolean {
  if (!pattern.includes('*')) return pattern === text
  const parts = pattern.split('*').map(part => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 's').test(text)
}

function failure(what: Extract<FaultEffect, { kind: 'fail' }>): FaultError {
  const { code = 'ServiceUnavailable', status = 503, message = 'A fault switch made this call fail.' } = what
  return new FaultError(code, message, status)
}
