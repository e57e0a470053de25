import { limitSetIdOf } from '#api/contract'
import type { Drift, PlanVersion, UsagePrice } from '#billing/contract'
import type { Limits } from '#kernel/schemas'
import { lookupKeyOf, usageProductName } from '../workflows/publish-plan/make-prices.ts'
import { canonicalPrice } from './plan-terms.ts'
import type { MeterFacts, PriceFacts, ProductFacts } from './ports.ts'
import { type SaleFacts, wantedSale } from './sale.ts'

/** One plan as it is at Stripe, by id; null: Stripe does not have it. */
export type StripeFacts = {
  readonly products: ReadonlyMap<string, ProductFacts | null>
  readonly prices: ReadonlyMap<string, PriceFacts | null>
  readonly meters: ReadonlyMap<string, MeterFacts | null>
}
export type LimitSetFacts = {
  readonly limitSetId: string
  /** Null: API Gateway has no usage plan of its name. */
  readonly usagePlan: {
    readonly ratePerSecond: number
    readonly burst: number
    readonly hasStage: boolean
  } | null
}

const atStripe = (subject: string, message: string, remedy: string): Drift => ({
  ...{ where: 'stripe', subject, message, remedy },
})
const PUBLISH_AGAIN =
  'Publish a new version of the plan: change its description in a draft, then migrate who is on this one.'

/** Which versions the check looks at: the newest of every plan, and whatever somebody is on. */
export const isWatched = (version: PlanVersion, { versions, accounts }: SaleFacts): boolean =>
  (accounts.get(version.planVersionId) ?? 0) > 0 || versions.every(other => other.version <= version.version)

/** Every difference between one plan and Stripe, in words. Pure. */
export function stripeDrift(sale: SaleFacts, facts: StripeFacts): Drift[] {
  const wanted = wantedSale(sale)
  const newest = sale.versions.find(version => sale.versions.every(other => other.version <= version.version))
  return [
    ...(newest ? productDrift(newest, wanted, facts) : []),
    ...sale.versions
      .filter(version => isWatched(version, sale))
      .flatMap(version => [...meterDrift(version, facts), ...priceDrift(version, version === newest, facts)]),
    ...wanted.prices.flatMap(({ id, planVersionId, active }) => {
      const price = facts.prices.get(id)
      if (!price || price.active === active) return []
      return active
        ? [
            atStripe(
              planVersionId,
              `The price ${id} is archived, and the plan needs it.`,
              'Activate it in Stripe’s dashboard.',
            ),
          ]
        : [
            atStripe(
              planVersionId,
              `The price ${id} is active, and the plan is in the archive.`,
              'Archive the plan once more: it finishes what was cut off.',
            ),
          ]
    }),
  ]
}

function productDrift(
  newest: PlanVersion,
  wanted: ReturnType<typeof wantedSale>,
  facts: StripeFacts,
): Drift[] {
  if (!newest.stripe) return []
  const names = new Map([[newest.stripe.productId, newest.name]])
  if (newest.stripe.usageProductId) names.set(newest.stripe.usageProductId, usageProductName(newest.name))
  return wanted.products.flatMap(({ id, active }) => {
    const product = facts.products.get(id)
    const subject = newest.planVersionId
    if (!product) return [atStripe(subject, `The product ${id} does not exist.`, PUBLISH_AGAIN)]
    const drift: Drift[] = []
    if (product.active !== active)
      drift.push(
        atStripe(
          subject,
          active
            ? `The product ${id} is archived, and the plan needs it.`
            : `The product ${id} is active, and the plan is in the archive.`,
          active
            ? 'Activate it in Stripe’s dashboard.'
            : 'Archive the plan once more: it finishes what was cut off.',
        ),
      )
    const name = names.get(id) ?? ''
    if (product.name !== name)
      drift.push(
        atStripe(
          subject,
          `The product ${id} is named “${product.name}”, and the plan is “${name}”.`,
          'Rename it in Stripe’s dashboard: invoices show this name.',
        ),
      )
    return drift
  })
}

