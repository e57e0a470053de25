import type { billingContract } from '#billing/contract'
import { fail, ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import { createStripeAdapter } from '../stripe/adapter.ts'
import { StripeRefused } from '../stripe/failure.ts'
import { getInvoiceRecord } from '../stripe/invoice-record.ts'
import type { InvoiceStripe } from '../stripe/ports.ts'
import { detail } from '../stripe/present-invoice.ts'
import type { InvoiceView } from '../stripe/views.ts'
import type { BillingDeps } from './deps.ts'
import { loadAccount } from './load-account.ts'

/** One invoice with Stripe's lines, our statement and the proof. Somebody else's is as absent as one that is not. */
export const getInvoice =
  (
    deps: Pick<BillingDeps, 'accounts' | 'billing' | 'plans' | 'stripe'>,
    stripe: Pick<InvoiceStripe, 'getInvoice'> = createStripeAdapter(deps.stripe),
  ): Handlers<typeof billingContract>['getInvoice'] =>
  async ({ accountId, invoiceId }, call) => {
    const loaded = await loadAccount(deps, accountId, call)
    if (!loaded.ok) return loaded
    const { customerId } = loaded.value.account
    const invoice = customerId ? await find(stripe, invoiceId) : undefined
    if (invoice?.customerId !== customerId || !invoice)
      return fail('invoice_not_found', 'There is no such invoice.')
    const record = await getInvoiceRecord(deps.billing, accountId, invoiceId)
    return ok(detail(invoice, record, await deps.plans.listVersions()))
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
