import { type Failure, fail, ok, type Result } from '#kernel/result'
import type { Call } from '#kernel/rpc'
import type { Account } from '../../domain/records.ts'
import { getInvoiceRecord, type InvoiceRecord } from '../../stripe/invoice-record.ts'
import type { BillingDeps } from '../deps.ts'
import { loadAccount } from '../load-account.ts'

export type LoadedInvoice = { readonly account: Account; readonly record: InvoiceRecord }

/** The record of an account's invoice. Somebody else's is as absent as one that is not. */
export async function loadInvoice(
  deps: Pick<BillingDeps, 'accounts' | 'billing'>,
  { accountId, invoiceId }: { readonly accountId: string; readonly invoiceId: string },
  call: Call,
): Promise<Result<LoadedInvoice>> {
  const loaded = await loadAccount(deps, accountId, call)
  if (!loaded.ok) return loaded
  const record = await getInvoiceRecord(deps.billing, accountId, invoiceId)
  return record ? ok({ account: loaded.value.account, record }) : NOT_FOUND
}

const NOT_FOUND: Failure = fail(
  'invoice_not_found',
  'There is no such invoice with usage on it. Invoices without usage have nothing to explain.',
)
