import type { MiddlewareHandler } from 'hono'
import type { Instant } from '#kernel/time'
import { type Caller, callerOf } from './caller.ts'
import type { PrintUsage } from './usage-line.ts'

/** What the entry hands to the app with each request: API Gateway's request context. */
export type Env = {
  Bindings: { readonly requestContext: unknown }
  Variables: {
    caller: Caller
    /** The route's name, set by the route that matched. */
    route: string | undefined
    /** What the call costs, set by the route that ran. */
    units: number | undefined
  }
}

/** Requests that matched no route: one name, so that the metric's dimension stays small. */
export const UNMATCHED_ROUTE = 'unmatched'
export const UNITS_HEADER = 'Tollgate-Units'

/**
 * Prints exactly one usage line for every request that came through the authorizer, whatever became of it. A call that
 * the client sees fail (status 400 and above) costs nothing.
 */
export const meter =
  (print: PrintUsage, now: () => Instant): MiddlewareHandler<Env> =>
  async (c, next) => {
    const startedAt = now()
    const caller = callerOf(c.env.requestContext)
    c.set('caller', caller)
    await next()
    const { status } = c.res
    const units = status >= 400 ? 0 : (c.get('units') ?? 0)
    c.header(UNITS_HEADER, String(units))
    print({
      id: caller.id,
      account: caller.accountId,
      key: caller.keyId,
      planId: caller.planId,
      route: c.get('route') ?? UNMATCHED_ROUTE,
      units,
      status,
      usedAt: caller.usedAt,
      durationMs: Math.max(0, now() - startedAt),
    })
  }
