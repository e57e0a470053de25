import { isFree, type ScheduledChange } from '#billing/contract'
import type { Account } from '../domain/records.ts'
import type { PlanStore } from '../plans/store.ts'
import { settledAt } from './ports.ts'

/** The scheduled change of an account, for people; null when there is none. */
export async function presentScheduled(
  { plans }: { readonly plans: Pick<PlanStore, 'getVersion' | 'listLive'> },
  { scheduled }: Pick<Account, 'scheduled'>,
): Promise<ScheduledChange | null> {
  if (!scheduled) return null
  const { kind, at, planVersionId } = scheduled
  const plan =
    planVersionId === null ? (await plans.listLive()).find(isFree) : await plans.getVersion(planVersionId)
  if (!plan) return null
  return { kind, at, planId: plan.id, planName: plan.name, undoUntil: settledAt(at) }
}
