import { type Engine, emit, nowSeconds } from '../engine.ts'
import { invalidRequest } from '../fault.ts'
import { needMeter, needProduct } from '../find.ts'
import { newId } from '../ids.ts'
import {
  amount,
  applyMetadata,
  boolean,
  currency,
  decimal,
  type Input,
  integer,
  list,
  MAX_AMOUNT,
  metadata,
  object,
  oneOf,
  required,
  text,
} from '../params.ts'
import { createProduct } from '../products/create-product.ts'
import type { Price } from '../wire.ts'
import { checkLookupKey, takeLookupKey } from './lookup-key.ts'
import { readTiers, wholeMinor } from './read-tiers.ts'

export const tierParams = object({
  flat_amount: amount({ min: 0 }),
  flat_amount_decimal: decimal({ min: 0 }),
  unit_amount: amount({ min: 0 }),
  unit_amount_decimal: decimal({ min: 0 }),
  up_to: required(text()),
})

export const createPriceParams = object({
  active: boolean(),
  billing_scheme: oneOf('per_unit', 'tiered'),
  currency: required(currency()),
  lookup_key: text({ max: 200 }),
  metadata: metadata(),
  nickname: text(),
  product: text(),
  product_data: object({ id: text(), name: required(text()), metadata: metadata(), unit_label: text() }),
  recurring: object({
    interval: required(oneOf('day', 'week', 'month', 'year')),
    interval_count: integer({ min: 1, max: 1_095 }),
    meter: text(),
    usage_type: oneOf('licensed', 'metered'),
  }),
  tax_behavior: oneOf('exclusive', 'inclusive', 'unspecified'),
  tiers: list(tierParams),
  tiers_mode: oneOf('graduated', 'volume'),
  transfer_lookup_key: boolean(),
  transform_quantity: object({
    divide_by: required(integer({ min: 1, max: MAX_AMOUNT })),
    round: required(oneOf('up', 'down')),
  }),
  unit_amount: amount({ min: 0 }),
  unit_amount_decimal: decimal({ min: 0 }),
})

/** Three years: https://docs.stripe.com/api/prices/create */
const MAX_INTERVALS = { day: 1_095, week: 156, month: 36, year: 3 } as const

export type CreatePrice = Input<typeof createPriceParams>

/** https://docs.stripe.com/api/prices/create */
export function createPrice(engine: Engine, input: CreatePrice): Price {
  const scheme = input.billing_scheme ?? 'per_unit'
  checkCombination(input, scheme)
  checkMeter(engine, input)
  const tiers = scheme === 'tiered' ? readTiers(input.tiers ?? []) : undefined
  checkLookupKey(engine, input.lookup_key ?? null, input.transfer_lookup_key ?? false)
  const product = productOf(engine, input)
  const price: Price = {
    id: newId(engine.state, 'price_'),
    object: 'price',
    active: input.active ?? true,
    billing_scheme: scheme,
    created: nowSeconds(engine),
    currency: input.currency,
    custom_unit_amount: null,
    livemode: false,
    lookup_key: input.lookup_key ?? null,
    metadata: applyMetadata(null, input.metadata),
    nickname: input.nickname ?? null,
    product,
    recurring: recurringOf(input),
    tax_behavior: input.tax_behavior ?? 'unspecified',
    tiers_mode: input.tiers_mode ?? null,
    transform_quantity: input.transform_quantity ?? null,
    type: input.recurring === undefined ? 'one_time' : 'recurring',
    ...amounts(input, scheme),
  }
  if (price.lookup_key !== null) takeLookupKey(engine, price.lookup_key)
  engine.state.prices.set(price.id, price)
  if (tiers !== undefined) engine.state.priceTiers.set(price.id, tiers)
  emit(engine, 'price.created', price)
  return price
}

function checkCombination(input: CreatePrice, scheme: 'per_unit' | 'tiered'): void {
  const hasAmount = input.unit_amount !== undefined || input.unit_amount_decimal !== undefined
  if (input.unit_amount !== undefined && input.unit_amount_decimal !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: unit_amount, unit_amount_decimal.', {
      param: 'unit_amount',
    })
  }
  if (scheme === 'per_unit') {
    if (!hasAmount) {
      throw invalidRequest(
        'Prices require an `unit_amount` or `unit_amount_decimal` parameter to be set when `billing_scheme=per_unit`.',
        { code: 'parameter_missing', param: 'unit_amount' },
      )
    }
    if (input.tiers !== undefined || input.tiers_mode !== undefined) {
      throw invalidRequest('`tiers` can only be set when `billing_scheme=tiered`.', { param: 'tiers' })
    }
    return
  }
  if (hasAmount)
    throw invalidRequest('`unit_amount` cannot be set when `billing_scheme=tiered`.', {
      param: 'unit_amount',
    })
  if (input.transform_quantity !== undefined) {
    throw invalidRequest('`transform_quantity` cannot be combined with `tiers`.', {
      param: 'transform_quantity',
    })
  }
  for (const param of ['tiers', 'tiers_mode'] as const) {
    if (input[param] === undefined) {
      throw invalidRequest(`Missing required param: ${param}.`, { code: 'parameter_missing', param })
    }
  }
}

function checkMeter(engine: Engine, input: CreatePrice): void {
  const recurring = input.recurring
  if (recurring === undefined) return
  if ((recurring.interval_count ?? 1) > MAX_INTERVALS[recurring.interval]) {
    throw invalidRequest('The maximum interval is three years.', { param: 'recurring[interval_count]' })
  }
  const param = 'recurring[meter]'
  if (recurring.usage_type !== 'metered') {
    if (recurring.meter === undefined) return
    throw invalidRequest('`recurring[meter]` can only be set when `recurring[usage_type]=metered`.', {
      param,
    })
  }
  if (recurring.meter === undefined) {
    throw invalidRequest('Metered prices must be backed by meters. Pass `recurring[meter]`.', {
      code: 'parameter_missing',
      param,
    })
  }
  if (needMeter(engine, recurring.meter, param).status !== 'active') {
    throw invalidRequest(`Meter ${recurring.meter} is inactive and cannot be attached to a price.`, { param })
  }
}

function productOf(engine: Engine, input: CreatePrice): string {
  if (input.product !== undefined && input.product_data === undefined) {
    return needProduct(engine, input.product, 'product').id
  }
  if (input.product_data !== undefined && input.product === undefined) {
    return createProduct(engine, input.product_data).id
  }
  throw invalidRequest('Exactly one of `product` and `product_data` must be set.', {
    code: 'parameter_missing',
    param: 'product',
  })
}

function recurringOf(input: CreatePrice): Price['recurring'] {
  if (input.recurring === undefined) return null
  return {
    interval: input.recurring.interval,
    interval_count: input.recurring.interval_count ?? 1,
    meter: input.recurring.meter ?? null,
    trial_period_days: null,
    usage_type: input.recurring.usage_type ?? 'licensed',
  }
}

function amounts(input: CreatePrice, scheme: string): Pick<Price, 'unit_amount' | 'unit_amount_decimal'> {
  const text = input.unit_amount_decimal ?? input.unit_amount?.toString()
  if (scheme === 'tiered' || text === undefined) return { unit_amount: null, unit_amount_decimal: null }
  return { unit_amount: wholeMinor(text), unit_amount_decimal: text }
}
