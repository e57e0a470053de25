import * as z from 'zod/mini'
import { instantSchema, limitsSchema, minorSchema, unitsSchema } from '#kernel/schemas'
import { currencySchema, unitPriceSchema } from './money.ts'

/** One step of a graduated price. `upToUnits` is inclusive; the last tier has `null`. */
export const tierSchema = z.object({ upToUnits: z.nullable(unitsSchema), unitPriceMinor: unitPriceSchema })
export type Tier = z.output<typeof tierSchema>

const tiersSchema = z.array(tierSchema).check(
  z.minLength(1),
  z.refine(
    tiers => tiers.every((tier, i) => (tier.upToUnits === null) === (i === tiers.length - 1)),
    'only the last tier has upToUnits null',
  ),
  z.refine(
    tiers =>
      tiers.every(
        (tier, i) => i === 0 || tier.upToUnits === null || tier.upToUnits > (tiers[i - 1]?.upToUnits ?? 0),
      ),
    'tiers must rise',
  ),
)

export const planIdSchema = z.string().check(z.regex(/^[a-z][a-z0-9-]{0,30}$/))
/** `starter@3` */
export const planVersionIdSchema = z.string().check(z.regex(/^[a-z][a-z0-9-]{0,30}@[1-9]\d{0,5}$/))

/** A plan as the owner writes it in the catalogue file. */
export const planDefinitionSchema = z.object({
  id: planIdSchema,
  name: z.string().check(z.minLength(1), z.maxLength(40)),
  description: z.string().check(z.maxLength(200)),
  /** Per month, in advance. `"0"` with a hard limit is a free plan without a Stripe subscription. */
  flatFeeMinor: minorSchema,
  /** Units a month at price zero; equals `upToUnits` of a first tier with price `"0"` (or 0). */
  includedUnits: unitsSchema,
  /** Graduated. The first tier of a plan with included units has price `"0"`. */
  tiers: tiersSchema,
  /** Calls beyond are refused, exactly. */
  hardLimitUnits: z.nullable(unitsSchema),
  /** Spend cap of a new payer, until the first usage invoice is paid. */
  defaultCapMinor: z.nullable(minorSchema),
  limits: limitsSchema,
})
export type PlanDefinition = z.output<typeof planDefinitionSchema>

/** The price list as data; everything else about prices is derived from it. */
export const catalogueSchema = z.object({
  currency: currencySchema,
  /** Singular, for lines and pages: `check`. */
  unit: z.string().check(z.regex(/^[a-z ]{1,20}$/)),
  plans: z.array(planDefinitionSchema).check(z.minLength(1)),
})
export type Catalogue = z.output<typeof catalogueSchema>

/** What publishing adds. Immutable once published, but for `archivedAt`. */
export const planVersionSchema = z.extend(planDefinitionSchema, {
  planVersionId: planVersionIdSchema,
  version: z.int().check(z.gte(1)),
  currency: currencySchema,
  unit: z.string(),
  publishedAt: instantSchema,
  /** Null for a free plan. */
  stripe: z.nullable(
    z.object({
      productId: z.string(),
      flatPriceId: z.string(),
      meteredPriceId: z.string(),
      meterId: z.string(),
      /** Event name of the plan's own meter. */
      meterEventName: z.string(),
    }),
  ),
})
export type PlanVersion = z.output<typeof planVersionSchema>

export const isFree = (plan: Pick<PlanDefinition, 'flatFeeMinor' | 'hardLimitUnits'>): boolean =>
  plan.flatFeeMinor === '0' && plan.hardLimitUnits !== null
