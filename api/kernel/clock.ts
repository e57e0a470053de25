import { type Instant, instant } from './time.ts'

/**
 * The only reader of the wall clock. Entries (`.lambda.ts`) take "now" from their event where it has one and from
 * here otherwise; everything below them gets it as an argument.
 */
export const now = (): Instant => instant(Date.now())
