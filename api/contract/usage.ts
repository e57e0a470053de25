import * as z from 'zod/mini'
import { accountIdSchema, instantSchema, keyIdSchema, unitsSchema } from '#kernel/schemas'

/**
 * The two log lines that metering reads. The usage line is the api Lambda's CloudWatch EMF line: its metadata are flat
 * strings, so one line is metric and meter record. The access line is printed by the API stage for every request,
 * refused ones included. `id` is `extendedRequestId`: unlike `requestId`, a caller cannot set it
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-access-logging.html).
 */
const digits = z.string().check(z.regex(/^\d{1,15}$/))
const toNumber = z.pipe(digits, z.transform(Number))
const requestIdSchema = z.string().check(z.regex(/^[\x21-\x7e]{1,200}$/))
const routeSchema = z.string().check(z.minLength(1), z.maxLength(200))

/** As printed: every member a string. Parses to a `UsageEvent`. */
export const usageLineSchema = z.object({
  id: requestIdSchema,
  account: accountIdSchema,
  key: keyIdSchema,
  route: routeSchema,
  units: z.pipe(z.union([unitsSchema, digits]), z.transform(Number)),
  status: toNumber,
  usedAt: z.pipe(toNumber, instantSchema),
  durationMs: toNumber,
})

/** One served request. `route` is the route's pattern, e.g. `POST /v1/phone`. */
export type UsageEvent = z.output<typeof usageLineSchema>

/** As the stage's access-log format prints it (`infra/aws` holds the format). Parses to an `AccessRecord`. */
export const accessLineSchema = z.object({
  id: requestIdSchema,
  account: accountIdSchema,
  key: keyIdSchema,
  route: routeSchema,
  status: z.int().check(z.gte(100), z.lte(599)),
  usedAt: instantSchema,
})
export type AccessRecord = z.output<typeof accessLineSchema>

/** CloudWatch namespace and metric names of the usage line. */
export const METRICS = { namespace: 'Tollgate', calls: 'calls', units: 'units' } as const
