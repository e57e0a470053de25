import type { Engine } from '../engine.ts'
import { invalidRequest } from '../fault.ts'
import { needCustomer, needPaymentMethod } from '../find.ts'
import {
  applyMetadata,
  boolean,
  currency,
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
} from '../params.ts'
import { attemptPayment } from '../payments/attempt-payment.ts'
import type { Subscription } from '../wire.ts'
import { openSubscription } from './open-subscription.ts'

export const billingMode = object({ type: required(oneOf('flexible')) })

export const createSubscriptionParams = object({
  automatic_tax: object({ enabled: required(boolean()) }),
  billing_mode: billingMode,
  cancel_at_period_end: boolean(),
  collection_method: oneOf('charge_automatically'),
  currency: currency(),
  customer: required(text()),
  default_payment_method: text(),
  description: text(),
  discounts: emptyable(list(object({ coupon: required(text()) }))),
  items: required(
    list(
      object({
        price: required(text()),
        quantity: integer({ min: 0, max: MAX_QUANTITY }),
        metadata: metadata(),
      }),
    ),
  ),
  metadata: metadata(),
  off_session: boolean(),
  payment_behavior: oneOf('allow_incomplete', 'default_incomplete'),
  payment_settings: object({ save_default_payment_method: oneOf('off', 'on_subscription') }),
  proration_behavior: oneOf('none', 'create_prorations', 'always_invoice'),
})

/** https://docs.stripe.com/api/subscriptions/create */
export function createSubscription(
  engine: Engine,
  input: Input<typeof createSubscriptionParams>,
): Subscription {
  const customer = needCustomer(engine, input.customer, 'customer')
  const method = input.default_payment_method
  if (
    method !== undefined &&
    needPaymentMethod(engine, method, 'default_payment_method').customer !== customer.id
  ) {
    throw invalidRequest('The customer does not have a payment method with that ID.', {
      code: 'resource_missing',
      param: 'default_payment_method',
    })
  }
  const behavior = input.payment_behavior ?? 'allow_incomplete'
  const card = method ?? customer.invoice_settings.default_payment_method
  if (behavior === 'allow_incomplete' && card === null) {
    throw invalidRequest(
      'This customer has no attached payment source or default payment method. Please consider adding a default payment method.',
      { code: 'resource_missing' },
    )
  }
  const { subscription, invoice } = openSubscription(engine, {
    customer,
    items: input.items.map(item => ({ ...item, metadata: applyMetadata(null, item.metadata) })),
    itemsParam: 'items',
    metadata: applyMetadata(null, input.metadata),
    description: input.description ?? null,
    defaultPaymentMethod: method ?? null,
    automaticTax: input.automatic_tax?.enabled ?? false,
    cancelAtPeriodEnd: input.cancel_at_period_end ?? false,
    coupons: (input.discounts ?? []).map(discount => discount.coupon),
  })
  if (
    subscription.payment_settings !== null &&
    input.payment_settings?.save_default_payment_method !== undefined
  ) {
    subscription.payment_settings.save_default_payment_method =
      input.payment_settings.save_default_payment_method
  }
  if (behavior === 'allow_incomplete' && invoice?.status === 'open' && card !== null) {
    attemptPayment(engine, invoice, { paymentMethod: card, present: false, scheduled: false })
  }
  return subscription
}
