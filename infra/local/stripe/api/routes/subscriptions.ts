import { need, needSubscription } from '../../engine/find.ts'
import { object, oneOf, required, text } from '../../engine/params.ts'
import {
  cancelSchedule,
  createSchedule,
  releaseSchedule,
  updateSchedule,
} from '../../engine/schedules/schedule.ts'
import {
  cancelScheduleParams,
  createScheduleParams,
  releaseScheduleParams,
  updateScheduleParams,
} from '../../engine/schedules/schedule-params.ts'
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

const SCHEDULES = '/v1/subscription_schedules'

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
    [...engine.state.subscriptions.values()].filter(
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
  one('POST', SCHEDULES, createScheduleParams, (engine, input) => createSchedule(engine, input)),
  many(SCHEDULES, object({ customer: text(), created: range }), (engine, input) =>
    [...engine.state.schedules.values()].filter(
      schedule => is(schedule.customer, input.customer) && inRange(schedule.created, input.created),
    ),
  ),
  one('GET', `${SCHEDULES}/:id`, nothing, (engine, _input, path) =>
    need(engine.state.schedules, 'subscription schedule', path.id),
  ),
  one('POST', `${SCHEDULES}/:id`, updateScheduleParams, (engine, input, path) =>
    updateSchedule(engine, path.id, input),
  ),
  one('POST', `${SCHEDULES}/:id/release`, releaseScheduleParams, (engine, input, path) =>
    releaseSchedule(engine, path.id, input),
  ),
  one('POST', `${SCHEDULES}/:id/cancel`, cancelScheduleParams, (engine, input, path) =>
    cancelSchedule(engine, path.id, input),
  ),
  many('/v1/subscription_items', object({ subscription: required(text()) }), (engine, input) =>
    [...needSubscription(engine, input.subscription, 'subscription').items.data].reverse(),
  ),
  one('GET', '/v1/subscription_items/:id', nothing, (engine, _input, path) => {
    const items = [...engine.state.subscriptions.values()].flatMap(subscription => subscription.items.data)
    return need(new Map(items.map(item => [item.id, item])), 'subscription_item', path.id)
  }),
]
