import { HOUR_MS, type Instant } from '#kernel/time'
import { StripeRefused } from '../../stripe/failure.ts'
import type { InvoiceStripe, SubscriptionStripe } from '../../stripe/ports.ts'
import type { MeterStripe } from '../../stripe/reporting/report-segment.ts'
import type { InvoiceView, SubscriptionView } from '../../stripe/views.ts'

type UsageEvent = Parameters<MeterStripe['sendUsage']>[0]

/**
 * A meter that refuses an identifier for 24 hours after it was received and not longer: what Stripe promises, and no
 * more than that.
 */
export function createFakeMeter(now: () => Instant) {
  const received: (UsageEvent & { receivedAt: Instant })[] = []
  const meter: MeterStripe = {
    async sendUsage(event) {
      const isRepeated = received.some(
        one => one.identifier === event.identifier && now() - one.receivedAt < 24 * HOUR_MS,
      )
      if (!isRepeated) received.push({ ...event, receivedAt: now() })
    },
    readUsage: async ({ window }) =>
      received
        .filter(({ stampAt }) => window.start <= stampAt && stampAt < window.end)
        .reduce((sum, { units }) => sum + units, 0),
  }
  return { ...meter, received }
}

/** Objects that the test puts there, and what billing did to them. */
export function createFakeStripe(now: () => Instant) {
  const invoices = new Map<string, InvoiceView>()
  const subscriptions = new Map<string, SubscriptionView>()
  const calls: string[] = []
  const change = (id: string, what: Partial<InvoiceView>) => {
    const invoice = { ...find(invoices, id), ...what }
    invoices.set(id, invoice)
    return invoice
  }
  const stripe: InvoiceStripe & SubscriptionStripe = {
    getSubscription: async id => find(subscriptions, id),
    getInvoice: async id => find(invoices, id),
    listInvoices: async filter =>
      [...invoices.values()].filter(
        invoice =>
          (filter.customerId ?? invoice.customerId) === invoice.customerId &&
          (filter.subscriptionId ?? invoice.subscriptionId) === invoice.subscriptionId,
      ),
    async postponeFinalization(id, until) {
      calls.push('postpone')
      change(id, { automaticallyFinalizesAt: until })
    },
    async finalizeInvoice(id) {
      calls.push('finalize')
      return change(id, { status: 'open', number: 'A-0002', autoAdvance: false })
    },
    async collectInvoice(id) {
      calls.push('collect')
      change(id, { autoAdvance: true, status: 'paid' })
    },
  }
  return { ...createFakeMeter(now), ...stripe, invoices, subscriptions, calls, change }
}

function find<T>(objects: ReadonlyMap<string, T>, id: string): T {
  const object = objects.get(id)
  if (!object) throw new StripeRefused(`No such object: '${id}'`, 'resource_missing')
  return object
}
