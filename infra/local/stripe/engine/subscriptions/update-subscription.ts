import { checkCoupon, redeemCoupon } from '../coupons/redeem-coupon.ts'
import { change, type Engine, emit, nowSeconds } from '../engine.ts'
import { invalidRequest } from '../fault.ts'
import { needPaymentMethod, needSubscription } from '../find.ts'
import {
  applyMetadata,
  boolean,
  emptyable,
  type Input,
  list,
  metadata,
  object,
  oneOf,
  text,
  timestamp,
} from '../params.ts'
import type { Subscription } from '../wire.ts'
import { changeItems, itemChanges, planItems } from './change-items.ts'
import { periodOf } from './period.ts'
import { scheduleRenewal } from './renew-subscription.ts'

export const updateSubscriptionParams = object({
  cancel_at: emptyable(timestamp()),
  cancel_at_period_end: boolean(),
  cancellation_details: object({ comment: text(), feedback: text() }),
  default_payment_method: text(),
  description: emptyable(text()),
  discounts: emptyable(list(object({ coupon: text(), discount: text() }))),
  items: itemChanges,
  metadata: metadata(),
  proration_behavior: oneOf('always_invoice', 'create_prorations', 'none'),
})

type UpdateSubscription = Input<typeof updateSubscriptionParams>

/** https://docs.stripe.com/api/subscriptions/update */
export function updateSubscription(engine: Engine, id: string, input: UpdateSubscription): Subscription {
  const subscription = needSubscription(engine, id)
  if (
    subscription.ended_at !== null &&
    (input.cancel_at_period_end !== undefined || input.cancel_at !== undefined || input.items !== undefined)
  ) {
    throw invalidRequest('A canceled subscription can only update its cancellation_details and metadata.', {
      code: 'invalid_canceled_subscription_fields',
    })
  }
  refuseWhatTheScheduleDecides(subscription, input)
  const planned = input.items === undefined ? undefined : planItems(engine, subscription, input.items)
  const discounts = input.discounts?.map((given, index) =>
    checkDiscount(engine, subscription, given, `discounts[${index}]`),
  )
  const changes: Partial<Subscription> = { metadata: applyMetadata(subscription.metadata, input.metadata) }
  if (input.description !== undefined) changes.description = input.description
  if (input.default_payment_method !== undefined) {
    changes.default_payment_method =
      input.default_payment_method === ''
        ? null
        : needPaymentMethod(engine, input.default_payment_method, 'default_payment_method').id
  }
  if (input.cancellation_details !== undefined && subscription.cancellation_details !== null) {
    changes.cancellation_details = { ...subscription.cancellation_details, ...input.cancellation_details }
  }
  Object.assign(changes, cancellation(engine, subscription, input))
  if (input.discounts !== undefined) {
    changes.discounts = (discounts ?? []).map(given =>
      given.coupon === undefined
        ? given.discount
        : redeemCoupon(engine, given.coupon, subscription.customer, subscription.id).id,
    )
  }
  const items = structuredClone(subscription.items)
  if (planned !== undefined) {
    changeItems(engine, subscription, planned, input.proration_behavior ?? 'create_prorations')
  }
  const previous = { ...change(subscription, changes), ...(planned === undefined ? {} : { items }) }
  if (Object.keys(previous).length > 0) emit(engine, 'customer.subscription.updated', subscription, previous)
  if ('cancel_at' in previous) scheduleRenewal(engine, subscription)
  return subscription
}

type GivenDiscount = { readonly coupon: string } | { readonly coupon: undefined; readonly discount: string }

/** A coupon to redeem, or a discount that the subscription has and keeps. */
function checkDiscount(
  engine: Engine,
  subscription: Subscription,
  { coupon, discount }: { readonly coupon?: string | undefined; readonly discount?: string | undefined },
  param: string,
): GivenDiscount {
  if (coupon !== undefined && discount === undefined)
    return { coupon: checkCoupon(engine, coupon, subscription.currency, `${param}[coupon]`).id }
  if (coupon === undefined && discount !== undefined) {
    if (subscription.discounts.some(one => one === discount)) return { coupon: undefined, discount }
    throw invalidRequest(`No such discount: '${discount}'`, {
      code: 'resource_missing',
      param: `${param}[discount]`,
    })
  }
  throw invalidRequest('Pass exactly one of `coupon` and `discount`.', { param })
}

function refuseWhatTheScheduleDecides(subscription: Subscription, input: UpdateSubscription): void {
  if (subscription.schedule === null) return
  const cancels = input.cancel_at_period_end !== undefined || input.cancel_at !== undefined
  if (!cancels && input.items === undefined) return
  const what = cancels ? 'cancelation behavior' : 'items'
  throw invalidRequest(
    `The subscription is managed by the subscription schedule \`${subscription.schedule}\`, and updating any ${what} directly is not allowed. Please update the schedule instead.`,
    { param: cancels ? 'cancel_at_period_end' : 'items' },
  )
}

function cancellation(
  engine: Engine,
  subscription: Subscription,
  input: UpdateSubscription,
): Partial<Subscription> {
  if (input.cancel_at_period_end !== undefined && input.cancel_at !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: cancel_at, cancel_at_period_end.', {
      param: 'cancel_at',
    })
  }
  const reason = subscription.cancellation_details
  const withReason = (value: 'cancellation_requested' | null): Partial<Subscription> =>
    reason === null
      ? {}
      : { cancellation_details: { ...reason, ...input.cancellation_details, reason: value } }
  const now = nowSeconds(engine)
  if (input.cancel_at_period_end === true) {
    const cancelAt = periodOf(subscription).end
    return {
      cancel_at: cancelAt,
      cancel_at_period_end: true,
      canceled_at: now,
      ...withReason('cancellation_requested'),
    }
  }
  if (typeof input.cancel_at === 'number') {
    if (input.cancel_at <= now)
      throw invalidRequest('`cancel_at` must be in the future.', { param: 'cancel_at' })
    return {
      cancel_at: input.cancel_at,
      cancel_at_period_end: false,
      canceled_at: now,
      ...withReason('cancellation_requested'),
    }
  }
  if (input.cancel_at_period_end === false || input.cancel_at === null) {
    return { cancel_at: null, cancel_at_period_end: false, canceled_at: null, ...withReason(null) }
  }
  return {}
}
