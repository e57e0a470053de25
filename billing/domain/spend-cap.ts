import { type PlanVersion, unitsAtCap } from '#billing/contract'
import type { Instant, Period } from '#kernel/time'
import type { Account } from './records.ts'

/** What decides the spend cap of an account. */
export type CapFacts = Pick<Account, 'usageInvoicePaidAt' | 'spendCapMinor' | 'spendCapChanges'>

/**
 * The spend cap of an account in minor units of metered charges a segment, before tax and credits; null: none. It is
 * the customer's choice; until the first invoice with usage on it is paid, the plan's default cap limits it.
 */
export const capMinorOf = (account: CapFacts, plan: Pick<PlanVersion, 'defaultCapMinor'>): bigint | null =>
  lowerOf(account.spendCapMinor ?? null, defaultCapOf(account, plan))

/** The plan's cap of a new payer; null once an invoice with usage was paid, or when the plan has none. */
export const defaultCapOf = (
  { usageInvoicePaidAt }: Pick<Account, 'usageInvoicePaidAt'>,
  { defaultCapMinor }: Pick<PlanVersion, 'defaultCapMinor'>,
): string | null => (usageInvoicePaidAt === undefined ? defaultCapMinor : null)

/** The cap as the greatest number of units that a segment may use; null: none. */
export function capUnitsOf(
  account: CapFacts,
  plan: Pick<PlanVersion, 'defaultCapMinor' | 'usagePrice'>,
): number | null {
  const capMinor = capMinorOf(account, plan)
  return capMinor === null ? null : unitsAtCap(plan.usagePrice, capMinor)
}

/** The cap in units from an instant on. */
export type CapStep = { readonly from: Instant; readonly capUnits: number | null }

/** The caps that a segment had, one after the other; the first from its start. */
export function capSteps(
  account: CapFacts,
  plan: Pick<PlanVersion, 'defaultCapMinor' | 'usagePrice'>,
  segment: Period,
): CapStep[] {
  const { usageInvoicePaidAt, spendCapChanges: changes = [] } = account
  const moves = [
    ...changes.map(({ at }) => at),
    ...(usageInvoicePaidAt === undefined ? [] : [usageInvoicePaidAt]),
  ]
  const within = moves.filter(at => segment.start < at && at < segment.end)
  const starts = [...new Set([segment.start, ...within])].sort((a, b) => a - b)
  return starts.map(from => {
    const isProven = usageInvoicePaidAt !== undefined && usageInvoicePaidAt <= from
    const chosen = changes.findLast(({ at }) => at <= from)?.capMinor ?? null
    const capMinor = lowerOf(chosen, isProven ? null : plan.defaultCapMinor)
    return { from, capUnits: capMinor === null ? null : unitsAtCap(plan.usagePrice, capMinor) }
  })
}

/**
 * The greatest number of units that a segment may owe. A cap is a promise for what comes: lowering it below what was
 * used stops calls and forgives nothing, so a lower cap holds from what was owed when it came. What slips past is
 * waived. `usedUntil`: units of the segment before an instant, with what was carried in. Asked for lowered caps only.
 */
export async function payableUnits(
  steps: readonly CapStep[],
  usedUntil: (at: Instant) => Promise<number>,
): Promise<number | null> {
  const [first, ...later] = steps
  let payable = first?.capUnits ?? null
  for (const { from, capUnits } of later) {
    const isLower = capUnits !== null && (payable === null || capUnits < payable)
    const owed = isLower ? Math.min(payable ?? Number.POSITIVE_INFINITY, await usedUntil(from)) : 0
    payable = isLower ? Math.max(capUnits, owed) : capUnits
  }
  return payable
}

/** Of two caps the lower one; null is none. */
function lowerOf(a: string | null, b: string | null): bigint | null {
  if (a === null || b === null) return a === null ? (b === null ? null : BigInt(b)) : BigInt(a)
  return BigInt(a) < BigInt(b) ? BigInt(a) : BigInt(b)
}
