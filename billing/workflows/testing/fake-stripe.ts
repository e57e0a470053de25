import { HOUR_MS, type Instant } from '#kernel/time'
import type { CloseStripe, CreditNoteView } from '../../stripe/close-adapter.ts'
import { StripeRefused } from '../../stripe/failure.ts'
import type { MeterErrors } from '../../stripe/meter-errors-adapter.ts'
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
  const meterErrors = new Map<string, MeterErrors>()
  const change = (id: string, what: Partial<InvoiceView>) => {
    const invoice = { ...find(invoices, id), ...what }
    invoices.set(id, invoice)
    return invoice
  }
  const stripe: InvoiceStripe & SubscriptionStripe = {
    getSubscription: async id => find(subscriptions, id),
    async cancelNow(id) {
      const before = find(subscriptions, id)
      if (before.endedAt !== null) return before
      calls.push('cancel')
      const ended = { ...before, status: 'canceled' as const, endedAt: now() }
      subscriptions.set(id, ended)
      return ended
    },
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
  const closing = createFakeCloseStripe(now, invoices, calls, change)
  const getMeterErrors = async (eventId: string) => find(meterErrors, eventId)
  const meter = { ...createFakeMeter(now), getMeterErrors, meterErrors }
  return { ...meter, ...stripe, ...closing, invoices, subscriptions, calls, change }
}

/** Credit notes and one-off invoices, with Stripe's idempotency keys: a repeated one answers what it did. */
function createFakeCloseStripe(
  now: () => Instant,
  invoices: Map<string, InvoiceView>,
  calls: string[],
  change: (id: string, what: Partial<InvoiceView>) => InvoiceView,
) {
  const creditNotes = new Map<string, CreditNoteView & { readonly invoiceId: string }>()
  const oneOffs = new Map<string, string>()
  const taxed = new Set<string>()
  const close: CloseStripe = {
    listCreditNotes: async invoiceId =>
      [...creditNotes.values()].filter(note => note.invoiceId === invoiceId),
    listRefunds: async () => [],
    async creditLines({ invoiceId, lines, memo, planId, idempotencyKey, ...of }) {
      if (creditNotes.has(idempotencyKey)) return
      calls.push('credit')
      const invoice = find(invoices, invoiceId)
      const amountMinor = lines.reduce((sum, line) => sum + line.amountMinor, 0n)
      const before = invoice.settlement.remainingMinor
      if (of.remainingMinor !== before) throw new StripeRefused('the parts do not add up', null)
      const lowerMinor = amountMinor < before ? amountMinor : before
      change(invoiceId, { settlement: { ...invoice.settlement, remainingMinor: before - lowerMinor } })
      creditNotes.set(idempotencyKey, {
        ...{ number: `CN-${creditNotes.size + 1}`, createdAt: now(), amountMinor: String(amountMinor), memo },
        ...{ refundedMinor: '0', toBalanceMinor: String(amountMinor - lowerMinor), isVoid: false },
        ...{ planId, invoiceId },
      })
    },
    async createOneOffInvoice({ customerId, currency, name, automaticTax }) {
      const known = oneOffs.get(name)
      if (known !== undefined) return known
      calls.push('one-off')
      const [template] = invoices.values()
      if (!template) throw new Error('there is no invoice to take the form from')
      const id = `in_alone${oneOffs.size + 1}`
      oneOffs.set(name, id)
      if (automaticTax) taxed.add(id)
      const amounts = { totalMinor: 0n, createdAt: now(), customerId, currency }
      const draft = { status: 'draft' as const, lines: [], subscriptionId: null, autoAdvance: false }
      invoices.set(id, { ...template, ...amounts, ...draft, id, billingReason: 'manual' })
      return id
    },
    async addOneOffItem({ invoiceId, amountMinor, description, period }) {
      const totalMinor = BigInt(amountMinor)
      const money = { quantity: 1, amountMinor: totalMinor, unitPriceMinor: amountMinor, reducedMinor: 0n }
      const line = { id: 'il_alone', priceId: null, description, period, proration: false, ...money }
      change(invoiceId, { lines: [line], totalMinor })
    },
  }
  return { ...close, creditNotes, taxed }
}

function find<T>(objects: ReadonlyMap<string, T>, id: string): T {
  const object = objects.get(id)
  if (!object) throw new StripeRefused(`No such object: '${id}'`, 'resource_missing')
  return object
}
