// Deprecated in favour of a package that is not published yet; this file is the only one that knows it.
import { handle, type LambdaEvent } from 'hono/aws-lambda'
import { now } from '#kernel/clock'
import { createDynamoTable } from '#kernel/dynamo-table'
import { createLog } from '#kernel/log'
import { createApp } from './app.ts'
import { readRequestPathConfig } from './config.ts'
import { createUsagePrinter } from './metering/usage-line.ts'
import openApi from './routes/openapi.json' with { type: 'json' }
import { routes } from './routes/registry.ts'

const config = readRequestPathConfig()
const app = createApp({
  routes,
  openApi,
  table: createDynamoTable(config.ACCESS_TABLE),
  log: createLog('api'),
  print: createUsagePrinter(),
  now,
})
const serve = handle(app)

// Node loads its fetch classes at their first use: at start instead of in the first call (33 ms).
await app.request('/health', {}, { requestContext: {} })

export const handler = (event: LambdaEvent) => serve(readable(event))

/** The adapter builds a `Request`, which refuses a body with GET and HEAD; API Gateway passes one on. */
const readable = (event: LambdaEvent): LambdaEvent =>
  'httpMethod' in event && (event.httpMethod === 'GET' || event.httpMethod === 'HEAD')
    ? { ...event, body: null }
    : event
