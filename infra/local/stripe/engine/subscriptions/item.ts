import type { Interval } from '../calendar.ts'
import { type Engine, nowSeconds } from '../engine.ts'
import { invalidRequest } from '../fault.ts'
import { needPrice } from '../find.ts'
import { newId } from '../ids.ts'
import type { Period } from '../meters/usage.ts'
import { MAX_AMOUNT } from '../params.ts'
import type { Price, SubscriptionItem } from '../wire.ts'

/** https://docs.stripe.com/api/subscriptions/create */
const MAX_ITEMS = 20

export type NewItem = {
  readonly price: string
  readonly quantity?: number
  readonly metadata: Record<string, string>
}

/** Checks prices that are to be billed together: recurring, active, one currency, one interval. */
export function checkPrices(
  engine: Engine,
  items: readonly NewItem[],
  param: string,
  mustBeActive: (index: number) => boolean = () => true,
): Price[] {
  const prices = items.map((item, index) => {
    const name = `${param}[${index}][price]`
    const price = needPrice(engine, item.price, name)
    if (price.recurring === null) {
      throw invalidRequest(
        'The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.',
        { param: name },
      )
    }
    if (!price.active && mustBeActive(index))
      throw invalidRequest('The price specified is inactive. This field only accepts active prices.', {
        param: name,
      })
    if (price.recurring.usage_type === 'metered' && item.quantity !== undefined) {
      throw invalidRequest('Quantity should not be specified where usage_type is `metered`.', {
        param: `${param}[${index}][quantity]`,
      })
    }
    if ((price.unit_amount ?? 0) * (item.quantity ?? 1) > MAX_AMOUNT) {
      throw invalidRequest('The amount is greater than the maximum amount allowed.', {
        code: 'amount_too_large',
        param: `${param}[${index}][quantity]`,
      })
    }
    return price
  })
  if (items.length > MAX_ITEMS) {
    throw invalidRequest(`A subscription can have at most ${MAX_ITEMS} items.`, { param })
  }
  const first = prices[0]
  if (first === undefined) {
    throw invalidRequest(`Missing required param: ${param}.`, { code: 'parameter_missing', param })
  }
  for (const price of prices) {
    if (price.currency !== first.currency) {
      throw invalidRequest('All prices on a subscription must have the same currency.', { param })
    }
    if (JSON.stringify(intervalOf(price)) !== JSON.stringify(intervalOf(first))) {
      throw invalidRequest(
        'All prices on a subscription must have the same `recurring.interval` and `recurring.interval_count`.',
        { param },
      )
    }
  }
  return prices
}

export function intervalOf(price: Price): Interval {
  const units: readonly Interval['unit'][] = ['day', 'week', 'month', 'year']
  const unit = units.find(known => known === price.recurring?.interval)
  if (unit === undefined) throw new Error(`price ${price.id} is not recurring`)
  return { unit, count: price.recurring?.interval_count ?? 1 }
}

export function newItem(
  engine: Engine,
  subscriptionId: string,
  item: NewItem,
  price: Price,
  period: Period,
): SubscriptionItem {
  const isMetered = price.recurring?.usage_type === 'metered'
  return {
    id: newId(engine.state, 'si_', 14),
    object: 'subscription_item',
    billing_thresholds: null,
    created: nowSeconds(engine),
    current_period_end: period.end,
    current_period_start: period.start,
    current_trial: null,
    discounts: [],
    metadata: item.metadata,
    plan: planOf(engine, price),
    price: structuredClone(price),
    ...(isMetered ? {} : { quantity: item.quantity ?? 1 }),
    subscription: subscriptionId,
    tax_rates: [],
  }
}

/** The older face of a price, still part of every item. */
function planOf(engine: Engine, price: Price): SubscriptionItem['plan'] {
  const transform = price.transform_quantity
  return {
    id: price.id,
    object: 'plan',
    active: price.active,
    amount: price.unit_amount,
    amount_decimal: price.unit_amount_decimal,
    billing_scheme: price.billing_scheme,
    created: price.created,
    currency: price.currency,
    interval: intervalOf(price).unit,
    interval_count: intervalOf(price).count,
    livemode: false,
    metadata: { ...price.metadata },
    meter: price.recurring?.meter ?? null,
    nickname: price.nickname,
    product: engine.state.products.get(price.product)?.id ?? price.product,
    tiers_mode: price.tiers_mode,
    transform_usage: transform === null ? null : { divide_by: transform.divide_by, round: transform.round },
    trial_period_days: null,
    usage_type: price.recurring?.usage_type ?? 'licensed',
  }
}