function meterDrift({ planVersionId, stripe }: PlanVersion, facts: StripeFacts): Drift[] {
  if (!stripe) return []
  const meter = facts.meters.get(stripe.meterId)
  const lost = 'Usage is not billed until this is mended.'
  if (!meter)
    return [atStripe(planVersionId, `The meter ${stripe.meterId} does not exist. ${lost}`, PUBLISH_AGAIN)]
  if (!meter.active)
    return [
      atStripe(
        planVersionId,
        `The meter ${meter.id} is switched off. ${lost}`,
        'Reactivate it in Stripe’s dashboard.',
      ),
    ]
  if (meter.eventName !== stripe.meterEventName)
    return [
      atStripe(
        planVersionId,
        `The meter ${meter.id} takes ${meter.eventName}, not ${stripe.meterEventName}. ${lost}`,
        PUBLISH_AGAIN,
      ),
    ]
  return meter.problem === null
    ? []
    : [
        atStripe(
          planVersionId,
          `The meter ${meter.id} ${meter.problem}. ${lost}`,
          'Publish the plan under another id.',
        ),
      ]
}

function priceDrift(version: PlanVersion, isNewest: boolean, facts: StripeFacts): Drift[] {
  const { stripe, planVersionId, id: planId } = version
  if (!stripe) return []
  const flat: UsagePrice = { model: 'per_unit', unitPriceMinor: version.flatFeeMinor }
  const expected = [
    {
      id: stripe.flatPriceId,
      kind: 'licensed',
      lookup: 'flat',
      price: flat,
      meterId: null,
      name: 'monthly fee',
    },
    {
      id: stripe.meteredPriceId,
      kind: 'metered',
      lookup: 'metered',
      price: version.usagePrice,
      meterId: stripe.meterId,
      name: 'usage price',
    },
  ] as const
  return expected.flatMap(({ id, kind, lookup, price, meterId, name }) => {
    const held = facts.prices.get(id)
    if (!held) return [atStripe(planVersionId, `The ${name} ${id} does not exist.`, PUBLISH_AGAIN)]
    const wrong = [
      held.currency === version.currency ? null : `is in ${held.currency.toUpperCase()}`,
      held.kind === kind && held.interval === 'month' ? null : 'is not monthly, or not of its kind',
      held.meterId === meterId ? null : 'counts another meter',
      held.price && isSamePrice(held.price, price) ? null : 'has other amounts than the plan says',
    ].filter(text => text !== null)
    const key = lookupKeyOf(planId, lookup)
    const drift = wrong.map(text => atStripe(planVersionId, `The ${name} ${id} ${text}.`, PUBLISH_AGAIN))
    if (isNewest && held.lookupKey !== key)
      drift.push(
        atStripe(
          planVersionId,
          `The ${name} ${id} does not have the lookup key ${key}.`,
          'Set it in Stripe’s dashboard if other software looks prices up by it; billing does not.',
        ),
      )
    return drift
  })
}

function isSamePrice(a: UsagePrice, b: UsagePrice): boolean {
  return JSON.stringify(canonical(a)) === JSON.stringify(canonical(b))
}
function canonical(price: UsagePrice): unknown {
  if (price.model === 'per_unit') return [price.model, canonicalPrice(price.unitPriceMinor)]
  if (price.model === 'package')
    return [price.model, price.packageUnits, canonicalPrice(price.packagePriceMinor)]
  const tiers = price.tiers.map(tier => [
    ...[tier.upToUnits, canonicalPrice(tier.unitPriceMinor), canonicalPrice(tier.flatMinor)],
  ])
  return [price.model, tiers]
}

/** Every difference between the limits of the watched versions and API Gateway. */
export function gatewayDrift(limits: readonly Limits[], facts: readonly LimitSetFacts[]): Drift[] {
  return limits.flatMap(({ ratePerSecond, burst }): Drift[] => {
    const limitSetId = limitSetIdOf({ ratePerSecond, burst })
    const drift = (message: string, remedy: string): Drift[] => [
      { where: 'api_gateway', subject: limitSetId, message, remedy },
    ]
    const found = facts.find(fact => fact.limitSetId === limitSetId)?.usagePlan
    if (!found)
      return drift(
        `There is no usage plan tollgate-${limitSetId}.`,
        'See the runbook, section plan-drift: customers of these limits are not throttled as they should be.',
      )
    const wrong: Drift[] = []
    if (found.ratePerSecond !== ratePerSecond || found.burst !== burst)
      wrong.push(
        ...drift(
          `The usage plan tollgate-${limitSetId} allows ${found.ratePerSecond} requests/s and bursts of ${found.burst}, not ${ratePerSecond} and ${burst}.`,
          'Set its rate and burst in API Gateway’s console.',
        ),
      )
    if (!found.hasStage)
      wrong.push(
        ...drift(
          `The usage plan tollgate-${limitSetId} is not attached to the stage of the API.`,
          'Attach the stage in API Gateway’s console.',
        ),
      )
    return wrong
  })
}
