import { markDue } from '../../accounts/due.ts'
import type { Account } from '../../domain/records.ts'
import type { InvoiceView } from '../../stripe/views.ts'
import { idle, type Route } from '../route.ts'
import { accountOf, billsUsage, loadMeteredPrices } from './usage-invoice.ts'

/** The first paid invoice with usage on it lifts a new payer's default cap. */
export const liftDefaultCap: Route = async (ports, invoiceId, now) => {
  const invoice = await ports.stripe.getInvoice(invoiceId)
  const accountId = await accountOf(ports, invoice)
  const account = accountId === undefined ? undefined : await ports.accounts.getAccount(accountId)
  if (!account) return idle('not a customer of ours')
  const because = whyNotLifted(invoice, account, await loadMeteredPrices(ports))
  if (because !== null) return idle(because)
  await markDue(ports.billing, 'entitle-due', account.accountId)
  const changed = await ports.accounts.changeAccount(account, { usageInvoicePaidAt: now })
  if (!changed) throw new Error(`the account ${account.accountId} was changed meanwhile`)
  return idle('noted')
}

export function whyNotLifted(
  invoice: InvoiceView,
  { usageInvoicePaidAt }: Pick<Account, 'usageInvoicePaidAt'>,
  meteredPriceIds: ReadonlySet<string>,
): string | null {
  if (invoice.status !== 'paid') return `the invoice is ${invoice.status}`
  if (!billsUsage(invoice, meteredPriceIds)) return 'the invoice bills no usage'
  return usageInvoicePaidAt === undefined ? null : 'usage was paid before'
}
