import {
  boolean,
  emptyable,
  type Input,
  integer,
  list,
  MAX_QUANTITY,
  metadata,
  object,
  oneOf,
  required,
  text,
  timestamp,
} from '../params.ts'

export const prorationBehavior = oneOf('always_invoice', 'create_prorations', 'none')

const phase = object({
  collection_method: oneOf('charge_automatically'),
  default_payment_method: text(),
  description: text(),
  discounts: emptyable(list(object({ coupon: required(text()) }))),
  duration: object({
    interval: required(oneOf('day', 'week', 'month', 'year')),
    interval_count: integer({ min: 1, max: 120 }),
  }),
  end_date: timestamp(),
  items: required(
    list(
      object({
        metadata: metadata(),
        price: required(text()),
        quantity: integer({ min: 0, max: MAX_QUANTITY }),
      }),
      { max: 20 },
    ),
  ),
  metadata: metadata(),
  proration_behavior: prorationBehavior,
  start_date: timestamp(),
})

export type GivenPhase = Input<typeof phase>

/** Schedules begin with a subscription that exists; Stripe takes no other parameter beside it. */
export const createScheduleParams = object({ from_subscription: required(text()) })

export const updateScheduleParams = object({
  end_behavior: oneOf('cancel', 'release'),
  metadata: metadata(),
  phases: list(phase, { max: 10 }),
  proration_behavior: prorationBehavior,
})

export const cancelScheduleParams = object({ invoice_now: boolean(), prorate: boolean() })
export const releaseScheduleParams = object({ preserve_cancel_date: boolean() })
