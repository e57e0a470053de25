import type { Reconciliation } from '#billing/contract'
import type { Table } from '#kernel/table'
import { instant, type Period } from '#kernel/time'
import { listAccountIds } from '../accounts/account-index.ts'
import type { AccountStore } from '../accounts/store.ts'
import type { Segment } from '../domain/records.ts'
import { inParallel } from '../ledger/in-parallel.ts'
import type { PlanStore } from '../plans/store.ts'
import { listReports, sumDelivered } from '../stripe/reporting/outbox.ts'
import { summaryWindowOf } from '../stripe/reporting/plan-report.ts'
import type { MeterStripe } from '../stripe/reporting/report-segment.ts'

export type StripePorts = {
  readonly billing: Table
  readonly accounts: Pick<AccountStore, 'getAccount' | 'listSegments'>
  readonly plans: Pick<PlanStore, 'getVersion'>
  readonly meter: Pick<MeterStripe, 'readUsage'>
}
export type StripeCompared = NonNullable<Reconciliation['stripe']>

/** Each is one request of Stripe, which takes a hundred a second. */
const WIDTH = 8
/** Accounts between two checkpoints. */
const ACCOUNTS_AT_ONCE = 100

/**
 * Compares, exactly, what Stripe's summaries hold of every segment that the day touches with what was delivered with
 * stamps up to the day's end: more than a day old, so Stripe has had its time. Goes on after `after`, and tells `save`
 * how far it got; stops when that says so. True when all accounts were compared.
 */
export async function compareStripe(
  ports: StripePorts,
  day: Period,
  sofar: { readonly compared: StripeCompared; readonly after: string | null },
  save: (compared: StripeCompared, to: string | null) => Promise<boolean>,
): Promise<boolean> {
  let { segments } = sofar.compared
  const differences = [...sofar.compared.differences]
  const ids = (await listAccountIds(ports.billing)).filter(id => sofar.after === null || id > sofar.after)
  for (let i = 0; i < ids.length; i += ACCOUNTS_AT_ONCE) {
    const some = ids.slice(i, i + ACCOUNTS_AT_ONCE)
    await inParallel(some, WIDTH, async accountId => {
      for (const row of await compareAccount(ports, accountId, day)) {
        segments++
        if (row.deliveredUnits !== row.stripeUnits) differences.push(row)
      }
    })
    differences.sort((a, b) => (a.accountId < b.accountId ? -1 : 1))
    const goesOn = await save({ segments, differences }, some.at(-1) ?? null)
    if (!goesOn && i + ACCOUNTS_AT_ONCE < ids.length) return false
  }
  await save({ segments, differences }, ids.at(-1) ?? sofar.after)
  return true
}

async function compareAccount(ports: StripePorts, accountId: string, day: Period) {
  const account = await ports.accounts.getAccount(accountId)
  if (!account?.customerId) return []
  const rows: StripeCompared['differences'] = []
  for (const segment of await ports.accounts.listSegments(accountId)) {
    const window = windowOf(segment, day)
    if (!window) continue
    const reports = (await listReports(ports.billing, segment)).filter(({ stampAt }) => stampAt < window.end)
    if (reports.length === 0) continue
    const plan = await ports.plans.getVersion(segment.planVersionId)
    if (!plan?.stripe) continue
    const stripeUnits = await ports.meter.readUsage({
      ...{ meterId: plan.stripe.meterId, customerId: account.customerId, window },
    })
    rows.push({ accountId, segmentStart: segment.start, deliveredUnits: sumDelivered(reports), stripeUnits })
  }
  return rows
}

/** Minutes of the segment up to the day's end; undefined when the day touches none. */
function windowOf(segment: Segment, day: Period): Period | undefined {
  if (segment.subscriptionId === null || segment.start >= day.end || segment.end <= day.start)
    return undefined
  const { start, end } = summaryWindowOf(segment)
  const window = { start, end: instant(Math.min(end, day.end)) }
  return window.start < window.end ? window : undefined
}
