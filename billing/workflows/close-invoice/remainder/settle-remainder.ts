import * as z from 'zod/mini'
import { formatMinor, type PlanVersion, remainderSchema } from '#billing/contract'
import { appendAudit } from '#kernel/audit'
import { derivedId } from '#kernel/ids'
import { isNew, type Table } from '#kernel/table'
import { type Instant, toIso } from '#kernel/time'
import { loadPayableUnits } from '../../../accounts/cap-units.ts'
import { loadCarryOver } from '../../../accounts/carry-over.ts'
import type { Account, Segment } from '../../../domain/records.ts'
import type { BillingDeps } from '../../../procedures/deps.ts'
import { serviceCall } from '../../../procedures/service-call.ts'
import { listInvoiceRecords } from '../../../stripe/invoice-record.ts'
import type { Measure } from '../../../stripe/reporting/measure-segment.ts'
import { withLease } from '../../lease.ts'
import { loadComparison } from '../load-comparison.ts'
import type { ClosePorts } from '../state.ts'
import { endLook, forget, type RemainderDue } from './due.ts'
import { planRemainder } from './plan-remainder.ts'

/** A remainder that was decided: `account#<id>` / `remainder#<segment start>#<n>`. Written before anything is done. */
const decidedSchema = z.extend(remainderSchema, {
  n: z.int(),
  /** The last segment's numbers before and after. */
  before: z.object({ invoicedUnits: z.int(), waivedUnits: z.int() }),
  after: z.object({ invoicedUnits: z.int(), waivedUnits: z.int() }),
})
type Decided = z.output<typeof decidedSchema>

export type RemainderPorts = ClosePorts & Pick<BillingDeps, 'automaticTax'>

const keyOf = (accountId: string, { period, n }: Pick<Decided, 'period' | 'n'>) => ({
  pk: `account#${accountId}`,
  sk: `remainder#${toIso(period.start)}#${String(n).padStart(3, '0')}`,
})

export async function readRemainders(billing: Table, accountId: string): Promise<Decided[]> {
  const items = await billing.query({ pk: `account#${accountId}`, prefix: 'remainder#' })
  return items.map(item => z.parse(decidedSchema, item))
}

/**
 * Settles what the closed segments of an account leave when no segment of a subscription follows: a one-off invoice, a
 * recorded waiver or a credit note. Decided once, then carried out; whoever comes after a cut-off finds the decision and
 * goes on. Throws `TransientError` while somebody else works on the account.
 */
export async function settleRemainder(ports: RemainderPorts, due: RemainderDue, now: Instant): Promise<void> {
  const { accountId } = due
  await withLease(ports.billing, accountId, `remainder-${due.look}`, now, async () => {
    const segments = await ports.accounts.listSegments(accountId)
    const paid = segments.filter(({ subscriptionId }) => subscriptionId !== null)
    const last = paid.at(-1)
    const account = await ports.accounts.getAccount(accountId)
    // A paid segment that is still to be closed takes it over.
    if (!last || !account || last.closedAt === null) return void (await forget(ports.billing, due))
    const plan = await ports.plans.getVersion(last.planVersionId)
    if (!plan) throw new Error(`the plan version ${last.planVersionId} is not published`)
    const decided = await decide(ports, { account, last, plan }, now)
    if (decided) await carryOut(ports, { account, last, plan }, decided, now)
    await endLook(ports.billing, due)
  })
}

type Facts = { readonly account: Account; readonly last: Segment; readonly plan: PlanVersion }

/** The open decision, or a new one; undefined when nothing is left. */
async function decide(
  ports: RemainderPorts,
  { account, last, plan }: Facts,
  now: Instant,
): Promise<Decided | undefined> {
  const { accountId } = account
  const earlier = await readRemainders(ports.billing, accountId)
  const open = earlier.find(({ settledAt }) => settledAt === null)
  if (open) return open
  const before = { invoicedUnits: last.invoicedUnits ?? 0, waivedUnits: last.waivedUnits }
  const units = await loadCarryOver(ports, accountId, now)
  // What the segment's own caps promised, whatever the cap is today.
  const capUnits = await loadPayableUnits(ports, account, plan, last, last.carriedInUnits)
  const planned = planRemainder({ plan, units, ...before, capUnits })
  if (!planned) return undefined
  const decided: Decided = {
    period: { start: last.start, end: last.end },
    n: earlier.length + 1,
    ...{ units: planned.units, amountMinor: String(planned.amountMinor), currency: plan.currency },
    ...{ kind: planned.kind, invoiceId: null, settledAt: null, before },
    after: { invoicedUnits: planned.invoicedUnits, waivedUnits: planned.waivedUnits },
  }
  await appendAudit(ports.billing, serviceCall(now, 'remainder'), {
    ...{ accountId, action: `remainder.${VERBS[planned.kind]}`, before, after: decided },
    reason: 'No further invoice of a subscription follows.',
  })
  await ports.billing.put({ ...decided, ...keyOf(accountId, decided) }, isNew)
  return decided
}

