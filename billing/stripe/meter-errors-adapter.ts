import * as z from 'zod/mini'
import { type Instant, instant } from '#kernel/time'
import type { CallStripe } from './adapter.ts'

/** Why Stripe refused meter events after it had taken them. */
export type MeterErrors = {
  readonly createdAt: Instant
  /** Null: no meter has the name that was reported to. */
  readonly meterId: string | null
  readonly codes: readonly { readonly code: string; readonly count: number }[]
  /** Identifiers of some of the refused events: Stripe names samples, not all. */
  readonly identifiers: readonly string[]
  readonly count: number
}

export interface MeterErrorStripe {
  /** The report of an event `v1.billing.meter.…`. */
  getMeterErrors(eventId: string): Promise<MeterErrors>
}

export const meterErrorsAdapter = (call: CallStripe): MeterErrorStripe => ({
  getMeterErrors: eventId =>
    call('get meter errors', async stripe => parseMeterErrors(await stripe.v2.core.events.retrieve(eventId))),
})

/** https://docs.stripe.com/billing/subscriptions/usage-based/recording-usage-api#handle-meter-event-errors */
const schema = z.object({
  created: z.string(),
  related_object: z.nullish(z.object({ id: z.string() })),
  data: z.object({
    reason: z.object({
      error_count: z.int(),
      error_types: z.array(
        z.object({
          code: z.string(),
          error_count: z.int(),
          sample_errors: z.array(z.object({ request: z.object({ identifier: z.string() }) })),
        }),
      ),
    }),
  }),
})

export function parseMeterErrors(payload: unknown): MeterErrors {
  const { created, related_object: meter, data } = z.parse(schema, payload)
  const { error_count: count, error_types: types } = data.reason
  return {
    createdAt: instant(Date.parse(created)),
    meterId: meter?.id ?? null,
    codes: types.map(({ code, error_count }) => ({ code, count: error_count })),
    identifiers: types.flatMap(type => type.sample_errors.map(({ request }) => request.identifier)),
    count,
  }
}
