import type { billingContract } from '#billing/contract'
import { fail, ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import { createStripeAdapter } from '../stripe/adapter.ts'
import type { CloseStripe } from '../stripe/close-adapter.ts'
import { StripeRefused } from '../stripe/failure.ts'
import { getInvoiceRecord } from '../stripe/invoice-record.ts'
import type { InvoiceStripe } from '../stripe/ports.ts'
import { detail, settle } from '../stripe/present-invoice.ts'
import type { InvoiceView } from '../stripe/views.ts'
import type { BillingDeps } from './deps.ts'
import { loadAccount } from './load-account.ts'

export type InvoicePorts = Pick<InvoiceStripe, 'getInvoice'> &
  Pick<CloseStripe, 'listCreditNotes' | 'listRefunds'>

/** One invoice with Stripe's lines, our statement and the proof, and what happened to it since. Somebody else's is as absent as one that is not. */
export const getInvoice =
  (
    deps: Pick<BillingDeps, 'accounts' | 'billing' | 'plans' | 'stripe'>,
    stripe: InvoicePorts = createStripeAdapter(deps.stripe),
  ): Handlers<typeof billingContract>['getInvoice'] =>
  async ({ accountId, invoiceId }, call) => {
    const loaded = await loadAccount(deps, accountId, call)
    if (!loaded.ok) return loaded
    const { customerId } = loaded.value.account
    const invoice = customerId ? await find(stripe, invoiceId) : undefined
    if (invoice?.customerId !== customerId || !invoice)
      return fail('invoice_not_found', 'There is no such invoice.')
    const record = await getInvoiceRecord(deps.billing, accountId, invoiceId)
    // A draft has neither, and asking would only cost time.
    const isFinal = invoice.status !== 'draft'
    const [creditNotes, refunds] = isFinal
      ? await Promise.all([stripe.listCreditNotes(invoiceId), stripe.listRefunds(invoiceId)])
      : [[], []]
    const versions = await deps.plans.listVersions()
    return ok({ ...detail(invoice, record, versions), settlement: settle(invoice, creditNotes, refunds) })
  }

/** Ids of Stripe: nothing else may become part of the path of a request to it. */
const INVOICE_ID = /^in_[0-9A-Za-z_]{1,60}$/

async function find(stripe: Pick<InvoiceStripe, 'getInvoice'>, id: string): Promise<InvoiceView | undefined> {
  if (!INVOICE_ID.test(id)) return undefined
  try {
    return await stripe.getInvoice(id)
  } catch (error) {
    if (error instanceof StripeRefused && error.code === 'resource_missing') return undefined
    throw error
  }
}
