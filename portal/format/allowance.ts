import type { SubscriptionView } from '#billing/contract'

/**
 * What the units of a period are measured against. `ofUnits`: the plan's hard limit, or what its fee includes. Billing's
 * `hardLimitUnits` is what the counter enforces: on a plan without a hard limit of its own it is the spend cap, in units.
 */
export type Allowance = {
  readonly ofUnits: number
  /** Calls stop at `ofUnits`. */
  readonly hard: boolean
  /** Calls stop there, long after what is included is used; null: never. */
  readonly capUnits: number | null
}

export function allowanceOf({
  plan,
  includedUnits,
  hardLimitUnits,
}: Pick<SubscriptionView, 'plan' | 'includedUnits' | 'hardLimitUnits'>): Allowance {
  return plan.hardLimitUnits === null
    ? { ofUnits: includedUnits, hard: false, capUnits: hardLimitUnits }
    : { ofUnits: hardLimitUnits ?? plan.hardLimitUnits, hard: true, capUnits: null }
}
