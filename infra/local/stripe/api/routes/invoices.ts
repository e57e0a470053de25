import { need, needInvoice } from '../../engine/find.ts'
import { createInvoice, createInvoiceParams } from '../../engine/invoices/create-invoice.ts'
import { createInvoiceItem, createInvoiceItemParams } from '../../engine/invoices/create-invoice-item.ts'
import { deleteInvoice } from '../../engine/invoices/delete-invoice.ts'
import { deleteInvoiceItem } from '../../engine/invoices/delete-invoice-item.ts'
import { finalizeInvoice, finalizeInvoiceParams } from '../../engine/invoices/finalize-invoice.ts'
import { payInvoice, payInvoiceParams } from '../../engine/invoices/pay-invoice.ts'
import { previewInvoice, previewInvoiceParams } from '../../engine/invoices/preview-invoice.ts'
import { updateInvoice, updateInvoiceParams } from '../../engine/invoices/update-invoice.ts'
import { markUncollectible, voidInvoice } from '../../engine/invoices/void-invoice.ts'
import { boolean, object, oneOf, required, text } from '../../engine/params.ts'
import { subscriptionIdOf } from '../../engine/payments/default-payment-method.ts'
import { many, one } from '../router.ts'
import { inRange, is, nothing, range } from './filters.ts'

const INVOICE = '/v1/invoices/:id'

const invoiceFilter = object({
  created: range,
  customer: text(),
  status: oneOf('draft', 'open', 'paid', 'uncollectible', 'void'),
  subscription: text(),
})

export const invoiceRoutes = [
  one('POST', '/v1/invoices', createInvoiceParams, (engine, input) => createInvoice(engine, input)),
  one('POST', '/v1/invoices/create_preview', previewInvoiceParams, (engine, input) =>
    previewInvoice(engine, input),
  ),
  many('/v1/invoices', invoiceFilter, (engine, input) =>
    [...engine.state.invoices.values()].filter(
      invoice =>
        is(invoice.customer ?? undefined, input.customer) &&
        is<string | null>(invoice.status, input.status) &&
        is(subscriptionIdOf(invoice) ?? undefined, input.subscription) &&
        inRange(invoice.created, input.created),
    ),
  ),
  one('GET', INVOICE, nothing, (engine, _input, path) => needInvoice(engine, path.id)),
  one('POST', INVOICE, updateInvoiceParams, (engine, input, path) => updateInvoice(engine, path.id, input)),
  one('DELETE', INVOICE, nothing, (engine, _input, path) => deleteInvoice(engine, path.id)),
  one('POST', `${INVOICE}/finalize`, finalizeInvoiceParams, (engine, input, path) =>
    finalizeInvoice(engine, path.id, input),
  ),
  one('POST', `${INVOICE}/pay`, payInvoiceParams, (engine, input, path) =>
    payInvoice(engine, path.id, input),
  ),
  one('POST', `${INVOICE}/void`, nothing, (engine, _input, path) => voidInvoice(engine, path.id)),
  one('POST', `${INVOICE}/mark_uncollectible`, nothing, (engine, _input, path) =>
    markUncollectible(engine, path.id),
  ),
  // Lines keep their own order; the list helper shows the newest first, so it gets them reversed.
  many(`${INVOICE}/lines`, nothing, (engine, _input, path) =>
    [...(engine.state.invoiceLines.get(needInvoice(engine, path.id).id) ?? [])].reverse(),
  ),
  one('POST', '/v1/invoiceitems', createInvoiceItemParams, (engine, input) =>
    createInvoiceItem(engine, input),
  ),
  many(
    '/v1/invoiceitems',
    object({ customer: text(), invoice: text(), pending: boolean() }),
    (engine, input) =>
      [...engine.state.invoiceItems.values()].filter(
        item =>
          is(item.customer, input.customer) &&
          is(item.invoice ?? undefined, input.invoice) &&
          is(item.invoice === null, input.pending),
      ),
  ),
  one('GET', '/v1/invoiceitems/:id', nothing, (engine, _input, path) =>
    need(engine.state.invoiceItems, 'invoiceitem', path.id),
  ),
  one('DELETE', '/v1/invoiceitems/:id', nothing, (engine, _input, path) =>
    deleteInvoiceItem(engine, path.id),
  ),
  many(
    '/v1/invoice_payments',
    object({
      invoice: text(),
      payment: object({ payment_intent: text(), type: required(oneOf('payment_intent')) }),
      status: oneOf('open', 'paid', 'canceled'),
    }),
    (engine, input) =>
      [...engine.state.invoicePayments.values()].filter(
        payment =>
          is(payment.invoice, input.invoice) &&
          is(payment.status, input.status) &&
          is(payment.payment.payment_intent, input.payment?.payment_intent),
      ),
  ),
  many('/v1/charges', object({ created: range, customer: text(), payment_intent: text() }), (engine, input) =>
    [...engine.state.charges.values()].filter(
      charge =>
        is(charge.customer ?? undefined, input.customer) &&
        is(charge.payment_intent ?? undefined, input.payment_intent) &&
        inRange(charge.created, input.created),
    ),
  ),
  many('/v1/payment_intents', object({ created: range, customer: text() }), (engine, input) =>
    [...engine.state.paymentIntents.values()].filter(
      intent => is(intent.customer ?? undefined, input.customer) && inRange(intent.created, input.created),
    ),
  ),
  one('GET', '/v1/invoice_payments/:id', nothing, (engine, _input, path) =>
    need(engine.state.invoicePayments, 'invoice_payment', path.id),
  ),
  one('GET', '/v1/payment_intents/:id', nothing, (engine, _input, path) =>
    need(engine.state.paymentIntents, 'payment_intent', path.id),
  ),
  one('GET', '/v1/charges/:id', nothing, (engine, _input, path) =>
    need(engine.state.charges, 'charge', path.id),
  ),
]
