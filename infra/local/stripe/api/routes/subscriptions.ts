import { need, needSubscription } from '../../engine/find.ts'
import { object, oneOf, required, text } from '../../engine/params.ts'
import {
  cancelSubscription,
  cancelSubscriptionParams,
} from '../../engine/subscriptions/cancel-subscription.ts'
import {
  createSubscription,
  createSubscriptionParams,
} from '../../engine/subscriptions/create-subscription.ts'
import {
  updateSubscription,
  updateSubscriptionParams,
} from '../../engine/subscriptions/update-subscription.ts'
import type { Subscription } from '../../engine/wire.ts'
import { many, one } from '../router.ts'
import { inRange, is, nothing, range } from './filters.ts'

const STATUSES = [
  'active',
  'all',
  'canceled',
  'ended',
  'incomplete',
  'incomplete_expired',
  'past_due',
  'paused',
  'trialing',
  'unpaid',
] as const

const subscriptionFilter = object({
  created: range,
  customer: text(),
  price: text(),
  status: oneOf(...STATUSES),
})

/** Ended subscriptions are left out unless asked for: https://docs.stripe.com/api/subscriptions/list */
function hasStatus(subscription: Subscription, wanted: (typeof STATUSES)[number] | undefined): boolean {
  if (wanted === 'all') return true
  if (wanted === undefined) return subscription.status !== 'canceled'
  if (wanted === 'ended')
    return subscription.status === 'canceled' || subscription.status === 'incomplete_expired'
  return subscription.status === wanted
}

export const subscriptionRoutes = [
  one('POST', '/v1/subscriptions', createSubscriptionParams, (engine, input) =>
    createSubscription(engine, input),
  ),
  many('/v1/subscriptions', subscriptionFilter, (engine, input) =>
    Object.values(engine.state.subscriptions).filter(
      subscription =>
        hasStatus(subscription, input.status) &&
        is(subscription.customer, input.customer) &&
        inRange(subscription.created, input.created) &&
        (input.price === undefined || subscription.items.data.some(item => item.price.id === input.price)),
    ),
  ),
  one('GET', '/v1/subscriptions/:id', nothing, (engine, _input, path) => needSubscription(engine, path.id)),
  one('POST', '/v1/subscriptions/:id', updateSubscriptionParams, (engine, input, path) =>
    updateSubscription(engine, path.id, input),
  ),
  one('DELETE', '/v1/subscriptions/:id', cancelSubscriptionParams, (engine, input, path) =>
    cancelSubscription(engine, path.id, input),
  ),
  many('/v1/subscription_items', object({ subscription: required(text()) }), (engine, input) =>
    [...needSubscription(engine, input.subscription, 'subscription').items.data].reverse(),
  ),
  one('GET', '/v1/subscription_items/:id', nothing, (engine, _input, path) => {
    const items = Object.values(engine.state.subscriptions).flatMap(subscription => subscription.items.data)
    return need(Object.fromEntries(items.map(item => [item.id, item])), 'subscription_item', path.id)
  }),
]
