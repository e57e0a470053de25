import * as z from 'zod/mini'
import { instantSchema, minorSchema, periodSchema, unitsSchema } from '#kernel/schemas'

const tally = {
  calls: unitsSchema,
  /** Calls with status 400 and above (units 0). */
  failed: unitsSchema,
  units: unitsSchema,
}

export const usageHourSchema = z.object({
  /** `2026-11-22T14` */
  hour: z.string(),
  ...tally,
})

export const usageSchema = z.object({
  period: periodSchema,
  /** Hours with usage, oldest first. */
  hours: z.array(usageHourSchema),
  /**
   * UTC days with usage and what each added to the metered charges of the bill: the bill up to its end less the bill up to
   * the day before, so the days add up to it. Null with a filter, and when the period is no segment of the account.
   */
  days: z.array(z.object({ day: z.string(), ...tally, costMinor: z.nullable(minorSchema) })),
  /** By units, most first. */
  byKey: z.array(z.object({ keyId: z.string(), ...tally })),
  byRoute: z.array(z.object({ route: z.string(), ...tally })),
  /** What clients saw; `refused` calls were stopped at the door and are in no other number. */
  byStatus: z.nullable(
    z.array(z.object({ status: z.int(), calls: unitsSchema, refused: unitsSchema, units: unitsSchema })),
  ),
  freshAt: instantSchema,
})
export type Usage = z.output<typeof usageSchema>
