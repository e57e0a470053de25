import * as z from 'zod/mini'
import { instantSchema, limitsSchema, unitsSchema } from '#kernel/schemas'
import { chargeable, currencySchema, unitPriceSchema } from './money.ts'

/** What a plan charges; never negative. */
const priceMinorSchema = z.string().check(z.regex(/^\d{1,12}$/))

/** A step of a tiered price. `upToUnits` is inclusive; the last tier has `null`. */
export const tierSchema = z.object({
  upToUnits: z.nullable(unitsSchema),
  unitPriceMinor: unitPriceSchema,
  /** Added once when the tier is reached. The first tier is always reached, by no usage at all too. */
  flatMinor: z._default(priceMinorSchema, '0'),
})
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
        (tier, i) =>
          tier.upToUnits === null || tier.upToUnits > (i === 0 ? 0 : (tiers[i - 1]?.upToUnits ?? 0)),
      ),
    'tiers must rise',
  ),
)

/**
 * How usage becomes money, as Stripe's metered prices do it
 * (https://docs.stripe.com/subscriptions/pricing-models/tiered-pricing):
 * - `per_unit`: each unit costs the same;
 * - `graduated`: each unit is priced in its own tier;
 * - `volume`: all units are priced in the tier of the total;
 * - `package`: units are sold in packages; a begun one is paid.
 */
export const usagePriceSchema = z.discriminatedUnion('model', [
  z.object({ model: z.literal('per_unit'), unitPriceMinor: unitPriceSchema }),
  z.object({ model: z.literal('graduated'), tiers: tiersSchema }),
  z.object({ model: z.literal('volume'), tiers: tiersSchema }),
  z.object({
    model: z.literal('package'),
    packageUnits: z.int().check(z.gte(2), z.lte(1_000_000_000)),
    packagePriceMinor: priceMinorSchema,
  }),
])
export type UsagePrice = z.output<typeof usagePriceSchema>

export const planIdSchema = z.string().check(z.regex(/^[a-z][a-z0-9-]{0,30}$/))
/** `starter@3` */
export const planVersionIdSchema = z.string().check(z.regex(/^[a-z][a-z0-9-]{0,30}@[1-9]\d{0,5}$/))

const planShape = z.object({
  id: planIdSchema,
  name: z.string().check(z.minLength(1), z.maxLength(40)),
  description: z.string().check(z.maxLength(200)),
  /** Per month, in advance. `"0"` with a hard limit is a free plan without a Stripe subscription. */
  flatFeeMinor: priceMinorSchema,
  /** Units a month that the flat fee covers: the size of a first tier at price zero, or a free plan's hard limit. */
  includedUnits: unitsSchema,
  usagePrice: usagePriceSchema,
  /** Calls beyond are refused, exactly. */
  hardLimitUnits: z.nullable(unitsSchema),
  /** Spend cap of a new payer, until the first usage invoice is paid. */
  defaultCapMinor: z.nullable(priceMinorSchema),
  limits: limitsSchema,
})

/** A plan as the owner writes it in the catalogue file. */
export const planDefinitionSchema = planShape.check(
  z.refine(plan => plan.includedUnits === includedUnitsOf(plan), {
    path: ['includedUnits'],
    message: "must be the size of the first tier when that has price 0, a free plan's hardLimitUnits, else 0",
  }),
  z.refine(
    plan => plan.flatFeeMinor !== '0' || plan.hardLimitUnits === null || chargesNothing(plan.usagePrice),
    {
      path: ['usagePrice'],
      message: 'a plan without a fee and with a hard limit is free: its usage must have price 0',
    },
  ),
  z.refine(
    plan => plan.flatFeeMinor !== '0' || plan.hardLimitUnits !== null || !chargesNothing(plan.usagePrice),
    {
      path: ['hardLimitUnits'],
      message: 'a plan that costs nothing needs a hard limit',
    },
  ),
)
export type PlanDefinition = z.output<typeof planDefinitionSchema>

/** What `includedUnits` has to be: it follows from the other members. */
export function includedUnitsOf({
  usagePrice,
  flatFeeMinor,
  hardLimitUnits,
}: Pick<z.output<typeof planShape>, 'usagePrice' | 'flatFeeMinor' | 'hardLimitUnits'>): number {
  if (flatFeeMinor === '0' && hardLimitUnits !== null) return hardLimitUnits
  const first = 'tiers' in usagePrice ? usagePrice.tiers[0] : undefined
  return first && isZeroPrice(first.unitPriceMinor) ? (first.upToUnits ?? 0) : 0
}

/** Whether a unit price is zero, however it is written: `0`, `0.00`. */
export const isZeroPrice = (unitPriceMinor: string): boolean => /^0+(\.0*)?$/.test(unitPriceMinor)

/** Whether no quantity of units costs anything. */
export function chargesNothing(price: UsagePrice): boolean {
  switch (price.model) {
    case 'per_unit':
      return isZeroPrice(price.unitPriceMinor)
    case 'package':
      return isZeroPrice(price.packagePriceMinor)
    default:
      return price.tiers.every(tier => isZeroPrice(tier.unitPriceMinor) && isZeroPrice(tier.flatMinor))
  }
}

/** The price list as data; everything else about prices is derived from it. */
export const catalogueSchema = z
  .object({
    currency: currencySchema,
    /** Singular, for lines and pages: `check`. */
    unit: z.string().check(z.regex(/^[a-z ]{1,20}$/)),
    plans: z.array(planDefinitionSchema).check(z.minLength(1)),
  })
  .check(
    z.refine(({ plans }) => new Set(plans.map(plan => plan.id)).size === plans.length, {
      path: ['plans'],
      message: 'two plans have the same id',
    }),
    z.refine(({ currency, plans }) => plans.every(plan => chargeable(BigInt(plan.flatFeeMinor), currency)), {
      path: ['plans'],
      message: 'a monthly fee is no amount that can be charged in this currency',
    }),
  )
export type Catalogue = z.output<typeof catalogueSchema>

/** What publishing adds. Immutable once published; whether it is on sale is the plan's matter (`plans/store.ts`). */
export const planVersionSchema = z.extend(planShape, {
  planVersionId: planVersionIdSchema,
  version: z.int().check(z.gte(1)),
  currency: currencySchema,
  unit: z.string(),
  publishedAt: instantSchema,
  /** Null for a free plan. */
  stripe: z.nullable(
    z.object({
      /** What the flat fee is for. */
      productId: z.string(),
      /** What usage is counted in; absent where fee and usage share one product. */
      usageProductId: z.optional(z.string()),
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
