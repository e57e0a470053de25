import type { PlanDraft, PlanVersion } from '#billing/contract'
import { fail, ok, type Result } from '#kernel/result'
import type { BillingDeps } from '../procedures/deps.ts'
import { getDraft, type StoredDraft } from './drafts.ts'
import type { PlanTerms } from './plan-terms.ts'
import type { PlanStore } from './store.ts'
import { validateDraft } from './validate-draft.ts'

/** A draft with what is published of its plan. */
export type LoadedDraft = {
  readonly draft: PlanDraft
  /** What it would be published as; null while it has problems. */
  readonly terms: PlanTerms | null
  /** The newest published version, on sale or not. */
  readonly newest: PlanVersion | undefined
  readonly isArchived: boolean
}

/** The newest published version of every plan. */
export async function listNewest(plans: PlanStore): Promise<PlanVersion[]> {
  const pointers = await plans.listPointers()
  const versions = await Promise.all(pointers.map(({ planVersionId }) => plans.getVersion(planVersionId)))
  return versions.flatMap(version => version ?? [])
}

/** Checks a stored draft against what is published now. */
export async function checkDraft(plans: PlanStore, stored: StoredDraft): Promise<LoadedDraft> {
  const { planId, currency, unit, definition } = stored
  const published = await listNewest(plans)
  const newest = published.find(({ id }) => id === planId)
  const others = published.filter(({ id }) => id !== planId)
  const check = validateDraft(definition, { planId, currency, unit, newest, others })
  const pointer = newest && (await plans.getPointer(planId))
  return {
    draft: { ...stored, problems: [...check.problems], warnings: [...check.warnings] },
    terms: check.definition && { ...check.definition, currency, unit },
    newest,
    isArchived: pointer?.archivedAt !== undefined,
  }
}

/** Failure: `draft_not_found`. */
export async function loadDraft(
  { billing, plans }: Pick<BillingDeps, 'billing' | 'plans'>,
  planId: string,
): Promise<Result<LoadedDraft>> {
  const stored = await getDraft(billing, planId)
  if (!stored) return fail('draft_not_found', `There is no draft of ${planId}.`)
  return ok(await checkDraft(plans, stored))
}
