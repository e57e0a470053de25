import { redeemCoupon } from '../coupons/redeem-coupon.ts'
import { change, type Engine, emit, nowSeconds } from '../engine.ts'
import type { Period } from '../meters/usage.ts'
import { newItem } from '../subscriptions/item.ts'
import type { Schedule, Subscription, SubscriptionItem } from '../wire.ts'
import type { Phase } from './phases.ts'
import { release } from './schedule.ts'

/** What a subscription's schedule wants at the end of a period. */
export type Transition =
  | { readonly kind: 'none' }
  | { readonly kind: 'enter'; readonly schedule: Schedule; readonly phase: Phase }
  | { readonly kind: 'end'; readonly schedule: Schedule; readonly behavior: 'cancel' | 'release' }

export function transitionAt(engine: Engine, subscription: Subscription, instant: number): Transition {
  const schedule = engine.state.schedules.get(subscription.schedule ?? '')
  if (schedule?.status !== 'active') return { kind: 'none' }
  const at = schedule.phases.findIndex(phase => phase.start_date === schedule.current_phase?.start_date)
  const current = schedule.phases[at]
  if (current === undefined || current.end_date > instant) return { kind: 'none' }
  const phase = schedule.phases[at + 1]
  if (phase !== undefined) return { kind: 'enter', schedule, phase }
  return { kind: 'end', schedule, behavior: schedule.end_behavior === 'cancel' ? 'cancel' : 'release' }
}

/** Puts the items of the coming phase on the subscription; prices that stay keep their item. */
export function enterPhase(
  engine: Engine,
  subscription: Subscription,
  { schedule, phase }: Extract<Transition, { kind: 'enter' }>,
  coming: Period,
): void {
  const before = subscription.items.data
  subscription.items.data = phase.items.flatMap((wanted): SubscriptionItem[] => {
    const kept = before.find(item => item.price.id === wanted.price)
    if (kept !== undefined) {
      if (wanted.quantity !== undefined) kept.quantity = wanted.quantity
      return [kept]
    }
    const price = engine.state.prices.get(wanted.price)
    if (price === undefined) return []
    const { quantity } = wanted
    const given = {
      price: price.id,
      metadata: { ...wanted.metadata },
      ...(quantity === undefined ? {} : { quantity }),
    }
    return [newItem(engine, subscription.id, given, price, coming)]
  })
  for (const { coupon } of phase.discounts) {
    if (coupon === null || !engine.state.coupons.get(coupon)?.valid) continue
    subscription.discounts.push(redeemCoupon(engine, coupon, subscription.customer, subscription.id).id)
  }
  if (phase.default_payment_method !== null) {
    subscription.default_payment_method = phase.default_payment_method
  }
  Object.assign(subscription.metadata, phase.metadata)
  const previous = change(schedule, {
    current_phase: { end_date: phase.end_date, start_date: phase.start_date },
  })
  emit(engine, 'subscription_schedule.updated', schedule, previous)
}

/** The last phase is over. */
export function endSchedule(engine: Engine, subscription: Subscription, schedule: Schedule): void {
  if (schedule.end_behavior !== 'cancel') {
    release(engine, schedule, subscription)
    return
  }
  change(schedule, { completed_at: nowSeconds(engine), current_phase: null, status: 'completed' })
  emit(engine, 'subscription_schedule.completed', schedule)
}

/** Its subscription was ended by other means. */
export function abandonSchedule(engine: Engine, subscription: Subscription): void {
  const schedule = engine.state.schedules.get(subscription.schedule ?? '')
  if (schedule?.status !== 'active') return
  change(schedule, { canceled_at: nowSeconds(engine), current_phase: null, status: 'canceled' })
  emit(engine, 'subscription_schedule.canceled', schedule)
}
