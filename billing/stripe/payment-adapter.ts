import Stripe from 'stripe'
import { derivedId } from '#kernel/ids'
import { toUnixSeconds } from '#kernel/time'
import type {
  ChargeStripe,
  CollectionStripe,
  CouponStripe,
  CreditStripe,
  DisputeStripe,
  PaymentStripe,
  RefundStripe,
} from '../payments/ports.ts'
import type { CallStripe } from './adapter.ts'
import {
  parseCharge,
  parseCollection,
  parseCreditNote,
  parseDiscounts,
  parseDispute,
  parseGrant,
  parseInvoicePayment,
  sumTransactions,
} from './payment-views.ts'

const PAGE = 100
/** Far above what is unpaid, or settled within an hour, at one time. */
const ROWS_MAX = 1_000

/** What changes an invoice from unpaid to settled. */
const SETTLING = ['invoice.paid', 'invoice.voided', 'invoice.marked_uncollectible']

export const paymentAdapter = (call: CallStripe): PaymentStripe => ({
  ...collections(call),
  ...credits(call),
  ...coupons(call),
  ...refunds(call),
  ...disputes(call),
})

const collections = (call: CallStripe): CollectionStripe => ({
  getCollection: id =>
    call('get invoice', async stripe => {
      const invoice = await stripe.invoices.retrieve(id)
      const waits = invoice.status === 'open' && invoice.attempted
      return parseCollection(invoice, waits && (await awaitsHolder(stripe, id)))
    }),

  listUnpaid: () =>
    call('list unpaid invoices', async stripe => {
      const open = await stripe.invoices
        .list({ status: 'open', limit: PAGE })
        .autoPagingToArray({ limit: ROWS_MAX })
      return open.map(invoice => parseCollection(invoice)).filter(({ attempted }) => attempted)
    }),

  listSettledSince: since =>
    call('list settled invoices', async stripe => {
      const events = await stripe.events
        .list({ types: SETTLING, created: { gte: toUnixSeconds(since) }, limit: PAGE })
        .autoPagingToArray({ limit: ROWS_MAX })
      return events.flatMap(({ data: { object } }) => ('id' in object ? String(object.id) : []))
    }),
})

const paymentsOf = async (stripe: Stripe, invoice: string) => {
  const { data } = await stripe.invoicePayments.list({
    invoice,
    limit: PAGE,
    expand: ['data.payment.payment_intent'],
  })
  return data.map(parseInvoicePayment)
}

const awaitsHolder = async (stripe: Stripe, invoice: string): Promise<boolean> =>
  (await paymentsOf(stripe, invoice)).some(
    ({ status, intent }) => status === 'open' && intent?.status === 'requires_action',
  )

const credits = (call: CallStripe): CreditStripe => ({
  listCredits: (customerId, now) =>
    call('list credit grants', async stripe => {
      const of = { customer: customerId, limit: PAGE }
      const [grants, moves] = await Promise.all([
        stripe.billing.creditGrants.list(of).autoPagingToArray({ limit: ROWS_MAX }),
        stripe.billing.creditBalanceTransactions.list(of).autoPagingToArray({ limit: ROWS_MAX }),
      ])
      const left = sumTransactions(moves)
      return grants.map(grant => parseGrant(grant, left.get(grant.id) ?? 0n, now))
    }),

  grantCredit: ({ customerId, currency, amountMinor, reason, expiresAt, requestKey }) =>
    call('grant credit', async stripe => {
      const grant = await stripe.billing.creditGrants.create(
        {
          customer: customerId,
          amount: { type: 'monetary', monetary: { currency, value: Number(amountMinor) } },
          applicability_config: { scope: { price_type: 'metered' } },
          category: 'promotional',
          // Stripe shows up to 100 characters; the whole reason is in the metadata.
          name: reason.slice(0, NAME_MAX),
          ...(expiresAt !== null && { expires_at: toUnixSeconds(expiresAt) }),
          metadata: { reason, requestKey },
        },
        // The terms are part of the key: a refusal of other terms is not repeated for these.
        {
          idempotencyKey: derivedId(
            'credit',
            ...[customerId, currency, String(amountMinor), reason, String(expiresAt), requestKey],
          ),
        },
      )
      return grant.id
    }),

  voidCredit: id =>
    call('void credit grant', async stripe => {
      await stripe.billing.creditGrants.voidGrant(id)
    }),

  expireCredit: id =>
    call('expire credit grant', async stripe => {
      await stripe.billing.creditGrants.expire(id)
    }),
})

const NAME_MAX = 100

