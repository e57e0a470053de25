import * as z from 'zod/mini'
import { type Catalogue, catalogueSchema, type PlanDefinition, type UsagePrice } from '#billing/contract'
import type { Random } from '../random.ts'

const UNIT_PRICES = ['0.15', '1', '2.5', '0.333', '7', '0.000000000001', '12.345678901234', '0.5'] as const
const LIMITS = [
  { ratePerSecond: 2, burst: 20 },
  { ratePerSecond: 50, burst: 500 },
] as const

/** A price list of a free plan and one or two paid ones, of every model that can be sold. */
export function randomCatalogue(random: Random): Catalogue {
  const quota = random.pick([0, 25, 200])
  const free = {
    ...{ id: 'free', name: 'Free', description: '', flatFeeMinor: '0', includedUnits: quota },
    ...{ usagePrice: { model: 'per_unit', unitPriceMinor: '0' }, hardLimitUnits: quota },
    ...{ defaultCapMinor: null, limits: LIMITS[0] },
  }
  const paid = Array.from({ length: random.pick([1, 2, 2, 3]) }, (_, n) =>
    randomPlan(random, ['starter', 'scale', 'volume'][n] ?? 'starter'),
  )
  const currency = random.pick(['usd', 'eur', 'jpy'])
  return z.parse(catalogueSchema, { currency, unit: 'check', plans: [free, ...paid] })
}

/** The same list with other prices for one of its paid plans. */
export function repriced(random: Random, catalogue: Catalogue): Catalogue {
  const chosen = random.pick(catalogue.plans.filter(({ id }) => id !== 'free'))
  const plans = catalogue.plans.map(plan => (plan === chosen ? randomPlan(random, plan.id) : plan))
  return z.parse(catalogueSchema, { ...catalogue, plans })
}

function randomPlan(random: Random, id: string): PlanDefinition {
  const usagePrice = randomPrice(random)
  const first = 'tiers' in usagePrice ? usagePrice.tiers[0] : undefined
  return {
    ...{ id, name: id, description: '', flatFeeMinor: random.pick(['500', '1900', '2900', '2901', '9900']) },
    includedUnits: first?.unitPriceMinor === '0' ? (first.upToUnits ?? 0) : 0,
    usagePrice,
    hardLimitUnits: random.chance(0.15) ? random.between(20, 400) : null,
    defaultCapMinor: random.chance(0.6) ? random.pick(['0', '60', '700', '100000']) : null,
    limits: random.pick(LIMITS),
  }
}

function randomPrice(random: Random): UsagePrice {
  const model = random.pick(['per_unit', 'graduated', 'volume', 'package'] as const)
  const unitPriceMinor = random.pick(UNIT_PRICES)
  if (model === 'per_unit') return { model, unitPriceMinor }
  if (model === 'package')
    return {
      model,
      packageUnits: random.pick([2, 7, 100]),
      packagePriceMinor: random.pick(['0', '99', '150']),
    }
  const last = { upToUnits: null, unitPriceMinor, flatMinor: randomFee(random) }
  const tiers = [random.between(1, 40), random.between(60, 150)]
    .slice(0, random.between(0, 2))
    .map(upToUnits => ({
      upToUnits,
      unitPriceMinor: random.pick(['0', ...UNIT_PRICES]),
      flatMinor: randomFee(random),
    }))
  return { model, tiers: [...tiers, last] }
}

const randomFee = (random: Random): string => (random.chance(0.25) ? random.pick(['3', '100', '250']) : '0')