const VERBS = { invoice: 'invoiced', waiver: 'waived', credit: 'credited' } as const

async function carryOut(ports: RemainderPorts, facts: Facts, decided: Decided, now: Instant): Promise<void> {
  const { accountId } = facts.account
  const key = keyOf(accountId, decided)
  if (decided.kind === 'invoice') await invoiceAlone(ports, facts, decided)
  if (decided.kind === 'credit') await creditLast(ports, facts, decided)
  await ports.accounts.adjustClosed(facts.last, decided.before, decided.after)
  await ports.billing.update(key, [{ set: 'settledAt', to: now }], [{ present: 'pk' }])
}

/** One line on an invoice of its own. Each step is found done when it is repeated. */
async function invoiceAlone(
  { automaticTax, billing, stripe }: RemainderPorts,
  { account, last, plan }: Facts,
  decided: Decided,
): Promise<void> {
  const { accountId, customerId } = account
  if (!customerId) throw new Error(`${accountId} has no customer`)
  const name = derivedId('remainder', accountId, String(decided.period.start), String(decided.n))
  const create = async () => {
    const { paymentMethodId } = await stripe.getSubscription(last.subscriptionId ?? '')
    return stripe.createOneOffInvoice({
      ...{ customerId, currency: decided.currency, accountId, name, paymentMethodId },
      ...(automaticTax && { automaticTax }),
    })
  }
  const invoiceId = decided.invoiceId ?? (await create())
  await billing.update(keyOf(accountId, decided), [{ set: 'invoiceId', to: invoiceId }])
  let invoice = await stripe.getInvoice(invoiceId)
  if (invoice.status === 'draft' && invoice.lines.length === 0) {
    const description = `${decided.units} further ${plan.unit}s, recorded after the last invoice (${formatMinor(BigInt(decided.amountMinor), decided.currency)})`
    const { amountMinor, currency, period } = decided
    await stripe.addOneOffItem({
      ...{ customerId, invoiceId, name, description, period, currency },
      amountMinor,
    })
  }
  if (invoice.status === 'draft') invoice = await stripe.finalizeInvoice(invoiceId)
  if (invoice.status === 'open' && !invoice.autoAdvance) await stripe.collectInvoice(invoiceId)
}

/** Takes off the last invoice what it billed too much, to the customer's balance where it was paid. */
async function creditLast(
  ports: RemainderPorts,
  { account, last, plan }: Facts,
  decided: Decided,
): Promise<void> {
  const { accountId } = account
  const records = await listInvoiceRecords(ports.billing, accountId)
  const record = records.find(({ period }) => period.end === last.end)
  if (!record || decided.amountMinor === '0') return
  const { invoiceId } = record
  const planId = derivedId('remainder', accountId, String(decided.period.start), String(decided.n))
  const notes = await ports.stripe.listCreditNotes(invoiceId)
  if (notes.some(note => note.planId === planId && !note.isVoid)) return
  if (notes.some(note => note.planId !== null && !note.isVoid))
    throw new Error(`${invoiceId} was credited before: ${decided.amountMinor} more is due to ${accountId}`)
  const invoice = await ports.stripe.getInvoice(invoiceId)
  const owed: Measure = {
    ...{ meteredUnits: 0, carriedInUnits: 0, carriedOutUnits: 0, waivedUnits: 0 },
    owedUnits: decided.after.invoicedUnits,
  }
  const { credit } = await loadComparison(ports, { segment: last, plan }, owed, invoice, 'credit')
  if (!credit || credit.lines.length === 0) return
  await ports.stripe.creditLines({
    ...{ invoiceId, lines: credit.lines, planId, memo: 'Usage that was found not to be owed' },
    remainingMinor: invoice.settlement.remainingMinor,
    idempotencyKey: planId,
  })
}
