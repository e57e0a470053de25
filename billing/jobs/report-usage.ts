import type { Call } from '#kernel/rpc'
import type { Table } from '#kernel/table'
import { type Instant, SECOND_MS } from '#kernel/time'
import { clearDue, type DueMarker, listDue } from '../accounts/due.ts'
import type { Account, Segment } from '../domain/records.ts'
import { inParallel } from '../ledger/in-parallel.ts'
import type { BillingDeps } from '../procedures/deps.ts'
import { advancePaidSegment } from '../stripe/advance-paid-segment.ts'
import type { InvoiceStripe, SubscriptionStripe } from '../stripe/ports.ts'
import { measureSegment, readFrozen } from '../stripe/reporting/measure-segment.ts'
import { announceMeterProblems } from '../stripe/reporting/meter-problems.ts'
import { type MeterStripe, reportSegment } from '../stripe/reporting/report-segment.ts'
import { withLease } from '../workflows/lease.ts'
import { findRound, holdRound, leaveRound } from './report-round.ts'

export type ReportDeps = Pick<BillingDeps, 'accounts' | 'billing' | 'ledger' | 'plans'> & {
  readonly stripe: MeterStripe & SubscriptionStripe & InvoiceStripe
  /** The time as it passes during a run; without it the run's slot, `call.now`, at which time stands still. */
  readonly clock?: () => Instant
}
export type Reported = {
  readonly accounts: number
  /**
   * One sentence for each account that failed (the others were done, and its marker stays), and for each report of
   * refused meter events that nobody heard of yet.
   */
  readonly problems: readonly string[]
  /** Accounts that the next run goes on with. */
  readonly left: number
}

/**
 * Accounts at a time. One takes about 0.3 s (Stripe answers in 0.1 to 0.3 s, about 20 requests to DynamoDB), so that
 * four make at most 20 calls a second: below the 25 of a sandbox, and a small part of what live mode allows
 * (https://docs.stripe.com/rate-limits). Different accounts are different customers: Stripe takes one call at a time for
 * each.
 */
const WIDTH = 4

/** For so long a run takes on accounts; the job's timeout (55 s) leaves the last ones time to end. */
const BUDGET_MS = 40 * SECOND_MS

/**
 * Brings what Stripe has to what is owed, once an hour for every account whose usage changed. Runs every minute: the
 * first run of an hour begins a round, and the ones after it go on until everybody had a turn. Level-triggered: run
 * twice it reports zero, and what a run missed a later one reports. An account that failed has its next turn in the next
 * round, behind nobody and before nobody. With the hour's round done, a run is two reads; without markers it writes
 * nothing.
 */
export async function reportUsage(deps: ReportDeps, call: Call): Promise<Reported> {
  const clock = deps.clock ?? (() => call.now)
  const startedAt = clock()
  const problems = await announceMeterProblems(deps.billing, call.now)
  const found = await findRound(deps.billing, call.now, startedAt)
  const due = found ? await dueAfter(deps.billing, found.after) : []
  const round = found && due.length > 0 ? await holdRound(deps.billing, found, startedAt) : undefined
  if (!round) return { accounts: 0, problems, left: 0 }
  const [begun, failed]: [DueMarker[], DueMarker[]] = [[], []]
  await inParallel(due, WIDTH, async marker => {
    if (clock() - startedAt >= BUDGET_MS) return
    begun.push(marker)
    try {
      await reportAccount(deps, marker.name, call, clock())
      await clearDue(deps.billing, 'report-due', marker)
    } catch (error) {
      failed.push(marker)
      problems.push(`${marker.name}: ${error instanceof Error ? error.message : String(error)}`)
    }
  })
  const left = due.length - begun.length
  await leaveRound(deps.billing, round, { after: begun.at(-1)?.name ?? round.after, isDone: left === 0 })
  return { accounts: begun.length - failed.length, problems, left }
}

const dueAfter = async (billing: Table, after: string): Promise<DueMarker[]> =>
  (await listDue(billing, 'report-due')).filter(({ name }) => name > after)

async function reportAccount(
  deps: ReportDeps,
  accountId: string,
  { now, requestId }: Call,
  startedAt: Instant,
): Promise<void> {
  // Of the time at which it is taken: a run may begin a minute after its slot, and work for most of one.
  await withLease(deps.billing, accountId, `report-usage-${requestId}`, startedAt, async () => {
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
