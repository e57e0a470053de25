import { type Engine, nowSeconds } from '../engine.ts'
import { newId } from '../ids.ts'
import type { Customer, Subscription } from '../wire.ts'
import type { NewItem } from './item.ts'

export type OpenSubscription = {
  readonly customer: Customer
  readonly items: readonly NewItem[]
  readonly itemsParam: string
  readonly metadata: Record<string, string>
  readonly description: string | null
  readonly defaultPaymentMethod: string | null
  readonly cancelAtPeriodEnd: boolean
  readonly coupons: readonly string[]
  readonly automaticTax?: boolean
}

/** A subscription that starts now, without items, not stored. */
export function emptySubscription(engine: Engine, open: OpenSubscription, currency: string): Subscription {
  const now = nowSeconds(engine)
  const id = newId(engine.state, 'sub_')
  return {
    id,
    object: 'subscription',
    application: null,
    application_fee_percent: null,
    automatic_tax: {
      disabled_reason: null,
      enabled: open.automaticTax ?? false,
      liability: open.automaticTax ? { type: 'self' } : null,
    },
    billing_cycle_anchor: now,
    billing_cycle_anchor_config: null,
    billing_mode: { flexible: { proration_discounts: 'included' }, type: 'flexible', updated_at: now },
    billing_schedules: [],
    billing_thresholds: null,
    cancel_at: null,
    cancel_at_period_end: open.cancelAtPeriodEnd,
    canceled_at: open.cancelAtPeriodEnd ? now : null,
    cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
    collection_method: 'charge_automatically',
    created: now,
    currency,
    customer: open.customer.id,
    customer_account: null,
    days_until_due: null,
    default_payment_method: open.defaultPaymentMethod,
    default_source: null,
    default_tax_rates: [],
    description: open.description,
    discounts: [],
    ended_at: null,
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      description: null,
      footer: null,
      issuer: { type: 'self' },
    },
    items: { object: 'list', data: [], has_more: false, url: `/v1/subscription_items?subscription=${id}` },
    latest_invoice: null,
    livemode: false,
    managed_payments: null,
    metadata: open.metadata,
    next_pending_invoice_item_invoice: null,
    on_behalf_of: null,
    pause_collection: null,
    payment_settings: {
      payment_method_options: null,
      payment_method_types: null,
      save_default_payment_method: 'off',
    },
    pending_invoice_item_interval: null,
    pending_setup_intent: null,
    pending_update: null,
    schedule: null,
    start_date: now,
    status: 'incomplete',
    test_clock: null,
    transfer_data: null,
    trial_end: null,
    trial_settings: {
      end_behavior: { billing_cycle_anchor: null, missing_payment_method: 'create_invoice' },
    },
    trial_start: null,
  }
}
