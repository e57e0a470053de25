import { type Engine, nowSeconds } from '../engine.ts'
import { invalidRequest } from '../fault.ts'
import { needCustomer } from '../find.ts'
import { newId } from '../ids.ts'
import {
  applyMetadata,
  boolean,
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
import { billingMode } from '../subscriptions/create-subscription.ts'
import { checkPrices } from '../subscriptions/item.ts'
import type { CheckoutSession } from '../wire.ts'
import { emptySession } from './empty-session.ts'
import { scheduleExpiry } from './expire-session.ts'

export const createSessionParams = object({
  automatic_tax: object({ enabled: required(boolean()) }),
  allow_promotion_codes: boolean(),
  billing_address_collection: oneOf('auto', 'required'),
  cancel_url: text(),
  client_reference_id: text(),
  customer: text(),
  customer_email: text(),
  customer_update: object({ address: oneOf('auto', 'never'), name: oneOf('auto', 'never') }),
  expires_at: timestamp(),
  line_items: required(
    list(object({ price: required(text()), quantity: integer({ min: 1, max: MAX_QUANTITY }) })),
  ),
  locale: text(),
  metadata: metadata(),
  mode: required(oneOf('subscription')),
  payment_method_collection: oneOf('always', 'if_required'),
  subscription_data: object({ billing_mode: billingMode, description: text(), metadata: metadata() }),
  success_url: required(text()),
  tax_id_collection: object({ enabled: required(boolean()) }),
  ui_mode: oneOf('hosted_page'),
})

export type CreateSession = Input<typeof createSessionParams>

const MIN_LIFE_SECONDS = 30 * 60
const MAX_LIFE_SECONDS = 24 * 3_600

/** https://docs.stripe.com/api/checkout/sessions/create */
export function createSession(engine: Engine, input: CreateSession): CheckoutSession {
  if (input.customer !== undefined && input.customer_email !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: customer, customer_email.', {
      param: 'customer',
    })
  }
  const customer = input.customer === undefined ? null : needCustomer(engine, input.customer, 'customer')
  const items = input.line_items.map(item => ({ ...item, metadata: {} }))
  const prices = checkPrices(engine, items, 'line_items')
  const lines = prices.map((price, index) => {
    const isMetered = price.recurring?.usage_type === 'metered'
    const quantity = input.line_items[index]?.quantity
    if (!isMetered && quantity === undefined) {
      throw invalidRequest(`Missing required param: line_items[${index}][quantity].`, {
        code: 'parameter_missing',
        param: `line_items[${index}][quantity]`,
      })
    }
    return { id: newId(engine.state, 'li_'), price: price.id, quantity: isMetered ? null : (quantity ?? 1) }
  })
  const total = lines.reduce(
    (sum, line, index) => sum + (prices[index]?.unit_amount ?? 0) * (line.quantity ?? 0),
    0,
  )
  const session = emptySession(engine, input, {
    customer,
    currency: prices[0]?.currency ?? 'usd',
    totalMinor: total,
    expiresAt: expiryOf(engine, input.expires_at),
  })
  engine.state.checkoutSessions.set(session.id, session)
  engine.state.checkoutRecords.set(session.id, {
    lines,
    subscriptionMetadata: applyMetadata(null, input.subscription_data?.metadata),
    subscriptionDescription: input.subscription_data?.description ?? null,
    pendingCard: null,
    customer: customer?.id ?? null,
    subscription: null,
  })
  scheduleExpiry(engine, session)
  return session
}

function expiryOf(engine: Engine, given: number | undefined): number {
  const now = nowSeconds(engine)
  if (given === undefined) return now + MAX_LIFE_SECONDS
  if (given < now + MIN_LIFE_SECONDS) {
    throw invalidRequest(
      'The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.',
      { param: 'expires_at' },
    )
  }
  if (given > now + MAX_LIFE_SECONDS) {
    throw invalidRequest(
      'The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.',
      { param: 'expires_at' },
    )
  }
  return given
}
