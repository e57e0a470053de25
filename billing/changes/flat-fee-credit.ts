import { chargeable } from '#billing/contract'
import { type Instant, type Period, toUnixSeconds } from '#kernel/time'

export type CreditFacts = {
  readonly flatFeeMinor: bigint
  readonly currency: string
  /** Units that the fee covers; 0: the fee covers time alone. */
  readonly includedUnits: number
  /** Units of the period that were used, or carried into it, so far. */
  readonly usedUnits: number
  /** The period at Stripe that the fee was charged for. */
  readonly period: Period
  readonly at: Instant
}

/** What is left of a fee: `minor` is `unused / whole` of it, where that share is the smaller of the two. */
export type FlatFeeCredit = {
  readonly minor: bigint
  readonly share: 'time' | 'units'
  readonly unusedSeconds: number
  readonly periodSeconds: number
  readonly unusedUnits: number
  readonly includedUnits: number
}

/**
 * The credit for a flat fee that is given up: min(unused time, unused included units) of it. Exact integer arithmetic
 * on whole seconds and units; rounded once, up, to the next amount that can be charged, so that rounding is never to the
 * customer's cost. Never more than the fee.
 */
export function flatFeeCredit(facts: CreditFacts): FlatFeeCredit {
  const { flatFeeMinor, currency, includedUnits, period, at } = facts
  const [start, end] = [toUnixSeconds(period.start), toUnixSeconds(period.end)]
  const periodSeconds = end - start
  const unusedSeconds = Math.min(periodSeconds, Math.max(0, end - toUnixSeconds(at)))
  const unusedUnits = Math.max(0, includedUnits - Math.max(0, facts.usedUnits))
  const isUnits =
    includedUnits > 0 &&
    BigInt(unusedUnits) * BigInt(periodSeconds) < BigInt(unusedSeconds) * BigInt(includedUnits)
  const [unused, whole] = isUnits ? [unusedUnits, includedUnits] : [unusedSeconds, periodSeconds]
  return {
    minor: roundUp(flatFeeMinor * BigInt(unused), BigInt(whole), currency),
    share: isUnits ? 'units' : 'time',
    ...{ unusedSeconds, periodSeconds, unusedUnits, includedUnits },
  }
}

function roundUp(dividend: bigint, divisor: bigint, currency: string): bigint {
  const step = STEPS.find(one => chargeable(one, currency)) ?? 1n
  const by = divisor * step
  return ((dividend + by - 1n) / by) * step
}

/** Smallest amounts that a currency may have to be charged in. */
const STEPS = [1n, 10n, 100n]
