import { type Engine, emit, nowSeconds } from '../engine.ts'
import { newId, newInvoicePrefix } from '../ids.ts'
import {
  amount,
  applyMetadata,
  emptyable,
  type Input,
  list,
  metadata,
  object,
  oneOf,
  text,
} from '../params.ts'
import { attachToCustomer, checkAttachable } from '../payments/attach-payment-method.ts'
import { resolvePaymentMethod } from '../payments/create-payment-method.ts'
import type { Customer } from '../wire.ts'
import { moveBalance } from './balance.ts'

export const address = object({
  city: text(),
  country: text(),
  line1: text(),
  line2: text(),
  postal_code: text(),
  state: text(),
})

export const createCustomerParams = object({
  address: emptyable(address),
  balance: amount(),
  description: text(),
  email: text(),
  invoice_settings: object({ default_payment_method: text(), footer: text() }),
  metadata: metadata(),
  name: text(),
  payment_method: text(),
  phone: text(),
  preferred_locales: list(text()),
  tax_exempt: oneOf('none', 'exempt', 'reverse'),
})

/** https://docs.stripe.com/api/customers/create */
export function createCustomer(engine: Engine, input: Input<typeof createCustomerParams>): Customer {
  const customer: Customer = {
    id: newId(engine.state, 'cus_', 14),
    object: 'customer',
    address: fullAddress(input.address),
    balance: input.balance ?? 0,
    created: nowSeconds(engine),
    currency: null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: input.description ?? null,
    discount: null,
    email: input.email ?? null,
    invoice_prefix: newInvoicePrefix(engine.state),
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: input.invoice_settings?.footer ?? null,
      rendering_options: null,
    },
    livemode: false,
    metadata: applyMetadata(null, input.metadata),
    name: input.name ?? null,
    next_invoice_sequence: 1,
    phone: input.phone ?? null,
    preferred_locales: input.preferred_locales ?? [],
    shipping: null,
    tax_exempt: input.tax_exempt ?? 'none',
    test_clock: null,
  }
  const given = input.payment_method ?? input.invoice_settings?.default_payment_method
  const method = given === undefined ? undefined : resolvePaymentMethod(engine, given, 'payment_method')
  if (method !== undefined) checkAttachable(engine, method, customer.id)
  engine.state.customers.set(customer.id, customer)
  if (customer.balance !== 0) moveInitialBalance(engine, customer)
  const attached = method === undefined ? undefined : attachToCustomer(engine, method, customer.id)
  if (attached !== undefined && input.invoice_settings?.default_payment_method !== undefined) {
    customer.invoice_settings.default_payment_method = attached.id
  }
  emit(engine, 'customer.created', customer)
  return customer
}

function moveInitialBalance(engine: Engine, customer: Customer): void {
  const { balance } = customer
  customer.balance = 0
  moveBalance(engine, customer, balance, { type: 'initial' })
}

export function fullAddress(
  given: Input<typeof address> | null | undefined,
): Customer['address'] & (object | null) {
  if (given === undefined || given === null) return null
  return {
    city: given.city ?? null,
    country: given.country ?? null,
    line1: given.line1 ?? null,
    line2: given.line2 ?? null,
    postal_code: given.postal_code ?? null,
    state: given.state ?? null,
  }
}
