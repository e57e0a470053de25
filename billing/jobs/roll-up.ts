import type { Call } from '#kernel/rpc'
import { hourOf, type Instant, plusMs } from '#kernel/time'
import { catchUpFree } from '../accounts/advance-segment.ts'
import { announceThresholds } from '../accounts/announce-thresholds.ts'
import { clearDue, listDue, markDue } from '../accounts/due.ts'
import { entitle } from '../accounts/entitle.ts'
import { drainedAt, repairCounter } from '../accounts/repair-counter.ts'
import type { Account } from '../domain/records.ts'
import { putCells } from '../ledger/cells.ts'
import { clearDirty, type DirtyHour, listDirty } from '../ledger/dirty.ts'
import { inParallel } from '../ledger/in-parallel.ts'
import { putTotal, readHour, totalOfHour } from '../ledger/totals.ts'
import type { BillingDeps } from '../procedures/deps.ts'

export type RollUpDeps = Pick<BillingDeps, 'access' | 'accounts' | 'billing' | 'ledger' | 'plans' | 'publish'>
export type RolledUp = {
  readonly hours: number
  readonly entitled: number
  /** Counters that were wrong. */
  readonly repaired: number
  /** One sentence for each account that failed; the others were done. */
  readonly problems: readonly string[]
}

/** Accounts at a time: each is a chain of small requests. */
const WIDTH = 16

/**
 * The job of every minute. It looks at the markers and does what is missing, so a run that was dropped or cut off costs
 * only freshness, and a run without markers writes nothing:
 *
 * 1. dirty hours → hour totals; the account's next Free segment when a month has turned; `report-due` for payers;
 *    thresholds that were reached;
 * 2. `entitle-due` → tell access again;
 * 3. `repair-due` of drained hours → counter repair.
 */
export async function rollUp(deps: RollUpDeps, call: Call): Promise<RolledUp> {
  const problems: string[] = []
  const attempt = async (what: string, work: () => Promise<void>) => {
    try {
      await work()
    } catch (error) {
      problems.push(`${what}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }

  let [hours, entitled, repaired] = [0, 0, 0]
  const dirty = Map.groupBy(await listDirty(deps.ledger), ({ accountId }) => accountId)
  await inParallel([...dirty], WIDTH, ([accountId, marked]) =>
    attempt(`totals of ${accountId}`, async () => {
      const rolledUp = await rollUpAccount(deps, accountId, marked, call.now)
      hours += rolledUp
    }),
  )
  await inParallel(await listDue(deps.billing, 'entitle-due'), WIDTH, marker =>
    attempt(`entitlement of ${marker.name}`, async () => {
      const { inForce, problem } = await entitle(deps, marker.name, call, marker)
      if (problem) throw new Error(problem)
      if (inForce) entitled++
    }),
  )
  await repairDrained(deps, call, attempt, () => {
    repaired++
  })
  return { hours, entitled, repaired, problems }
}

async function rollUpAccount(
  deps: RollUpDeps,
  accountId: string,
  marked: readonly DirtyHour[],
  now: Instant,
): Promise<number> {
  const account = await deps.accounts.getAccount(accountId)
  if (account) await catchUpFree(deps.accounts, account, now)
  const rolledUp: DirtyHour[] = []
  for (const marker of marked) {
    const read = await readHour(deps.ledger, accountId, marker.hour)
    const total = totalOfHour(marker.hour, read)
    await putCells(deps.ledger, accountId, marker.hour, read)
    if (!(await putTotal(deps.ledger, accountId, total))) continue
    if (account) await passOn(deps, account, marker.hour)
    rolledUp.push(marker)
  }
  if (account && rolledUp.length > 0) await announceThresholds(deps, account, now)
  for (const marker of rolledUp) await clearDirty(deps.ledger, marker)
  return rolledUp.length
}

/** Leaves the work that follows from a changed hour, before its marker goes. */
async function passOn({ billing, accounts }: RollUpDeps, account: Account, hour: string): Promise<void> {
  const { accountId, entitlement, subscriptionId } = account
  if (subscriptionId !== null) await markDue(billing, 'report-due', accountId)
  if (!entitlement?.hardLimit && !entitlement?.keyCaps) return
  await markDue(billing, 'repair-due', `${hour}#${accountId}`)
  const segment = await accounts.newestSegment(accountId)
  const isLate = segment !== undefined && subscriptionId !== null && hour < hourOf(segment.start)
  if (isLate) await markDue(billing, 'entitle-due', accountId)
}

type Attempt = (what: string, work: () => Promise<void>) => Promise<void>

async function repairDrained(
  deps: RollUpDeps,
  call: Call,
  attempt: Attempt,
  count: () => void,
): Promise<void> {
  const due = await listDue(deps.billing, 'repair-due', `${newestDrainedHour(call.now)}#~`)
  const byAccount = Map.groupBy(due, ({ name }) => name.slice(name.indexOf('#') + 1))
  await inParallel([...byAccount], WIDTH, ([accountId, markers]) =>
    attempt(`counter of ${accountId}`, async () => {
      if (await repairCounter(deps, accountId, call)) count()
      for (const marker of markers) await clearDue(deps.billing, 'repair-due', marker)
    }),
  )
}

/** The greatest hour whose drain is over. */
function newestDrainedHour(now: Instant): string {
  const epoch = '1970-01-01T00'
  return hourOf(plusMs(now, -drainedAt(epoch)))
}
