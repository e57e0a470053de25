import type Stripe from 'stripe'
import { toUnixSeconds } from '#kernel/time'
import type { ChangeStripe } from '../changes/ports.ts'
import type { PaymentStripe } from '../payments/ports.ts'
import type { CatalogueStripe } from '../plans/ports.ts'
import type { BillingPortalStripe } from '../procedures/open-billing-portal.ts'
import type { PriceStripe } from '../workflows/publish-plan/make-prices.ts'
import { catalogueAdapter } from './catalogue-adapter.ts'
import { changeAdapter } from './change-adapter.ts'
import { type CloseStripe, closeAdapter } from './close-adapter.ts'
import { callStripe, sortStripeFailure } from './failure.ts'
import { type MeterErrorStripe, meterErrorsAdapter } from './meter-errors-adapter.ts'
import type { CheckoutStripe } from './open-checkout.ts'
import { paymentAdapter } from './payment-adapter.ts'
import type { InvoiceStripe, SubscriptionStripe } from './ports.ts'
import { priceAdapter } from './price-adapter.ts'
import type { MeterStripe } from './reporting/report-segment.ts'
import { parseCheckoutSession, parseInvoice, parseSubscription } from './views.ts'

/** The ports that the consumers declare, on the SDK. Every call goes through `callStripe`. */
export type StripeAdapter = CheckoutStripe &
  BillingPortalStripe &
  SubscriptionStripe &
  InvoiceStripe &
  MeterStripe &
  PriceStripe &
  CloseStripe &
  ChangeStripe &
  CatalogueStripe &
  PaymentStripe &
  MeterErrorStripe

/** Most rows that Stripe gives on one page. */
const PAGE = 100
/** An account has one or two invoices a month: enough for four years. */
const INVOICES_MAX = 100
const LINES_MAX = 1_000

export function createStripeAdapter(client: () => Promise<Stripe>): StripeAdapter {
  const call = <T>(what: string, run: (stripe: Stripe) => Promise<T>): Promise<T> =>
    callStripe(what, async () => run(await client()))
  return {
    ...checkout(call),
    ...subscriptions(call),
    ...invoices(call),
    ...meter(call),
    ...priceAdapter(call),
    ...meterErrorsAdapter(call),
    ...closeAdapter(call),
    ...catalogueAdapter(call),
    ...changeAdapter(call),
    ...paymentAdapter(call),
  }
}

/** One call to Stripe, its failure sorted. */
export type CallStripe = <T>(what: string, run: (stripe: Stripe) => Promise<T>) => Promise<T>

const checkout = (call: CallStripe): CheckoutStripe & BillingPortalStripe => ({
  // Nothing but the account id goes into the first call, so that a repetition has the same parameters.
  createCustomer: ({ accountId, email }) =>
    call('create customer', async stripe => {
      const options = { idempotencyKey: `customer-${accountId}` }
      const { id } = await stripe.customers.create({ metadata: { accountId } }, options)
      await stripe.customers.update(id, { email })
      return id
    }),

  createSession: request =>
    call('create checkout session', async stripe => {
      const metadata = { accountId: request.accountId, planVersionId: request.planVersionId }
      const session = await stripe.checkout.sessions.create(
        {
          mode: 'subscription',
          customer: request.customerId,
          client_reference_id: request.accountId,
          // A metered price takes no quantity.
          line_items: [{ price: request.flatPriceId, quantity: 1 }, { price: request.meteredPriceId }],
          success_url: request.successUrl,
          cancel_url: request.cancelUrl,
          expires_at: toUnixSeconds(request.expiresAt),
          // A business enters its tax id here; name and address go with it onto the customer's invoices.
          tax_id_collection: { enabled: true },
          customer_update: { name: 'auto', address: 'auto' },
          billing_address_collection: request.automaticTax ? 'required' : 'auto',
          ...(request.automaticTax && { automatic_tax: { enabled: true } }),
          metadata,
          subscription_data: { metadata, billing_mode: { type: 'flexible' } },
        },
        { idempotencyKey: request.idempotencyKey },
      )
      return parseCheckoutSession(session)
    }),

  getSession: id =>
    call('get checkout session', async stripe =>
      parseCheckoutSession(await stripe.checkout.sessions.retrieve(id)),
    ),

  expireSession: id =>
    call('expire checkout session', async stripe =>
      parseCheckoutSession(await stripe.checkout.sessions.expire(id)),
    ),

  createPortalSession: ({ customerId, returnUrl }) =>
    call('create billing portal session', async stripe => {
      const session = await stripe.billingPortal.sessions.create({
        customer: customerId,
        return_url: returnUrl,
      })
      return session.url
    }),
})

