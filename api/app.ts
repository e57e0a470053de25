import { Hono } from 'hono'
import { DynamoError } from '#kernel/dynamo-request'
import type { Log } from '#kernel/log'
import type { Table } from '#kernel/table'
import type { Instant } from '#kernel/time'
import { requestIdOf } from './metering/caller.ts'
import { type Env, meter } from './metering/meter.ts'
import type { PrintUsage } from './metering/usage-line.ts'
import type { Route } from './routes/define-route.ts'
import { problemOf } from './routes/problems.ts'
import { serveRoute } from './routes/serve-route.ts'

export type AppPorts = {
  readonly routes: readonly Route[]
  /** The OpenAPI document, made from the same routes. */
  readonly openApi: object
  readonly table: Table
  readonly log: Log
  readonly print: PrintUsage
  readonly now: () => Instant
}

export const REQUEST_ID_HEADER = 'Tollgate-Request-Id'

/**
 * The metered API behind `ANY /{proxy+}`, and the two routes that need no key. Everything after the meter is recorded,
 * answers to unknown routes included.
 */
export function createApp(ports: AppPorts): Hono<Env> {
  const { routes, openApi, log, print, now } = ports
  const app = new Hono<Env>()

  app.use(async (c, next) => {
    await next()
    c.header(REQUEST_ID_HEADER, requestIdOf(c.env.requestContext))
  })
  app.get('/health', c => c.json({ status: 'ok' }))
  app.get('/openapi.json', c => c.json(openApi))

  app.use(meter(print, now))
  for (const route of routes) app.on(route.method, route.path, serveRoute(route, ports))
  for (const path of new Set(routes.map(route => route.path))) {
    const Allow = routes
      .filter(route => route.path === path)
      .map(({ method }) => method)
      .join(', ')
    app.all(path, c =>
      problemOf(
        'method_not_allowed',
        `${path} takes ${Allow}.`,
        requestIdOf(c.env.requestContext),
        {},
        { Allow },
      ),
    )
  }

  app.notFound(c => problemOf('not_found', undefined, requestIdOf(c.env.requestContext)))
  app.onError((error, c) => {
    const requestId = requestIdOf(c.env.requestContext)
    log.error('A request failed', { error, requestId })
    return error instanceof DynamoError
      ? problemOf('service_unavailable', undefined, requestId, {}, { 'Retry-After': '5' })
      : problemOf('internal_error', undefined, requestId)
  })
  return app
}
