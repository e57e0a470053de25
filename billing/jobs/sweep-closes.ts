import type { Instant } from '#kernel/time'
import type { Segment } from '../domain/records.ts'
import type { BillingDeps } from '../procedures/deps.ts'
import { type Closing, listClosing, unmarkClosing } from '../stripe/closing.ts'
import { listInvoiceRecords } from '../stripe/invoice-record.ts'
import type { InvoiceStripe } from '../stripe/ports.ts'
import type { InvoiceView } from '../stripe/views.ts'
import { usageEndOf } from '../workflows/close-invoice/hold-invoice.ts'
import { startClose } from '../workflows/close-invoice/start-close.ts'
import type { Executions } from '../workflows/executions.ts'

export type SweepDeps = Pick<BillingDeps, 'accounts' | 'billing' | 'plans'> & {
  readonly executions: Executions
  readonly stripe: Pick<InvoiceStripe, 'listInvoices'>
  readonly machines: { readonly closeInvoice: string }
}
export type Swept = { readonly started: readonly string[]; readonly problems: readonly string[] }

/**
 * Finds paid segments whose end has passed and whose close is neither recorded nor running, and starts or takes over
 * the close of their invoice: what a lost webhook or a failed execution left. Idle it is one query.
 */
export async function sweepCloses(deps: SweepDeps, now: Instant): Promise<Swept> {
  const started: string[] = []
  const problems: string[] = []
  for (const closing of await listClosing(deps.billing, now)) {
    try {
      const name = await sweepOne(deps, closing, now)
      if (name) started.push(name)
    } catch (error) {
      problems.push(`${closing.accountId}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return { started, problems }
}

async function sweepOne(deps: SweepDeps, closing: Closing, now: Instant): Promise<string | null> {
  const { accountId, end } = closing
  const segments = await deps.accounts.listSegments(accountId)
  const segment = segments.find(one => one.end === end && one.subscriptionId !== null)
  if (!segment?.subscriptionId) return null
  if (segment.closedAt !== null) {
    await unmarkClosing(deps.billing, closing)
    return null
  }
  const invoiceId = await findInvoice(deps, segment, segment.subscriptionId)
  return invoiceId === undefined ? null : (await startClose(deps, accountId, invoiceId, now)).started
}

/** A close that has begun knows its invoice; else Stripe is asked. It makes the invoice minutes after the period's end. */
async function findInvoice(
  { billing, plans, stripe }: SweepDeps,
  { accountId, end, planVersionId }: Segment,
  subscriptionId: string,
): Promise<string | undefined> {
  const records = await listInvoiceRecords(billing, accountId)
  const begun = records.find(record => record.period.end === end)
  if (begun) return begun.invoiceId
  const plan = await plans.getVersion(planVersionId)
  const metered = new Set(plan?.stripe ? [plan.stripe.meteredPriceId] : [])
  const invoices = await stripe.listInvoices({ subscriptionId })
  const isOfSegment = (one: InvoiceView) =>
    one.billingReason !== 'subscription_create' && one.status !== 'void' && usageEndOf(one, metered) === end
  return invoices.find(isOfSegment)?.id
}
