import {
  type PlanVersion,
  type RehearsedAccount,
  type RehearsedMonth,
  rate,
  totalOf,
  unitsAtCap,
} from '#billing/contract'
import type { Instant, Period } from '#kernel/time'
import { capMinorOf } from '../domain/entitlement.ts'
import type { Account, Segment } from '../domain/records.ts'
import { foldPeriod } from '../ledger/fold-period.ts'
import { inParallel } from '../ledger/in-parallel.ts'
import type { BillingDeps } from '../procedures/deps.ts'
import type { PlanTerms } from './plan-terms.ts'

/** A month as it is recorded. */
export type PastMonth = {
  readonly period: Period
  readonly open: boolean
  /** The version it was billed at. */
  readonly plan: PlanVersion
  /** What was used and counted. */
  readonly usedUnits: number
  /** What Stripe billed; null where no invoice was compared: then what the plan's limits let through. */
  readonly invoicedUnits: number | null
}
type Capped = Pick<Account, 'usageInvoicePaidAt'>
type Priced = Pick<PlanTerms, 'flatFeeMinor' | 'usagePrice'>

/** What a month costs before tax, discounts and credits, rated by the engine that writes the statements. */
export const monthMinor = ({ flatFeeMinor, usagePrice }: Priced, units: number): bigint =>
  BigInt(flatFeeMinor) + totalOf(rate(usagePrice, units))

/** One past month on other terms. The customer is taken to make the same calls. */
export function rehearseMonth(month: PastMonth, after: PlanTerms, account: Capped): RehearsedMonth {
  const { plan: before, usedUnits } = month
  const beforeUnits = month.invoicedUnits ?? allowed(before, account, usedUnits).units
  const { units: afterUnits, stops } = allowed(after, account, usedUnits)
  return {
    ...{ period: month.period, planVersionId: before.planVersionId, open: month.open, usedUnits, stops },
    beforeMinor: String(monthMinor(before, beforeUnits)),
    afterMinor: String(monthMinor(after, afterUnits)),
    leavesIncluded: usedUnits <= before.includedUnits && usedUnits > after.includedUnits,
  }
}

/** What the limits of a plan let through, and which of them stops the rest. */
function allowed(
  plan: PlanTerms,
  account: Capped,
  usedUnits: number,
): { readonly units: number; readonly stops: RehearsedMonth['stops'] } {
  const capMinor = capMinorOf(account, plan)
  const capUnits = capMinor === null ? null : unitsAtCap(plan.usagePrice, capMinor)
  const [hard, cap] = [plan.hardLimitUnits ?? Number.POSITIVE_INFINITY, capUnits ?? Number.POSITIVE_INFINITY]
  if (usedUnits <= Math.min(hard, cap)) return { units: usedUnits, stops: null }
  return hard <= cap ? { units: hard, stops: 'hard_limit' } : { units: cap, stops: 'spend_cap' }
}

/**
 * The last ended months of a customer on a plan, newest first; the running one when none has ended. A closed month has
 * the units of its invoice and its waiver; of any other the ledger is folded.
 */
export async function loadPastMonths(
  deps: Pick<BillingDeps, 'accounts' | 'ledger' | 'plans'>,
  accountId: string,
  of: { readonly planId: string; readonly months: number; readonly asOf: Instant },
): Promise<PastMonth[]> {
  const segments = (await deps.accounts.listSegments(accountId)).filter(
    ({ planVersionId, start }) => planVersionId.startsWith(`${of.planId}@`) && start < of.asOf,
  )
  const ended = segments.filter(({ end }) => end <= of.asOf)
  const chosen = ended.length > 0 ? ended.slice(-of.months) : segments.slice(-1)
  const months: PastMonth[] = []
  for (const segment of chosen.toReversed()) {
    const plan = await deps.plans.getVersion(segment.planVersionId)
    if (!plan) throw new Error(`the plan version ${segment.planVersionId} is not published`)
    const open = segment.end > of.asOf
    const period = { start: segment.start, end: open ? of.asOf : segment.end }
    months.push({ period, open, plan, ...(await usageOf(deps, segment, period)) })
  }
  return months
}

async function usageOf({ ledger }: Pick<BillingDeps, 'ledger'>, segment: Segment, period: Period) {
  const { accountId, closedAt, invoicedUnits, waivedUnits } = segment
  if (closedAt !== null && invoicedUnits !== null)
    return { usedUnits: Math.max(0, invoicedUnits + waivedUnits), invoicedUnits }
  return { usedUnits: (await foldPeriod(ledger, accountId, period)).units, invoicedUnits: null }
}

/** A customer's past months on other terms; undefined for one who is not on the plan or has used it for no time. */
export async function rehearseAccount(
  deps: Pick<BillingDeps, 'accounts' | 'ledger' | 'plans'>,
  accountId: string,
  after: PlanTerms,
  of: { readonly months: number; readonly asOf: Instant },
): Promise<RehearsedAccount | undefined> {
  const account = await deps.accounts.getAccount(accountId)
  if (!account?.planVersionId.startsWith(`${after.id}@`)) return undefined
  const past = await loadPastMonths(deps, accountId, { planId: after.id, ...of })
  if (past.length === 0) return undefined
  const months = past.map(month => rehearseMonth(month, after, account))
  return {
    ...{ accountId, planVersionId: account.planVersionId, months },
    beforeMinor: sum(months.map(({ beforeMinor }) => beforeMinor)),
    afterMinor: sum(months.map(({ afterMinor }) => afterMinor)),
    leavesIncluded: months.some(({ leavesIncluded }) => leavesIncluded),
    stops: months.some(({ stops }) => stops !== null),
  }
}

/** Customers at a time: each is a chain of small reads. */
const WIDTH = 8

/** Several customers; in the order of their ids. */
export async function rehearseAccounts(
  deps: Pick<BillingDeps, 'accounts' | 'ledger' | 'plans'>,
  accountIds: readonly string[],
  after: PlanTerms,
  of: { readonly months: number; readonly asOf: Instant },
): Promise<RehearsedAccount[]> {
  const rows = new Map<string, RehearsedAccount>()
  await inParallel(accountIds, WIDTH, async accountId => {
    const row = await rehearseAccount(deps, accountId, after, of)
    if (row) rows.set(accountId, row)
  })
  return accountIds.flatMap(accountId => rows.get(accountId) ?? [])
}

export const sum = (amounts: readonly string[]): string =>
  String(amounts.reduce((total, amount) => total + BigInt(amount), 0n))
