import Stripe from 'stripe'
import { toUnixSeconds } from '#kernel/time'
import type { ChangeStripe, Payment } from '../changes/ports.ts'
import type { CallStripe } from './adapter.ts'
import { parseSchedule, parseSubscription } from './views.ts'

const SUBSCRIPTION_EVENTS = [
  'customer.subscription.created',
  'customer.subscription.updated',
  'customer.subscription.deleted',
]

/** Plan changes on the SDK. */
export const changeAdapter = (call: CallStripe): ChangeStripe => ({
  ensureCredit: ({ couponId, amountMinor, currency, name }) =>
    call('create credit', async stripe => {
      try {
        await stripe.coupons.create({
          ...{ id: couponId, name, currency, amount_off: Number(amountMinor) },
          ...{ duration: 'once', max_redemptions: 1 },
        })
      } catch (error) {
        if (codeOf(error) !== 'resource_already_exists') throw error
      }
    }),

  createSubscription: request =>
    call('create subscription', async stripe => {
      const { accountId, planVersionId, claim } = request
      const made = await stripe.subscriptions.create(
        {
          customer: request.customerId,
          // A metered price takes no quantity.
          items: [{ price: request.flatPriceId, quantity: 1 }, { price: request.meteredPriceId }],
          payment_behavior: 'default_incomplete',
          // The card that pays the first invoice, perhaps another one on Stripe's page, pays the ones after it.
          payment_settings: { save_default_payment_method: 'on_subscription' },
          billing_mode: { type: 'flexible' },
          metadata: { accountId, planVersionId, claim },
          ...(request.automaticTax && { automatic_tax: { enabled: true } }),
          ...(request.paymentMethodId !== null && { default_payment_method: request.paymentMethodId }),
          ...(request.couponIds.length > 0 && {
            discounts: request.couponIds.map(coupon => ({ coupon })),
          }),
        },
        { idempotencyKey: `upgrade-${claim}` },
      )
      return parseSubscription(made)
    }),

  // No key of ours: Stripe would answer a refusal again for a day, and an invoice is paid once in any case.
  payInvoice: id => call('pay invoice', stripe => pay(stripe, id)),

  getSchedule: id =>
    call('get schedule', async stripe => parseSchedule(await stripe.subscriptionSchedules.retrieve(id))),

  changeAtPeriodEnd: (id, to) =>
    call('schedule plan', async stripe => {
      let subscription = await stripe.subscriptions.retrieve(id)
      if (subscription.cancel_at !== null || subscription.cancel_at_period_end) {
        await release(stripe, subscription)
        subscription = await stripe.subscriptions.update(id, { cancel_at_period_end: false })
      }
      const schedule = await ensureSchedule(stripe, subscription)
      const running = schedule.phases.find(
        ({ start_date }) => start_date === schedule.current_phase?.start_date,
      )
      if (!running) throw new Error(`the schedule ${schedule.id} has no running phase`)
      await stripe.subscriptionSchedules.update(schedule.id, {
        end_behavior: 'release',
        proration_behavior: 'none',
        phases: [
          {
            items: subscription.items.data.map(({ price, quantity }) => ({
              price: price.id,
              ...(quantity !== undefined && { quantity }),
            })),
            ...{ start_date: running.start_date, end_date: running.end_date, proration_behavior: 'none' },
          },
          {
            items: [{ price: to.flatPriceId, quantity: 1 }, { price: to.meteredPriceId }],
            duration: { interval: 'month', interval_count: 1 },
            metadata: { planVersionId: to.planVersionId },
            proration_behavior: 'none',
          },
        ],
      })
    }),

  cancelAtPeriodEnd: id =>
    call('cancel at period end', async stripe => {
      const subscription = await stripe.subscriptions.retrieve(id)
      if (subscription.ended_at !== null) return
      await release(stripe, subscription)
      await stripe.subscriptions.update(id, { cancel_at_period_end: true })
    }),

  clearScheduled: id =>
    call('undo scheduled change', async stripe => {
      const subscription = await stripe.subscriptions.retrieve(id)
      await release(stripe, subscription)
      if (subscription.cancel_at_period_end)
        await stripe.subscriptions.update(id, { cancel_at_period_end: false })
      else if (subscription.cancel_at !== null) await stripe.subscriptions.update(id, { cancel_at: '' })
    }),

  listSubscriptions: ({ customerId }) =>
    call('list subscriptions', async stripe => {
      const { data } = await stripe.subscriptions.list({ customer: customerId, limit: 100 })
      return data.map(parseSubscription)
    }),

  listChanged: since =>
    call('list subscription events', async stripe => {
      const { data } = await stripe.events.list({
        types: [...SUBSCRIPTION_EVENTS],
        created: { gte: toUnixSeconds(since) },
        limit: 100,
      })
      return [...new Set(data.flatMap(({ data: { object } }) => ('id' in object ? [String(object.id)] : [])))]
    }),

  cancelUnused: id =>
    call('cancel unused subscription', async stripe => {
      const before = await stripe.subscriptions.retrieve(id)
      if (before.ended_at === null) await stripe.subscriptions.cancel(id)
    }),

  refundSubscription: id =>
    call('refund subscription', async stripe => {
      const invoices = await stripe.invoices.list({ subscription: id, limit: 100 })
      for (const invoice of invoices.data) {
        const payments = await stripe.invoicePayments.list({ invoice: invoice.id, status: 'paid' })
        for (const { payment } of payments.data) {
          const intent = payment.payment_intent
          if (intent) await refund(stripe, typeof intent === 'string' ? intent : intent.id)
        }
      }
    }),
})

