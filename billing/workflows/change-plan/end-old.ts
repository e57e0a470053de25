import { type PlanVersion, rate, totalOf } from '#billing/contract'
import { type Instant, instant, MINUTE_MS, SECOND_MS } from '#kernel/time'
import type { Segment } from '../../domain/records.ts'
import { advancePaidSegment, followSubscription } from '../../stripe/advance-paid-segment.ts'
import { unmarkClosing } from '../../stripe/closing.ts'
import { TransientError } from '../../stripe/failure.ts'
import { getInvoiceRecord } from '../../stripe/invoice-record.ts'
import { freeze, measureSegment, readFrozen } from '../../stripe/reporting/measure-segment.ts'
import { listReports, sumDelivered } from '../../stripe/reporting/outbox.ts'
import { readSegment, reportSegment } from '../../stripe/reporting/report-segment.ts'
import { usageEndOf } from '../close-invoice/hold-invoice.ts'
import { WorkflowStateInvalid } from '../errors.ts'
import { withLease } from '../lease.ts'
import { type ChangePorts, type ChangeState, changeHolder } from './state.ts'

/** At one try every 15 s: an hour. Then it is cancelled all the same; what Stripe lost of it is carried over. */
const TRIES_MAX = 240

/** Stripe's clock and ours. */
const CLOCKS_MS = 10 * SECOND_MS

/**
 * The end of the last minute that is over on both clocks. What is stamped before it lies in a whole minute of the segment
 * wherever in the next seconds the segment is cut: Stripe's summaries are of whole minutes.
 */
const wholeMinuteBefore = (now: Instant): Instant =>
  instant(Math.floor((now - CLOCKS_MS) / MINUTE_MS) * MINUTE_MS)

/**
 * Reports what the plan that is left owes, so that its final invoice can have it. First it is kept from being renewed:
 * whatever holds this machine up, its fee is not charged again.
 */
export async function reportOld(ports: ChangePorts, state: ChangeState, now: Instant): Promise<ChangeState> {
  const { accountId, oldSubscriptionId } = state
  if (!oldSubscriptionId) throw new WorkflowStateInvalid('report needs oldSubscriptionId')
  await withLease(ports.billing, accountId, changeHolder(state), now, async () => {
    await ports.stripe.cancelAtPeriodEnd(oldSubscriptionId)
    await advancePaidSegment(ports, accountId, now, oldSubscriptionId)
    const old = await loadOld(ports, state)
    if (!old || (await readFrozen(ports.billing, old.segment))) return
    const { owedUnits } = await measureSegment(ports, old.segment, old.plan, now)
    const to = { billing: ports.billing, meter: ports.stripe }
    const past = { ...old.segment, end: wholeMinuteBefore(now) }
    await reportSegment(to, past, old.target, owedUnits, now)
  })
  return { ...state, outcome: 'reported', settleTries: 0 }
}

/** `settled` once Stripe's summary shows what was reported; `pending` before that. */
export async function settleOld(ports: ChangePorts, state: ChangeState): Promise<ChangeState> {
  const old = await loadOld(ports, state)
  if (!old) return { ...state, outcome: 'settled' }
  const settleTries = (state.settleTries ?? 0) + 1
  const reportedUnits = sumDelivered(await listReports(ports.billing, old.segment))
  const summaryUnits = await readSegment(ports.stripe, old.segment, old.target)
  const isSettled = summaryUnits === reportedUnits || settleTries >= TRIES_MAX
  return { ...state, settleTries, outcome: isSettled ? 'settled' : 'pending' }
}

/** The hourly report may have stamped something a moment ago: its minute is waited for. */
async function refuseYoungStamps(ports: ChangePorts, state: ChangeState, now: Instant): Promise<void> {
  const old = await loadOld(ports, state)
  const reports = old ? await listReports(ports.billing, old.segment) : []
  const isYoung = reports.some(({ stampAt }) => stampAt >= wholeMinuteBefore(now))
  if (isYoung && old && now < old.segment.end)
    throw new TransientError(`usage of ${state.accountId} was stamped in this minute`)
}

/** Cancels the plan that is left, with its final invoice, and ends its segment at the instant that Stripe answers. */
export async function cancelOld(ports: ChangePorts, state: ChangeState, now: Instant): Promise<ChangeState> {
  const { accountId, oldSubscriptionId } = state
  if (!oldSubscriptionId) throw new WorkflowStateInvalid('cancel needs oldSubscriptionId')
  await withLease(ports.billing, accountId, changeHolder(state), now, async () => {
    await refuseYoungStamps(ports, state, now)
    const ended = await ports.stripe.cancelNow(oldSubscriptionId)
    await followSubscription(ports, accountId, ended)
    await settleInvoices(ports, accountId, oldSubscriptionId, now)
  })
  return { ...state, outcome: 'canceled' }
}

/**
 * What the end of a subscription does to its invoices. Stripe stops collecting the open ones: those that were compared
 * go on being collected. And it makes no final invoice where nothing is to be paid: then the segment is closed here.
 * https://docs.stripe.com/api/subscriptions/cancel
 */
export async function settleInvoices(
  ports: ChangePorts,
  accountId: string,
  subscriptionId: string,
  now: Instant,
): Promise<void> {
  const invoices = await ports.stripe.listInvoices({ subscriptionId })
  for (const invoice of invoices) {
    if (invoice.status !== 'open' || invoice.autoAdvance) continue
    const record = await getInvoiceRecord(ports.billing, accountId, invoice.id)
    if (record?.close === 'equal' || record?.close === 'carried_over')
      await ports.stripe.collectInvoice(invoice.id)
  }
  const old = await loadOld(ports, { accountId, oldSubscriptionId: subscriptionId })
  if (!old || old.segment.closedAt !== null || old.segment.end > now) return
  const metered = new Set(old.plan.stripe ? [old.plan.stripe.meteredPriceId] : [])
  const isBilled = invoices.some(
    one =>
      one.billingReason !== 'subscription_create' &&
      one.status !== 'void' &&
      usageEndOf(one, metered) === old.segment.end,
  )
  if (!isBilled) await closeUnbilled(ports, old.segment, old.plan, now)
}

/** All of it was included, or nothing was used: it counts as invoiced at no charge. */
async function closeUnbilled(
  ports: ChangePorts,
  segment: Segment,
  plan: PlanVersion,
  now: Instant,
): Promise<void> {
  const measured = await measureSegment(ports, segment, plan, now)
  if (totalOf(rate(plan.usagePrice, measured.owedUnits)) !== 0n) return
  const { carriedInUnits, waivedUnits, owedUnits } = await freeze(ports.billing, segment, measured)
  const outcome = { carriedInUnits, waivedUnits, invoicedUnits: owedUnits, closedAt: now }
  await ports.accounts.closeSegment(segment, outcome)
  await unmarkClosing(ports.billing, segment)
}

/** The newest segment of the subscription that is left, with its plan and meter. */
async function loadOld(
  ports: ChangePorts,
  { accountId, oldSubscriptionId }: Pick<ChangeState, 'accountId' | 'oldSubscriptionId'>,
) {
  const [account, segments] = await Promise.all([
    ports.accounts.getAccount(accountId),
    ports.accounts.listSegments(accountId),
  ])
  const segment = segments.findLast(({ subscriptionId }) => subscriptionId === oldSubscriptionId)
  const plan = segment && (await ports.plans.getVersion(segment.planVersionId))
  if (!segment || !plan || !account?.customerId) return undefined
  return { segment, plan, target: { plan, customerId: account.customerId } }
}
