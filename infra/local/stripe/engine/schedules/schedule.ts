import { change, type Engine, emit, nowSeconds } from '../engine.ts'
import { invalidRequest } from '../fault.ts'
import { need, needSubscription } from '../find.ts'
import { newId } from '../ids.ts'
import { applyMetadata, type Input } from '../params.ts'
import { cancelSubscription } from '../subscriptions/cancel-subscription.ts'
import { periodOf } from '../subscriptions/period.ts'
import type { Schedule, Subscription } from '../wire.ts'
import { currentPhase, readPhases } from './phases.ts'
import type {
  cancelScheduleParams,
  createScheduleParams,
  releaseScheduleParams,
  updateScheduleParams,
} from './schedule-params.ts'

/** https://docs.stripe.com/api/subscription_schedules/create with `from_subscription`. */
export function createSchedule(engine: Engine, input: Input<typeof createScheduleParams>): Schedule {
  const subscription = needSubscription(engine, input.from_subscription, 'from_subscription')
  if (subscription.ended_at !== null || subscription.status === 'incomplete') {
    throw invalidRequest(`You cannot migrate a subscription that is ${subscription.status}.`, {
      param: 'from_subscription',
    })
  }
  if (subscription.schedule !== null) {
    throw invalidRequest(
      `You cannot migrate a subscription that is already attached to a schedule: ${subscription.schedule}`,
      { param: 'from_subscription' },
    )
  }
  const phase = currentPhase(subscription)
  const schedule: Schedule = {
    id: newId(engine.state, 'sub_sched_'),
    object: 'subscription_schedule',
    application: null,
    billing_mode: { ...subscription.billing_mode, flexible: { proration_discounts: 'included' } },
    canceled_at: null,
    completed_at: null,
    created: nowSeconds(engine),
    current_phase: { end_date: phase.end_date, start_date: phase.start_date },
    customer: subscription.customer,
    customer_account: null,
    default_settings: {
      application_fee_percent: null,
      billing_cycle_anchor: 'automatic',
      billing_thresholds: null,
      collection_method: 'charge_automatically',
      default_payment_method: subscription.default_payment_method,
      description: null,
      invoice_settings: {
        account_tax_ids: null,
        custom_fields: null,
        days_until_due: null,
        description: null,
        footer: null,
        issuer: { type: 'self' },
      },
      on_behalf_of: null,
      transfer_data: null,
    },
    end_behavior: 'release',
    livemode: false,
    metadata: {},
    pause_schedules: [],
    phases: [phase],
    released_at: null,
    released_subscription: null,
    status: 'active',
    subscription: subscription.id,
    test_clock: null,
  }
  engine.state.schedules.set(schedule.id, schedule)
  subscription.schedule = schedule.id
  emit(engine, 'subscription_schedule.created', schedule)
  emit(engine, 'customer.subscription.updated', subscription, { schedule: null })
  return schedule
}

/** https://docs.stripe.com/api/subscription_schedules/update */
export function updateSchedule(
  engine: Engine,
  id: string,
  input: Input<typeof updateScheduleParams>,
): Schedule {
  const { schedule, subscription } = needActive(engine, id, 'update')
  const phases = input.phases === undefined ? undefined : readPhases(engine, subscription, input.phases)
  const [first] = phases ?? []
  const previous = change(schedule, {
    metadata: applyMetadata(schedule.metadata, input.metadata),
    ...(input.end_behavior === undefined ? {} : { end_behavior: input.end_behavior }),
    ...(phases === undefined || first === undefined
      ? {}
      : { phases, current_phase: { end_date: first.end_date, start_date: first.start_date } }),
  })
  if (Object.keys(previous).length > 0) emit(engine, 'subscription_schedule.updated', schedule, previous)
  return schedule
}

/** The subscription goes on without its schedule: https://docs.stripe.com/api/subscription_schedules/release */
export function releaseSchedule(
  engine: Engine,
  id: string,
  input: Input<typeof releaseScheduleParams>,
): Schedule {
  const { schedule, subscription } = needActive(engine, id, 'release')
  if (schedule.end_behavior === 'cancel' && input.preserve_cancel_date) {
    const end = schedule.phases.at(-1)?.end_date ?? periodOf(subscription).end
    change(subscription, { cancel_at: end, canceled_at: nowSeconds(engine) })
  }
  release(engine, schedule, subscription)
  return schedule
}

export function release(engine: Engine, schedule: Schedule, subscription: Subscription): void {
  change(schedule, {
    current_phase: null,
    released_at: nowSeconds(engine),
    released_subscription: subscription.id,
    status: 'released',
    subscription: null,
  })
  const previous = change(subscription, { schedule: null })
  emit(engine, 'subscription_schedule.released', schedule)
  emit(engine, 'customer.subscription.updated', subscription, previous)
}

/** Ends the subscription too, with a final invoice unless told otherwise. */
export function cancelSchedule(
  engine: Engine,
  id: string,
  input: Input<typeof cancelScheduleParams>,
): Schedule {
  const { schedule, subscription } = needActive(engine, id, 'cancel')
  cancelSubscription(engine, subscription.id, {
    invoice_now: input.invoice_now ?? true,
    prorate: input.prorate ?? true,
  })
  return schedule
}

function needActive(
  engine: Engine,
  id: string,
  verb: string,
): { schedule: Schedule; subscription: Subscription } {
  const schedule = need(engine.state.schedules, 'subscription schedule', id)
  const subscription = engine.state.subscriptions.get(schedule.subscription ?? '')
  if (schedule.status === 'active' && subscription !== undefined) return { schedule, subscription }
  throw invalidRequest(
    `You cannot ${verb} a subscription schedule that is currently in the \`${schedule.status}\` status.`,
  )
}
