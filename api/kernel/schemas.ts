import * as z from 'zod/mini'
import { type Instant, instant } from './time.ts'

/** Epoch milliseconds on the wire. */
export const instantSchema = z.pipe(
  z.int().check(z.gte(0)),
  z.transform((ms): Instant => instant(ms)),
)
export const periodSchema = z.object({ start: instantSchema, end: instantSchema })
export const accountIdSchema = z.string().check(z.regex(/^acct_[0-9A-Za-z]{22}$/))
export const keyIdSchema = z.string().check(z.regex(/^key_[0-9A-Za-z]{22}$/))
/** Integer minor units of the deployment's currency, as a decimal string: `"2900"`. */
export const minorSchema = z.string().check(z.regex(/^-?\d+$/))
/** Units of usage: a safe integer. */
export const unitsSchema = z.int().check(z.gte(0))

/** Rate and burst of one API Gateway usage plan. Two plans with equal limits share the limit set. */
export const limitsSchema = z.object({
  /** Requests per second, sustained. */
  ratePerSecond: z.int().check(z.gte(1), z.lte(10_000)),
  /** Size of the token bucket, in requests. */
  burst: z.int().check(z.gte(1), z.lte(5_000)),
})
export type Limits = z.output<typeof limitsSchema>
