import type { Instant } from '#kernel/time'
import type { InvoiceView, SubscriptionView } from './views.ts'

/** Ports that several consumers share; each takes only the members that it needs. */
export interface SubscriptionStripe {
  getSubscription(id: string): Promise<SubscriptionView>
  /**
   * Ends a subscription at once, its usage on a final invoice and nothing credited (`invoice_now: true`,
   * `prorate: false`). One that has ended already is answered as it is: `endedAt` says when that was.
   */
  cancelNow(id: string): Promise<SubscriptionView>
}

export interface InvoiceStripe {
  getInvoice(id: string): Promise<InvoiceView>
  /** Newest first. Lines beyond the first ten of an invoice are not read. */
  listInvoices(of: { customerId?: string; subscriptionId?: string }): Promise<readonly InvoiceView[]>
  /** Moves the moment at which Stripe finalizes a draft by itself. */
  postponeFinalization(id: string, until: Instant): Promise<void>
  /** Without collecting it: `auto_advance: false`. */
  finalizeInvoice(id: string): Promise<InvoiceView>
  /** Lets Stripe collect: `auto_advance: true`. */
  collectInvoice(id: string): Promise<void>
}
