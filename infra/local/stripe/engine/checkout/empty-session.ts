import { type Engine, nowSeconds } from '../engine.ts'
import { newId } from '../ids.ts'
import { applyMetadata } from '../params.ts'
import type { CheckoutSession, Customer } from '../wire.ts'
import type { CreateSession } from './create-session.ts'

export type SessionFacts = {
  readonly customer: Customer | null
  readonly currency: string
  readonly totalMinor: number
  readonly expiresAt: number
}

/** An open session, not stored. */
export function emptySession(engine: Engine, input: CreateSession, facts: SessionFacts): CheckoutSession {
  const id = newId(engine.state, 'cs_test_', 58)
  return {
    id,
    object: 'checkout.session',
    adaptive_pricing: { enabled: false },
    after_expiration: null,
    allow_promotion_codes: input.allow_promotion_codes ?? null,
    allowed_payment_method_types: null,
    amount_subtotal: facts.totalMinor,
    amount_total: facts.totalMinor,
    automatic_tax: {
      enabled: input.automatic_tax?.enabled ?? false,
      liability: null,
      provider: null,
      status: null,
    },
    billing_address_collection: input.billing_address_collection ?? null,
    cancel_url: input.cancel_url ?? null,
    client_reference_id: input.client_reference_id ?? null,
    client_secret: null,
    collected_information: null,
    consent: null,
    consent_collection: null,
    created: nowSeconds(engine),
    currency: facts.currency,
    currency_conversion: null,
    custom_fields: [],
    custom_text: {
      after_submit: null,
      shipping_address: null,
      submit: null,
      terms_of_service_acceptance: null,
    },
    customer: facts.customer?.id ?? null,
    customer_account: null,
    customer_creation: facts.customer === null ? 'always' : null,
    customer_details:
      facts.customer === null && input.customer_email === undefined
        ? null
        : detailsOf(facts.customer, input.customer_email ?? null),
    customer_email: input.customer_email ?? null,
    discounts: [],
    expires_at: facts.expiresAt,
    integration_identifier: null,
    invoice: null,
    invoice_creation: null,
    livemode: false,
    locale: input.locale ?? null,
    managed_payments: { enabled: false },
    metadata: applyMetadata(null, input.metadata),
    mode: 'subscription',
    origin_context: null,
    payment_intent: null,
    payment_link: null,
    payment_method_collection: input.payment_method_collection ?? 'always',
    payment_method_configuration_details: null,
    payment_method_options: { card: { request_three_d_secure: 'automatic' } },
    payment_method_types: ['card'],
    payment_status: 'unpaid',
    permissions: null,
    phone_number_collection: { enabled: false },
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: 'open',
    submit_type: null,
    subscription: null,
    success_url: input.success_url,
    ...(input.tax_id_collection === undefined
      ? {}
      : { tax_id_collection: { enabled: input.tax_id_collection.enabled, required: 'never' } }),
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: 'hosted_page',
    url: `${engine.settings.baseUrl}/c/pay/${id}`,
    wallet_options: null,
  }
}

export function detailsOf(
  customer: Customer | null,
  email: string | null,
  cardholder: string | null = null,
): NonNullable<CheckoutSession['customer_details']> {
  return {
    address: customer?.address ?? null,
    business_name: null,
    email: customer?.email ?? email,
    individual_name: null,
    name: cardholder ?? customer?.name ?? null,
    phone: customer?.phone ?? null,
    tax_exempt: customer?.tax_exempt ?? 'none',
    tax_ids: [],
  }
}
