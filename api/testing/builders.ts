import type { accessContract, Entitlement } from '#api/contract'
import { derivedId } from '#kernel/ids'
import { createMemoryTable } from '#kernel/memory-table'
import type { Result } from '#kernel/result'
import type { Call, Handlers } from '#kernel/rpc'
import type { Table } from '#kernel/table'
import { type Instant, parseInstant } from '#kernel/time'
import type { Gateway } from '../access/gateway.ts'
import { createMemoryGateway } from '../access/memory-gateway.ts'
import { createAccessPorts } from '../access/ports.ts'
import { accessProcedures } from '../access/procedures.ts'

/** Set-up for this service's tests. */
export const ACCOUNT = derivedId('acct', 'ada')
export const OTHER_ACCOUNT = derivedId('acct', 'eve')
export const START = parseInstant('2026-11-22T14:03:07Z')

export const FREE_LIMITS = { ratePerSecond: 2, burst: 20 }
export const STARTER_LIMITS = { ratePerSecond: 50, burst: 500 }

export const customer = (now: Instant = START, accountId = ACCOUNT): Call => ({
  now,
  actor: { kind: 'customer', accountId, userId: 'user-1' },
  requestId: 'r1',
})
export const billing = (now: Instant = START): Call => ({
  now,
  actor: { kind: 'service', service: 'billing' },
  requestId: 'r1',
})

export const free = (over: Partial<Entitlement> = {}): Entitlement => ({
  accountId: ACCOUNT,
  version: 1,
  planVersionId: 'free@1',
  planId: 'free',
  limits: FREE_LIMITS,
  blocks: [],
  hardLimit: { units: 1_000, reason: 'quota', segment: { kind: 'calendar_month' } },
  ...over,
})
export const starter = (over: Partial<Entitlement> = {}): Entitlement =>
  free({
    version: 2,
    planVersionId: 'starter@1',
    planId: 'starter',
    limits: STARTER_LIMITS,
    hardLimit: null,
    ...over,
  })

export function createAccess(
  table: Table = createMemoryTable(),
  gateway: Gateway = createMemoryGateway(),
): ReturnType<typeof createAccessPorts> & Handlers<typeof accessContract> {
  const ports = createAccessPorts(table, gateway)
  return { ...ports, ...accessProcedures({ ...ports, keyStage: 'test' }) }
}

/** The value of a success; throws on a failure. */
export async function unwrap<T>(result: Promise<Result<T>>): Promise<T> {
  const settled = await result
  if (settled.ok) return settled.value
  throw new Error(`${settled.code}: ${settled.message}`)
}

/** The code of a failure; `ok` otherwise. */
export async function codeOf(result: Promise<Result<unknown>>): Promise<string> {
  const settled = await result
  return settled.ok ? 'ok' : settled.code
}

/** The real thing with one effect cut off: the `at`-th write throws, `before` or `after` it happened. */
export function crashing<T extends object>(
  target: T,
  effects: readonly (keyof T)[],
  counter: { left: number; readonly when: 'before' | 'after' },
): T {
  return new Proxy(target, {
    get(object, name, receiver) {
      const member: unknown = Reflect.get(object, name, receiver)
      if (typeof member !== 'function' || !effects.includes(name as keyof T)) return member
      return async (...args: unknown[]) => {
        const isLast = counter.left-- === 0
        if (isLast && counter.when === 'before') throw new CrashError()
        const result: unknown = await member.apply(object, args)
        if (isLast) throw new CrashError()
        return result
      }
    },
  })
}

export class CrashError extends Error {
  constructor() {
    super('crashed')
    this.name = 'CrashError'
  }
}
