import { type Failure, fail, ok, type Result } from '#kernel/result'
import type { AccountStore } from '../../accounts/store.ts'
import type { PlanStore } from '../../plans/store.ts'
import { getInvoiceRecord, type InvoiceRecord } from '../../stripe/invoice-record.ts'
import type { InvoiceView } from '../../stripe/views.ts'
import type { ClosePorts, ClosingSegment } from '../../workflows/close-invoice/state.ts'
import { readWorkItem, type WorkItem } from '../../workflows/work-item.ts'
import type { BillingDeps } from '../deps.ts'

export type CloseDeps = Pick<BillingDeps, 'accounts' | 'billing' | 'ledger' | 'plans'> & {
  readonly stripe: Pick<ClosePorts['stripe'], 'getInvoice' | 'readUsage'>
}

export type LoadedClose = {
  readonly record: InvoiceRecord
  readonly invoice: InvoiceView
  /** Null: no segment ends where the invoice does. */
  readonly closing: ClosingSegment | null
  readonly work: WorkItem | undefined
}

/** Everything about one close. */
export async function loadClose(
  deps: CloseDeps,
  { accountId, invoiceId }: { readonly accountId: string; readonly invoiceId: string },
): Promise<Result<LoadedClose>> {
  const record = await getInvoiceRecord(deps.billing, accountId, invoiceId)
  if (!record) return NOT_FOUND
  return ok({
    record,
    invoice: await deps.stripe.getInvoice(invoiceId),
    closing: await findClosing(deps, record),
    work: await readWorkItem(deps.billing, 'close-invoice', invoiceId),
  })
}

async function findClosing(
  { accounts, plans }: { readonly accounts: AccountStore; readonly plans: PlanStore },
  { accountId, period, planVersionId }: InvoiceRecord,
): Promise<ClosingSegment | null> {
  const segments = await accounts.listSegments(accountId)
  const segment = segments.find(({ end, subscriptionId }) => end === period.end && subscriptionId !== null)
  const plan = segment && (await plans.getVersion(planVersionId || segment.planVersionId))
  const account = await accounts.getAccount(accountId)
  if (!segment || !plan || !account?.customerId) return null
  return { segment, plan, target: { plan, customerId: account.customerId } }
}

const NOT_FOUND: Failure = fail('close_not_found', 'There is no close of such an invoice.')