const subscriptions = (call: CallStripe): SubscriptionStripe => ({
  getSubscription: id =>
    call('get subscription', async stripe => parseSubscription(await stripe.subscriptions.retrieve(id))),

  cancelNow: id =>
    call('cancel subscription', async stripe => {
      const before = parseSubscription(await stripe.subscriptions.retrieve(id))
      if (before.endedAt !== null) return before
      try {
        return parseSubscription(await stripe.subscriptions.cancel(id, { invoice_now: true, prorate: false }))
      } catch (error) {
        // A DELETE has no idempotency key: a repetition, ours or the SDK's, finds it gone.
        const now = parseSubscription(await stripe.subscriptions.retrieve(id))
        if (now.endedAt === null) throw error
        return now
      }
    }),
})

const invoices = (call: CallStripe): InvoiceStripe => {
  const withAllLines = async (stripe: Stripe, invoice: Stripe.Invoice) =>
    invoice.lines.has_more
      ? parseInvoice(
          invoice,
          await stripe.invoices
            .listLineItems(invoice.id, { limit: PAGE })
            .autoPagingToArray({ limit: LINES_MAX }),
        )
      : parseInvoice(invoice)
  return {
    getInvoice: id =>
      call('get invoice', async stripe => withAllLines(stripe, await stripe.invoices.retrieve(id))),

    listInvoices: ({ customerId, subscriptionId }) =>
      call('list invoices', async stripe => {
        const filter = {
          ...(customerId !== undefined && { customer: customerId }),
          ...(subscriptionId !== undefined && { subscription: subscriptionId }),
        }
        const found = await stripe.invoices
          .list({ ...filter, limit: PAGE })
          .autoPagingToArray({ limit: INVOICES_MAX })
        return found.map(invoice => parseInvoice(invoice))
      }),

    postponeFinalization: (id, until) =>
      call('postpone finalization', async stripe => {
        await stripe.invoices.update(id, { automatically_finalizes_at: toUnixSeconds(until) })
      }),

    finalizeInvoice: id =>
      call('finalize invoice', async stripe =>
        withAllLines(
          stripe,
          await stripe.invoices.finalizeInvoice(
            id,
            { auto_advance: false },
            { idempotencyKey: `finalize-${id}` },
          ),
        ),
      ),

    collectInvoice: id =>
      call('collect invoice', async stripe => {
        await stripe.invoices.update(id, { auto_advance: true })
      }),
  }
}

const meter = (call: CallStripe): MeterStripe => ({
  async sendUsage({ eventName, customerId, units, identifier, stampAt }) {
    const event = {
      event_name: eventName,
      payload: { stripe_customer_id: customerId, value: String(units) },
      identifier,
      timestamp: toUnixSeconds(stampAt),
    }
    await call('send usage', async stripe => {
      try {
        await stripe.billing.meterEvents.create(event)
      } catch (error) {
        // Stripe has it already: delivered by an earlier call whose answer was lost.
        if (sortStripeFailure(error) !== 'duplicate_identifier') throw error
      }
    })
  },

  readUsage: ({ meterId, customerId, window }) =>
    call('read usage summary', async stripe => {
      const { data } = await stripe.billing.meters.listEventSummaries(meterId, {
        customer: customerId,
        start_time: toUnixSeconds(window.start),
        end_time: toUnixSeconds(window.end),
      })
      return data.reduce((sum, row) => sum + row.aggregated_value, 0)
    }),
})
