import { DAY_MS, type Instant, instant, plusMs, toIso } from '#kernel/time'
import type { Segment } from '../domain/records.ts'
import type { BillingDeps } from '../procedures/deps.ts'
import { listProofDue } from '../proof/proof-due.ts'
import { writeProof } from '../proof/write-proof.ts'
import { type Closing, listClosing, noteAlarm, unmarkClosing } from '../stripe/closing.ts'
import { listInvoiceRecords } from '../stripe/invoice-record.ts'
import type { InvoiceView } from '../stripe/views.ts'
import { usageEndOf } from '../workflows/close-invoice/hold-invoice.ts'
import { listRemainders } from '../workflows/close-invoice/remainder/due.ts'
import {
  type RemainderPorts,
  settleRemainder,
} from '../workflows/close-invoice/remainder/settle-remainder.ts'
import { startClose } from '../workflows/close-invoice/start-close.ts'
import type { Executions } from '../workflows/executions.ts'

export type SweepDeps = Pick<BillingDeps, 'accounts' | 'billing' | 'plans'> &
  RemainderPorts & {
    readonly executions: Executions
    readonly machines: { readonly closeInvoice: string }
  }
export type Swept = { readonly started: readonly string[]; readonly problems: readonly string[] }

/** Stripe refuses usage that is more than 35 days old: after 30 an open close alarms, and again every day. */
const OVERDUE_MS = 30 * DAY_MS

/**
 * Does what closes left undone. Idle it is three queries:
 *
 * 1. paid segments whose end has passed and whose close is neither recorded nor running: starts or takes over the close
 *    of their invoice, what a lost webhook or a failed execution left; one that is open for 30 days is a problem;
 * 2. proof files that were not written;
 * 3. remainders of ended subscriptions.
 */
export async function sweepCloses(deps: SweepDeps, now: Instant): Promise<Swept> {
  const started: string[] = []
  const problems: string[] = []
  const attempt = async (what: string, work: () => Promise<void>) => {
    try {
      await work()
    } catch (error) {
      problems.push(`${what}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  for (const closing of await listClosing(deps.billing, now))
    await attempt(closing.accountId, async () => {
      const name = await sweepOne(deps, closing, now)
      if (name) started.push(name)
    })
  for (const due of await listProofDue(deps.billing))
    await attempt(`proof of ${due.invoiceId}`, () => finishProof(deps, due))
  for (const due of await listRemainders(deps.billing, now))
    await attempt(`remainder of ${due.accountId}`, () => settleRemainder(deps, due, now))
  return { started, problems }
}

/** The close itself writes the files right after it is recorded; until then there is nothing to write. */
async function finishProof(deps: SweepDeps, due: { accountId: string; invoiceId: string }): Promise<void> {
  const records = await listInvoiceRecords(deps.billing, due.accountId)
  const isClosed = records.some(({ invoiceId, closedAt }) => invoiceId === due.invoiceId && closedAt)
  if (isClosed) await writeProof(deps, due)
}

async function sweepOne(deps: SweepDeps, closing: Closing, now: Instant): Promise<string | null> {
  const { accountId, end } = closing
  const segments = await deps.accounts.listSegments(accountId)
  const segment = segments.find(one => one.end === end && one.subscriptionId !== null)
  if (segment?.closedAt || (!segment && isCutElsewhere(segments, end))) {
    await unmarkClosing(deps.billing, closing)
    return null
  }
  const started = segment ? await take(deps, segment, now) : null
  await alarmOverdue(deps, closing, now)
  return started
}

/** The segment that was to end here was ended earlier, with its subscription: another one covers the instant. */
const isCutElsewhere = (segments: readonly Segment[], end: Instant): boolean =>
  segments.some(one => one.start < end && end <= one.end)

async function take(deps: SweepDeps, segment: Segment, now: Instant): Promise<string | null> {
  if (!segment.subscriptionId) return null
  const invoiceId = await findInvoice(deps, segment, segment.subscriptionId)
  return invoiceId === undefined ? null : (await startClose(deps, segment.accountId, invoiceId, now)).started
}

async function alarmOverdue({ billing }: SweepDeps, closing: Closing, now: Instant): Promise<void> {
  const alarmedAt = closing.alarmedAt ?? instant(0)
  if (now < plusMs(closing.end, OVERDUE_MS) || now < plusMs(alarmedAt, DAY_MS)) return
  await noteAlarm(billing, closing, now)
  throw new Error(
    `the period that ended at ${toIso(closing.end)} is not closed; Stripe takes no usage for it after 35 days`,
  )
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
