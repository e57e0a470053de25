import { change, type Engine, emit } from '../engine.ts'
import { needCustomer, needPaymentMethod } from '../find.ts'
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
import type { Customer } from '../wire.ts'
import { moveBalance } from './balance.ts'
import { address, fullAddress } from './create-customer.ts'

export const updateCustomerParams = object({
  address: emptyable(address),
  balance: amount(),
  description: text(),
  email: text(),
  invoice_settings: object({ default_payment_method: text(), footer: text() }),
  metadata: metadata(),
  name: text(),
  phone: text(),
  preferred_locales: list(text()),
  tax_exempt: oneOf('none', 'exempt', 'reverse'),
})

/** https://docs.stripe.com/api/customers/update */
export function updateCustomer(
  engine: Engine,
  id: string,
  input: Input<typeof updateCustomerParams>,
): Customer {
  const customer = needCustomer(engine, id)
  const changes: Partial<Customer> = { metadata: applyMetadata(customer.metadata, input.metadata) }
  if (input.address !== undefined) changes.address = fullAddress(input.address)
  if (input.description !== undefined) changes.description = input.description
  if (input.email !== undefined) changes.email = input.email
  if (input.name !== undefined) changes.name = input.name
  if (input.phone !== undefined) changes.phone = input.phone
  if (input.preferred_locales !== undefined) changes.preferred_locales = input.preferred_locales
  if (input.tax_exempt !== undefined) changes.tax_exempt = input.tax_exempt
  if (input.invoice_settings !== undefined) {
    changes.invoice_settings = mergeInvoiceSettings(engine, customer, input.invoice_settings)
  }
  const previous = change(customer, changes)
  if (Object.keys(previous).length > 0) emit(engine, 'customer.updated', customer, previous)
  if (input.balance !== undefined && input.balance !== customer.balance) {
    moveBalance(engine, customer, input.balance - customer.balance, { type: 'adjustment' })
  }
  return customer
}

function mergeInvoiceSettings(
  engine: Engine,
  customer: Customer,
  given: { default_payment_method?: string; footer?: string },
): Customer['invoice_settings'] {
  const settings = { ...customer.invoice_settings }
  if (given.footer !== undefined) settings.footer = given.footer === '' ? null : given.footer
  if (given.default_payment_method === '') settings.default_payment_method = null
  else if (given.default_payment_method !== undefined) {
    const param = 'invoice_settings[default_payment_method]'
    settings.default_payment_method = needPaymentMethod(engine, given.default_payment_method, param).id
  }
  return settings
}
