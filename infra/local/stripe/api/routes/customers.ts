import {
  balanceTransactionsOf,
  createBalanceTransaction,
  createBalanceTransactionParams,
  needBalanceTransaction,
} from '../../engine/customers/balance.ts'
import { createCustomer, createCustomerParams } from '../../engine/customers/create-customer.ts'
import { deleteCustomer } from '../../engine/customers/delete-customer.ts'
import { updateCustomer, updateCustomerParams } from '../../engine/customers/update-customer.ts'
import { needCustomer, needPaymentMethod } from '../../engine/find.ts'
import { object, oneOf, required, text } from '../../engine/params.ts'
import {
  attachPaymentMethod,
  attachPaymentMethodParams,
  detachPaymentMethod,
} from '../../engine/payments/attach-payment-method.ts'
import { createTaxId, createTaxIdParams, deleteTaxId, needTaxId, taxIdsOf } from '../../engine/tax/tax-id.ts'
import { many, one } from '../router.ts'
import { inRange, is, nothing, range } from './filters.ts'

const BALANCE = '/v1/customers/:id/balance_transactions'

export const customerRoutes = [
  one('POST', '/v1/customers', createCustomerParams, (engine, input) => createCustomer(engine, input)),
  many('/v1/customers', object({ created: range, email: text() }), (engine, input) =>
    [...engine.state.customers.values()].filter(
      customer => is(customer.email, input.email) && inRange(customer.created, input.created),
    ),
  ),
  one('GET', '/v1/customers/:id', nothing, (engine, _input, path) =>
    engine.state.deletedCustomers.get(path.id) === true
      ? { id: path.id, object: 'customer', deleted: true }
      : needCustomer(engine, path.id),
  ),
  one('POST', '/v1/customers/:id', updateCustomerParams, (engine, input, path) =>
    updateCustomer(engine, path.id, input),
  ),
  one('DELETE', '/v1/customers/:id', nothing, (engine, _input, path) => deleteCustomer(engine, path.id)),
  one('POST', BALANCE, createBalanceTransactionParams, (engine, input, path) =>
    createBalanceTransaction(engine, path.id, input),
  ),
  many(BALANCE, nothing, (engine, _input, path) =>
    balanceTransactionsOf(engine, needCustomer(engine, path.id).id),
  ),
  one('GET', `${BALANCE}/:sub`, nothing, (engine, _input, path) =>
    needBalanceTransaction(engine, path.id, path.sub),
  ),
  one('POST', '/v1/customers/:id/tax_ids', createTaxIdParams, (engine, input, path) =>
    createTaxId(engine, path.id, input),
  ),
  many('/v1/customers/:id/tax_ids', nothing, (engine, _input, path) =>
    taxIdsOf(engine, needCustomer(engine, path.id).id),
  ),
  one('GET', '/v1/customers/:id/tax_ids/:sub', nothing, (engine, _input, path) =>
    needTaxId(engine, path.id, path.sub),
  ),
  one('DELETE', '/v1/customers/:id/tax_ids/:sub', nothing, (engine, _input, path) =>
    deleteTaxId(engine, path.id, path.sub),
  ),
  many('/v1/customers/:id/payment_methods', object({ type: oneOf('card') }), (engine, _input, path) =>
    [...engine.state.paymentMethods.values()].filter(
      method => method.customer === needCustomer(engine, path.id).id,
    ),
  ),
  many('/v1/payment_methods', object({ customer: required(text()), type: oneOf('card') }), (engine, input) =>
    [...engine.state.paymentMethods.values()].filter(method => method.customer === input.customer),
  ),
  one('GET', '/v1/payment_methods/:id', nothing, (engine, _input, path) =>
    needPaymentMethod(engine, path.id),
  ),
  one('POST', '/v1/payment_methods/:id/attach', attachPaymentMethodParams, (engine, input, path) =>
    attachPaymentMethod(engine, path.id, input),
  ),
  one('POST', '/v1/payment_methods/:id/detach', nothing, (engine, _input, path) =>
    detachPaymentMethod(engine, path.id),
  ),
]
