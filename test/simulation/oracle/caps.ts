import type { AccountFacts, StripeInvoice } from './facts.ts'

/** A dead invocation wrote what it wrote before this. */
const INVOCATION_MS = 60_000

/** The highest and the lowest spend cap that can have been in force in a period, in minor units; null: none. */
export type CapRange = { readonly highest: bigint | null; readonly lowest: bigint | null }

/**
 * What the customer's choices and the plan's default cap allow for a period. The default limits the choice until an
 * invoice with usage was paid; billing hears of that later, so the lowest cap knows it until the period's end.
 */
export function capRange(
  { caps, account, allInvoices }: AccountFacts,
  period: { readonly start: number; readonly end: number },
  defaultCapMinor: string | null,
): CapRange {
  const own = caps.filter(({ accountId, from }) => accountId === account.accountId && from < period.end)
  const isOver = (choice: (typeof own)[number]) =>
    own.some(
      later =>
        later !== choice &&
        later.from >= Math.min(choice.to, choice.from + INVOCATION_MS) &&
        later.to <= period.start,
    )
  const hasChosen = own.some(({ to }) => to <= period.start)
  const chosen = own.filter(choice => !isOver(choice)).map(({ capMinor }) => capMinor)
  const possible = [...chosen, ...(hasChosen ? [] : [null])].map(cap => (cap === null ? null : BigInt(cap)))
  const usual = defaultCapMinor === null ? null : BigInt(defaultCapMinor)
  const highest = possible.reduce((a, b) => (a === null || b === null ? null : a > b ? a : b))
  const lowest = possible.reduce(lower)
  const isProven = allInvoices.some(one => isPaidUsage(one) && (one.paidAt ?? period.end) < period.end)
  return { highest: isProven ? highest : lower(highest, usual), lowest: lower(lowest, usual) }
}

const lower = (a: bigint | null, b: bigint | null): bigint | null =>
  a === null ? b : b === null ? a : a < b ? a : b

const isPaidUsage = ({ reason, paidAt }: StripeInvoice): boolean =>
  reason !== 'subscription_create' && paidAt !== null