async function pay(stripe: Stripe, id: string): Promise<Payment> {
  const invoice = await stripe.invoices.retrieve(id)
  if (invoice.status === 'paid') return { kind: 'paid' }
  const url = invoice.hosted_invoice_url
  try {
    await stripe.invoices.pay(id)
    return { kind: 'paid' }
  } catch (error) {
    if (codeOf(error) === 'invoice_already_paid') return { kind: 'paid' }
    if (!url) throw error
    if (needsHolder(error) || hasNoCard(error)) return { kind: 'confirm', url }
    if (error instanceof Stripe.errors.StripeCardError) return { kind: 'declined', reason: error.message }
    throw error
  }
}

/** https://docs.stripe.com/billing/subscriptions/overview#requires-action */
const needsHolder = (error: unknown): boolean =>
  codeOf(error) === 'invoice_payment_intent_requires_action' || codeOf(error) === 'authentication_required'

/** No card is saved any more: Stripe's page asks for one. The refusal has no code of its own. */
const hasNoCard = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeInvalidRequestError && error.message.includes('default_payment_method')

async function ensureSchedule(stripe: Stripe, { id, schedule }: Stripe.Subscription) {
  if (schedule === null) return stripe.subscriptionSchedules.create({ from_subscription: id })
  return stripe.subscriptionSchedules.retrieve(typeof schedule === 'string' ? schedule : schedule.id)
}

/** A subscription with a schedule cannot be cancelled at its period's end: the schedule decides that. */
async function release(stripe: Stripe, { schedule }: Stripe.Subscription): Promise<void> {
  if (schedule === null) return
  const id = typeof schedule === 'string' ? schedule : schedule.id
  const { status } = await stripe.subscriptionSchedules.retrieve(id)
  if (status === 'active' || status === 'not_started') await stripe.subscriptionSchedules.release(id)
}

async function refund(stripe: Stripe, intentId: string): Promise<void> {
  try {
    const options = { idempotencyKey: `refund-unwanted-${intentId}` }
    await stripe.refunds.create({ payment_intent: intentId, reason: 'duplicate' }, options)
  } catch (error) {
    if (codeOf(error) !== 'charge_already_refunded') throw error
  }
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof Stripe.errors.StripeError ? error.code : undefined
