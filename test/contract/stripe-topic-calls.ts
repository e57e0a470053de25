import { parseInstant as at } from '#kernel/time'
import type { StripeAdapter } from '../../billing/stripe/adapter.ts'

/** A method of billing's ports on Stripe, the first operation that it calls, and a call of it. */
export type PortCall = readonly [keyof StripeAdapter, string, (stripe: StripeAdapter) => Promise<unknown>]

const NOW = at('2026-11-10T09:30:00Z')
const SUBSCRIPTION = 'GET /v1/subscriptions/:id'
const PRICES = { planVersionId: 'p@1', flatPriceId: 'f', meteredPriceId: 'm' }

const CHANGES: readonly PortCall[] = [
  ['cancelNow', SUBSCRIPTION, stripe => stripe.cancelNow('sub_1')],
  [
    'ensureCredit',
    'POST /v1/coupons',
    stripe => stripe.ensureCredit({ couponId: 'c', amountMinor: 5n, currency: 'usd', name: 'C' }),
  ],
  [
    'createSubscription',
    'POST /v1/subscriptions',
    stripe =>
      stripe.createSubscription({
        ...{ accountId: 'a', customerId: 'cus_1', paymentMethodId: null, couponIds: [], claim: 'claim_1' },
        ...PRICES,
      }),
  ],
  ['payInvoice', 'GET /v1/invoices/:id', stripe => stripe.payInvoice('in_1')],
  ['getSchedule', 'GET /v1/subscription_schedules/:id', stripe => stripe.getSchedule('sub_sched_1')],
  ['changeAtPeriodEnd', SUBSCRIPTION, stripe => stripe.changeAtPeriodEnd('sub_1', PRICES)],
  ['cancelAtPeriodEnd', SUBSCRIPTION, stripe => stripe.cancelAtPeriodEnd('sub_1')],
  ['clearScheduled', SUBSCRIPTION, stripe => stripe.clearScheduled('sub_1')],
  ['listSubscriptions', 'GET /v1/subscriptions', stripe => stripe.listSubscriptions({ customerId: 'cus_1' })],
  ['listChanged', 'GET /v1/events', stripe => stripe.listChanged(NOW)],
  ['cancelUnused', SUBSCRIPTION, stripe => stripe.cancelUnused('sub_1')],
  ['refundSubscription', 'GET /v1/invoices', stripe => stripe.refundSubscription('sub_1')],
]

const CLOSES: readonly PortCall[] = [
  ['listCreditNotes', 'GET /v1/credit_notes', stripe => stripe.listCreditNotes('in_1')],
  ['listRefunds', 'GET /v1/invoice_payments', stripe => stripe.listRefunds('in_1')],
  [
    'creditLines',
    'GET /v1/invoices/:id/lines',
    stripe =>
      stripe.creditLines({
        ...{ invoiceId: 'in_1', lines: [{ lineId: 'il_1', amountMinor: 5n }], memo: '', planId: 'p' },
        ...{ remainingMinor: 5n, idempotencyKey: 'credit-1' },
      }),
  ],
  [
    'createOneOffInvoice',
    'POST /v1/invoices',
    stripe =>
      stripe.createOneOffInvoice({
        ...{ customerId: 'cus_1', accountId: 'a', currency: 'usd', name: 'r-1', paymentMethodId: null },
      }),
  ],
  [
    'addOneOffItem',
    'POST /v1/invoiceitems',
    stripe =>
      stripe.addOneOffItem({
        ...{ customerId: 'cus_1', invoiceId: 'in_1', name: 'r-1', description: 'Late', amountMinor: '5' },
        ...{ currency: 'usd', period: { start: NOW, end: NOW } },
      }),
  ],
  ['getMeterErrors', 'GET /v2/core/events/:id', stripe => stripe.getMeterErrors('evt_1')],
]

const PAYMENTS: readonly PortCall[] = [
  ['getCollection', 'GET /v1/invoices/:id', stripe => stripe.getCollection('in_1')],
  ['listUnpaid', 'GET /v1/invoices', stripe => stripe.listUnpaid()],
  ['listSettledSince', 'GET /v1/events', stripe => stripe.listSettledSince(NOW)],
  ['listCredits', 'GET /v1/billing/credit_grants', stripe => stripe.listCredits('cus_1', NOW)],
  [
    'grantCredit',
    'POST /v1/billing/credit_grants',
    stripe =>
      stripe.grantCredit({
        ...{ customerId: 'cus_1', currency: 'usd', amountMinor: 5n, reason: 'Sorry', expiresAt: null },
        requestKey: 'r-1',
      }),
  ],
  ['voidCredit', 'POST /v1/billing/credit_grants/:id/void', stripe => stripe.voidCredit('credgr_1')],
  ['expireCredit', 'POST /v1/billing/credit_grants/:id/expire', stripe => stripe.expireCredit('credgr_1')],
  ['listDiscounts', SUBSCRIPTION, stripe => stripe.listDiscounts('sub_1')],
  [
    'ensureCoupon',
    'POST /v1/coupons',
    stripe =>
      stripe.ensureCoupon({
        ...{ id: 'c', name: 'C', currency: 'usd', percentOff: 5, amountOffMinor: null },
        ...{ duration: 'forever', months: null },
      }),
  ],
  ['setDiscounts', 'POST /v1/subscriptions/:id', stripe => stripe.setDiscounts('sub_1', [])],
  ['readRefundable', 'GET /v1/invoices/:id', stripe => stripe.readRefundable('in_1')],
  ['findCreditNote', 'GET /v1/credit_notes', stripe => stripe.findCreditNote('in_1', 'r-1')],
  [
    'createCreditNote',
    'POST /v1/credit_notes',
    stripe =>
      stripe.createCreditNote({
        ...{ invoiceId: 'in_1', amountMinor: 5n, refundMinor: 5n, toBalanceMinor: 0n },
        ...{ reason: 'Sorry', requestKey: 'r-1' },
      }),
  ],
  ['getDispute', 'GET /v1/disputes/:id', stripe => stripe.getDispute('dp_1')],
  ['getCharge', 'GET /v1/charges/:id', stripe => stripe.getCharge('ch_1')],
]

/** What plan changes, closes and payments need beyond the ports that all share. */
export const TOPIC_CALLS: readonly PortCall[] = [...CHANGES, ...CLOSES, ...PAYMENTS]