const coupons = (call: CallStripe): CouponStripe => ({
  listDiscounts: id =>
    call('list discounts', async stripe =>
      parseDiscounts(
        await stripe.subscriptions.retrieve(id, { expand: ['discounts', 'discounts.source.coupon'] }),
      ),
    ),

  ensureCoupon: terms =>
    call('make coupon', async stripe => {
      try {
        await stripe.coupons.create(
          {
            id: terms.id,
            name: terms.name,
            duration: terms.duration,
            ...(terms.months !== null && { duration_in_months: terms.months }),
            ...(terms.percentOff !== null && { percent_off: terms.percentOff }),
            ...(terms.amountOffMinor !== null && {
              amount_off: Number(terms.amountOffMinor),
              currency: terms.currency,
            }),
            max_redemptions: 1,
          },
          { idempotencyKey: `coupon-${terms.id}` },
        )
      } catch (error) {
        // The id follows from the request, so one that is there is the one that was asked for.
        if (!(error instanceof Stripe.errors.StripeError && error.code === 'resource_already_exists'))
          throw error
      }
    }),

  setDiscounts: (id, discounts) =>
    call('set discounts', async stripe => {
      // An empty list is not sent at all; the empty text clears.
      await stripe.subscriptions.update(id, { discounts: discounts.length === 0 ? '' : [...discounts] })
    }),
})

const refunds = (call: CallStripe): RefundStripe => ({
  readRefundable: invoiceId =>
    call('read payments of invoice', async stripe => {
      const invoice = parseCollection(await stripe.invoices.retrieve(invoiceId))
      let paidMinor = 0n
      let cardMinor = 0n
      for (const { status, intent } of await paymentsOf(stripe, invoiceId)) {
        if (status !== 'paid' || !intent?.chargeId) continue
        const charge = parseCharge(await stripe.charges.retrieve(intent.chargeId))
        paidMinor += charge.amountMinor
        cardMinor += charge.amountMinor - charge.refundedMinor
      }
      const notes = await listNotes(stripe, invoiceId)
      const elsewhere = notes.reduce((sum, note) => sum + (note.isVoid ? 0n : note.toBalanceMinor), 0n)
      const otherMinor = invoice.totalMinor - paidMinor - elsewhere
      return { cardMinor, otherMinor: otherMinor > 0n ? otherMinor : 0n }
    }),

  findCreditNote: (invoiceId, requestKey) =>
    call('list credit notes', async stripe =>
      (await listNotes(stripe, invoiceId)).find(note => note.requestKey === requestKey),
    ),

  createCreditNote: ({ invoiceId, amountMinor, refundMinor, toBalanceMinor, reason, requestKey }) =>
    call('create credit note', async stripe => {
      const note = await stripe.creditNotes.create(
        {
          invoice: invoiceId,
          amount: Number(amountMinor),
          ...(refundMinor > 0n && { refund_amount: Number(refundMinor) }),
          ...(toBalanceMinor > 0n && { credit_amount: Number(toBalanceMinor) }),
          memo: reason,
          metadata: { requestKey },
        },
        {
          idempotencyKey: derivedId(
            'note',
            ...[invoiceId, ...[amountMinor, refundMinor, toBalanceMinor].map(String), reason, requestKey],
          ),
        },
      )
      return note.id
    }),
})

const listNotes = async (stripe: Stripe, invoice: string) =>
  (await stripe.creditNotes.list({ invoice, limit: PAGE }).autoPagingToArray({ limit: ROWS_MAX })).map(
    parseCreditNote,
  )

const disputes = (call: CallStripe): DisputeStripe & ChargeStripe => ({
  getDispute: id =>
    call('get dispute', async stripe => {
      const dispute = parseDispute(await stripe.disputes.retrieve(id))
      const { customerId, paymentIntentId } = parseCharge(await stripe.charges.retrieve(dispute.chargeId))
      const invoiceId = paymentIntentId && (await invoiceOfIntent(stripe, paymentIntentId))
      return { ...dispute, customerId, invoiceId: invoiceId || null }
    }),

  getCharge: id =>
    call('get charge', async stripe => {
      const { customerId, currency, refundedMinor } = parseCharge(await stripe.charges.retrieve(id))
      return { id, customerId, currency, refundedMinor }
    }),
})

async function invoiceOfIntent(stripe: Stripe, payment_intent: string): Promise<string | undefined> {
  const payment = { type: 'payment_intent', payment_intent } as const
  const { data } = await stripe.invoicePayments.list({ payment, limit: 1 })
  return data.map(parseInvoicePayment)[0]?.invoiceId
}
