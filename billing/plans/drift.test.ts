import { describe, expect, test } from 'vitest'
import type { PlanVersion } from '#billing/contract'
import { free, starter } from '../workflows/testing/fixtures.ts'
import { gatewayDrift, type StripeFacts, stripeDrift } from './drift.ts'
import type { PriceFacts, ProductFacts } from './ports.ts'
import { type SaleFacts, wantedSale } from './sale.ts'

const one: PlanVersion = {
  ...starter,
  stripe: {
    ...{ productId: 'tollgate_starter', usageProductId: 'tollgate_starter_usage', meterId: 'mtr_1' },
    ...{ flatPriceId: 'price_flat', meteredPriceId: 'price_metered', meterEventName: 'tollgate_starter' },
  },
}
const two: PlanVersion = {
  ...{ ...one, planVersionId: 'starter@2', version: 2 },
  stripe: one.stripe && { ...one.stripe, flatPriceId: 'price_flat2', meteredPriceId: 'price_metered2' },
}
const sale = (change: Partial<SaleFacts> = {}): SaleFacts => ({
  ...{ versions: [one], isArchived: false, accounts: new Map([['starter@1', 3]]) },
  ...change,
})

const flat: PriceFacts = {
  ...{ id: 'price_flat', active: true, productId: 'tollgate_starter', lookupKey: 'tollgate_starter_flat' },
  ...{ currency: 'usd', interval: 'month', kind: 'licensed', meterId: null },
  price: { model: 'per_unit', unitPriceMinor: '2900' },
}
const metered: PriceFacts = {
  ...{
    ...flat,
    id: 'price_metered',
    kind: 'metered',
    lookupKey: 'tollgate_starter_metered',
    meterId: 'mtr_1',
  },
  ...{ productId: 'tollgate_starter_usage', price: starter.usagePrice },
}
const product = { id: 'tollgate_starter', name: 'Starter', active: true, unitLabel: null }
const usageProduct = { id: 'tollgate_starter_usage', name: 'Starter usage', active: true, unitLabel: 'check' }
const meter = { id: 'mtr_1', active: true, eventName: 'tollgate_starter', problem: null }
type Change = { product?: object; flat?: object; metered?: object; meter?: object; gone?: string }
function facts(change: Change = {}): StripeFacts {
  const has = <T>(id: string, value: T): [string, T | null] => [id, change.gone === id ? null : value]
  return {
    products: new Map<string, ProductFacts | null>([
      has('tollgate_starter', { ...product, ...change.product }),
      has('tollgate_starter_usage', usageProduct),
    ]),
    prices: new Map([
      has('price_flat', { ...flat, ...change.flat }),
      has('price_metered', { ...metered, ...change.metered }),
    ]),
    meters: new Map([has('mtr_1', { ...meter, ...change.meter })]),
  }
}

test('a plan that is at Stripe as it was published has no differences, and a free one is not there', () => {
  expect(stripeDrift(sale(), facts())).toEqual([])
  expect(stripeDrift(sale({ versions: [free] }), facts())).toEqual([])
})

test('prices are compared by what they mean, not by how they are written', () => {
  const price = {
    model: 'graduated' as const,
    tiers: 'tiers' in starter.usagePrice ? starter.usagePrice.tiers : [],
  }
  const written = {
    ...price,
    tiers: price.tiers.map(tier => ({
      ...tier,
      unitPriceMinor: `${tier.unitPriceMinor}${tier.unitPriceMinor.includes('.') ? '0' : '.0'}`,
    })),
  }
  expect(stripeDrift(sale(), facts({ metered: { price: written } }))).toEqual([])
})

describe('what was changed by hand is named', () => {
  test.each<[string, Change, string]>([
    ['a product that was archived', { product: { active: false } }, 'is archived, and the plan needs it'],
    ['a product that was renamed', { product: { name: 'Basic' } }, 'is named “Basic”'],
    ['a product that is gone', { gone: 'tollgate_starter' }, 'does not exist'],
    ['a price that was archived', { flat: { active: false } }, 'is archived, and the plan needs it'],
    ['a price that is gone', { gone: 'price_metered' }, 'does not exist'],
    [
      'a fee of another amount',
      { flat: { price: { model: 'per_unit', unitPriceMinor: '3000' } } },
      'has other amounts',
    ],
    [
      'tiers of another price',
      { metered: { price: { model: 'per_unit', unitPriceMinor: '1' } } },
      'has other amounts',
    ],
    ['another currency', { flat: { currency: 'eur' } }, 'is in EUR'],
    ['a yearly fee', { flat: { interval: 'year' } }, 'is not monthly'],
    ['a price on another meter', { metered: { meterId: 'mtr_2' } }, 'counts another meter'],
    ['a lookup key that was moved', { metered: { lookupKey: null } }, 'does not have the lookup key'],
    ['a meter that was switched off', { meter: { active: false } }, 'is switched off. Usage is not billed'],
    [
      'a meter of another formula',
      { meter: { problem: 'aggregates by last, not by sum' } },
      'aggregates by last',
    ],
    ['a meter that is gone', { gone: 'mtr_1' }, 'does not exist. Usage is not billed'],
  ])('%s', (_name, change, message) => {
    const drift = stripeDrift(sale(), facts(change))
    expect(drift).toHaveLength(1)
    expect(drift[0]?.message).toContain(message)
    expect(drift[0]?.remedy).not.toBe('')
  })
})

describe('what of a plan is active at Stripe', () => {
  const prices = (change: Partial<SaleFacts>) =>
    Object.fromEntries(wantedSale(sale(change)).prices.map(({ id, active }) => [id, active]))

  test('on sale: the newest version, and every one that somebody is on', () => {
    expect(prices({ versions: [one, two], accounts: new Map() })).toEqual({
      price_flat2: true,
      price_metered2: true,
    })
    expect(prices({ versions: [one, two] })).toMatchObject({ price_flat: true, price_flat2: true })
  })

  test('in the archive: what running subscriptions need, and the version they may be migrated to', () => {
    const archived = { versions: [one, two], isArchived: true }
    expect(prices(archived)).toEqual({
      ...{ price_flat: true, price_metered: true, price_flat2: true, price_metered2: true },
    })
    expect(prices({ ...archived, accounts: new Map() })).toEqual({
      ...{ price_flat: false, price_metered: false, price_flat2: false, price_metered2: false },
    })
    expect(
      wantedSale(sale({ ...archived, accounts: new Map() })).products.map(({ active }) => active),
    ).toEqual([false, false])
  })
})

test('a limit set that is missing, changed or detached in API Gateway is named', () => {
  const limits = [{ ratePerSecond: 50, burst: 500 }]
  const usagePlan = { ratePerSecond: 50, burst: 500, hasStage: true }
  const check = (of: typeof usagePlan | null) =>
    gatewayDrift(limits, [{ limitSetId: 'r50-b500', usagePlan: of }]).map(({ message }) => message)
  expect(check(usagePlan)).toEqual([])
  expect(check(null)).toEqual(['There is no usage plan tollgate-r50-b500.'])
  expect(check({ ...usagePlan, burst: 5 })[0]).toContain('bursts of 5, not 50 and 500')
  expect(check({ ...usagePlan, hasStage: false })[0]).toContain('not attached to the stage')
})
