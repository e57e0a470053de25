import type { Call } from '#kernel/rpc'
import type { Instant } from '#kernel/time'
import { clearDue, listDue } from '../accounts/due.ts'
import type { Account, Segment } from '../domain/records.ts'
import type { BillingDeps } from '../procedures/deps.ts'
import { advancePaidSegment } from '../stripe/advance-paid-segment.ts'
import type { InvoiceStripe, SubscriptionStripe } from '../stripe/ports.ts'
import { measureSegment, readFrozen } from '../stripe/reporting/measure-segment.ts'
import { type MeterStripe, reportSegment } from '../stripe/reporting/report-segment.ts'
import { withLease } from '../workflows/lease.ts'

export type ReportDeps = Pick<BillingDeps, 'accounts' | 'billing' | 'ledger' | 'plans'> & {
  readonly stripe: MeterStripe & SubscriptionStripe & InvoiceStripe
}
export type Reported = {
  readonly accounts: number
  /** One sentence for each account that failed; the others were done, and its marker stays. */
  readonly problems: readonly string[]
}

/**
 * Brings what Stripe has to what is owed, for every account whose usage changed. Level-triggered: run twice it reports
 * zero, and what a run missed the next one reports. Without markers it reads one partition and writes nothing.
 */
export async function reportUsage(deps: ReportDeps, call: Call): Promise<Reported> {
  const problems: string[] = []
  let accounts = 0
  for (const marker of await listDue(deps.billing, 'report-due')) {
    try {
      await reportAccount(deps, marker.name, call)
      await clearDue(deps.billing, 'report-due', marker)
      accounts++
    } catch (error) {
      problems.push(`${marker.name}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return { accounts, problems }
}

async function reportAccount(deps: ReportDeps, accountId: string, { now, requestId }: Call): Promise<void> {
  await withLease(deps.billing, accountId, `report-usage-${requestId}`, now, async () => {
    await advancePaidSegment(deps, accountId, now)
    const account = await deps.accounts.getAccount(accountId)
    if (!account) throw new Error('billing does not know the account')
    for (const segment of await deps.accounts.listSegments(accountId))
      if (segment.subscriptionId !== null && segment.closedAt === null)
        await reportOne(deps, account, segment, now)
  })
}

/** Oldest first. A frozen segment belongs to its close. */
async function reportOne(
  deps: ReportDeps,
  { customerId }: Account,
  segment: Segment,
  now: Instant,
): Promise<void> {
  if (await readFrozen(deps.billing, segment)) return
  const plan = await deps.plans.getVersion(segment.planVersionId)
  if (!plan || !customerId) throw new Error(`no plan or customer for ${segment.planVersionId}`)
  const { owedUnits } = await measureSegment(deps, segment, plan, now)
  const to = { billing: deps.billing, meter: deps.stripe }
  await reportSegment(to, segment, { plan, customerId }, owedUnits, now)
}
