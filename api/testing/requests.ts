import type { Entitlement } from '#api/contract'
import { derivedId } from '#kernel/ids'
import type { Log } from '#kernel/log'
import { createMemoryTable } from '#kernel/memory-table'
import type { Table } from '#kernel/table'
import { instant } from '#kernel/time'
import { createApp } from '../app.ts'
import type { UsageLine } from '../metering/usage-line.ts'
import type { Route } from '../routes/define-route.ts'
import { openApiOf } from '../routes/openapi.ts'
import { routes as ownRoutes } from '../routes/registry.ts'
import { ACCOUNT, START } from './builders.ts'

export const KEY_ID = derivedId('key', 'one')

type Request = { readonly headers?: Record<string, string>; readonly method?: string; readonly body?: string }

/** The app as the gateway calls it, with what it printed and logged. */
export function createTestApp({
  routes = ownRoutes,
  hardLimit = null,
  table = createMemoryTable(),
}: {
  routes?: readonly Route[]
  hardLimit?: Entitlement['hardLimit']
  table?: Table
} = {}) {
  const printed: UsageLine[] = []
  const logged: unknown[] = []
  const write = (...entry: unknown[]) => void logged.push(entry)
  const log: Log = { debug: write, info: write, warn: write, error: write }
  let clock = 0
  const app = createApp({
    routes,
    openApi: openApiOf(routes),
    table,
    log,
    print: line => printed.push(line),
    now: () => instant(START + clock++),
  })
  const requestContext = {
    extendedRequestId: 'ext-1=',
    requestId: 'set-by-the-caller',
    requestTimeEpoch: START,
    authorizer: {
      account: ACCOUNT,
      key: KEY_ID,
      plan: 'starter',
      ...(hardLimit && { limit: JSON.stringify({ ...hardLimit, version: 1 }) }),
    },
  }
  const send = async (path: string, request: Request = {}, context: object = requestContext) =>
    await app.request(path, request, { requestContext: context })
  return {
    printed,
    logged,
    table,
    send,
    post: (path: string, body: unknown, headers: Record<string, string> = {}) =>
      send(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  }
}
