import { nextBoundary } from '../calendar.ts'
import type { Engine } from '../engine.ts'
import { invalidRequest } from '../fault.ts'
import { need } from '../find.ts'
import { applyMetadata } from '../params.ts'
import { checkPrices, intervalOf } from '../subscriptions/item.ts'
import { periodOf } from '../subscriptions/period.ts'
import type { Price, Schedule, Subscription } from '../wire.ts'
import type { GivenPhase } from './schedule-params.ts'

export type Phase = Schedule['phases'][number]

/** The phase that a subscription is in when a schedule is made from it: its items until its period ends. */
export function currentPhase(subscription: Subscription): Phase {
  const period = periodOf(subscription)
  return {
    ...emptyPhase(subscription.currency),
    default_payment_method: subscription.default_payment_method,
    end_date: period.end,
    items: subscription.items.data.map(item => ({
      billing_thresholds: null,
      discounts: [],
      metadata: { ...item.metadata },
      plan: item.price.id,
      price: item.price.id,
      ...(item.quantity === undefined ? {} : { quantity: item.quantity }),
      tax_rates: [],
    })),
    metadata: {},
    start_date: period.start,
  }
}

/**
 * Phases as given, with their dates. The first is the current one and keeps its items; each begins where the one before
 * ends, and ends with a billing period.
 */
export function readPhases(
  engine: Engine,
  subscription: Subscription,
  given: readonly GivenPhase[],
): Phase[] {
  const current = periodOf(subscription)
  let start = current.start
  return given.map((phase, index) => {
    const param = `phases[${index}]`
    const prices = checkPrices(
      engine,
      phase.items.map(item => ({ ...item, metadata: {} })),
      `${param}[items]`,
    )
    if (index === 0) checkCurrent(subscription, phase)
    if (phase.start_date !== undefined && phase.start_date !== start) {
      throw invalidRequest('Phases must follow each other without a gap.', { param: `${param}[start_date]` })
    }
    if (prices.some(price => price.currency !== subscription.currency)) {
      throw invalidRequest('The currency of a subscription cannot change.', { param: `${param}[items]` })
    }
    const end = endOf(subscription, phase, start, prices, param)
    if (index === 0 && end < current.end) {
      throw invalidRequest('The current phase cannot end before the current period.', {
        param: `${param}[end_date]`,
      })
    }
    const read = readPhase(engine, subscription, phase, { start, end }, param)
    start = end
    return read
  })
}

function checkCurrent(subscription: Subscription, phase: GivenPhase): void {
  const now = subscription.items.data.map(item => `${item.price.id} ${item.quantity ?? ''}`).sort()
  const items = subscription.items.data
  const wanted = phase.items
    .map(item => {
      const known = items.find(one => one.price.id === item.price)
      return `${item.price} ${known?.quantity === undefined ? '' : (item.quantity ?? 1)}`
    })
    .sort()
  if (JSON.stringify(now) === JSON.stringify(wanted)) return
  throw invalidRequest(
    'The first phase must have the items that the subscription has now; other items begin with a later phase here.',
    { param: 'phases[0][items]' },
  )
}

/** The given end, or the duration, or one billing period. It must be the end of a billing period. */
function endOf(
  subscription: Subscription,
  phase: GivenPhase,
  start: number,
  prices: readonly Price[],
  param: string,
): number {
  if (phase.end_date !== undefined && phase.duration !== undefined) {
    throw invalidRequest('Pass one of `end_date` and `duration`.', { param: `${param}[duration]` })
  }
  const [price] = prices
  const billed = price === undefined ? { unit: 'month' as const, count: 1 } : intervalOf(price)
  const anchor = subscription.billing_cycle_anchor
  if (phase.end_date === undefined) {
    const step = phase.duration === undefined ? billed : { unit: phase.duration.interval, count: 1 }
    const times = phase.duration?.interval_count ?? 1
    let end = start
    for (let count = 0; count < times; count += 1) end = nextBoundary(anchor, step, end)
    return end
  }
  const end = phase.end_date
  if (end <= start || nextBoundary(anchor, billed, end - 1) !== end) {
    throw invalidRequest('A phase must end with a billing period here.', { param: `${param}[end_date]` })
  }
  return end
}

function readPhase(
  engine: Engine,
  subscription: Subscription,
  phase: GivenPhase,
  dates: { readonly start: number; readonly end: number },
  param: string,
): Phase {
  return {
    ...emptyPhase(subscription.currency),
    collection_method: phase.collection_method ?? null,
    default_payment_method: phase.default_payment_method ?? null,
    description: phase.description ?? null,
    discounts: (phase.discounts ?? []).map(({ coupon }, index) => ({
      coupon: need(engine.state.coupons, 'coupon', coupon, `${param}[discounts][${index}][coupon]`).id,
      discount: null,
      promotion_code: null,
    })),
    end_date: dates.end,
    items: phase.items.map(item => ({
      billing_thresholds: null,
      discounts: [],
      metadata: applyMetadata(null, item.metadata),
      plan: item.price,
      price: item.price,
      ...(engine.state.prices.get(item.price)?.recurring?.usage_type === 'metered'
        ? {}
        : { quantity: item.quantity ?? 1 }),
      tax_rates: [],
    })),
    metadata: applyMetadata(null, phase.metadata),
    proration_behavior: phase.proration_behavior ?? 'create_prorations',
    start_date: dates.start,
  }
}

function emptyPhase(currency: string): Phase {
  return {
    add_invoice_items: [],
    application_fee_percent: null,
    billing_cycle_anchor: null,
    billing_thresholds: null,
    collection_method: null,
    currency,
    default_payment_method: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    end_date: 0,
    invoice_settings: null,
    items: [],
    metadata: {},
    on_behalf_of: null,
    proration_behavior: 'create_prorations',
    start_date: 0,
    transfer_data: null,
    trial_end: null,
  }
}
