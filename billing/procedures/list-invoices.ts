import type { billingContract } from '#billing/contract'
import { ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import { createStripeAdapter } from '../stripe/adapter.ts'
import { listInvoiceRecords } from '../stripe/invoice-record.ts'
import type { InvoiceStripe } from '../stripe/ports.ts'
import { summarize } from '../stripe/present-invoice.ts'
import type { BillingDeps } from './deps.ts'
import { loadAccount } from './load-account.ts'

/** Newest first. Read from Stripe, which owns them, and merged with what our closes recorded. */
export const listInvoices =
  (
    deps: Pick<BillingDeps, 'accounts' | 'billing' | 'stripe'>,
    stripe: Pick<InvoiceStripe, 'listInvoices'> = createStripeAdapter(deps.stripe),
  ): Handlers<typeof billingContract>['listInvoices'] =>
  async ({ accountId }, call) => {
    const loaded = await loadAccount(deps, accountId, call)
    if (!loaded.ok) return loaded
    const { customerId } = loaded.value.account
    if (!customerId) return ok({ invoices: [] })
    const records = await listInvoiceRecords(deps.billing, accountId)
    const invoices = await stripe.listInvoices({ customerId })
    return ok({
      invoices: invoices.map(invoice =>
        summarize(
          invoice,
          records.find(({ invoiceId }) => invoiceId === invoice.id),
        ),
      ),
    })
  }
