import * as z from 'zod/mini'
import { currencySchema, planIdSchema } from '#billing/contract'
import { instantSchema } from '#kernel/schemas'
import { isNew, type Table } from '#kernel/table'

/** Drafts: `plan-drafts` / `<plan>`. One per plan, kept as it was saved, right or not. */
export const storedDraftSchema = z.object({
  planId: planIdSchema,
  currency: currencySchema,
  unit: z.string(),
  definition: z.record(z.string(), z.unknown()),
  revision: z.int(),
  savedAt: instantSchema,
  savedBy: z.string(),
})
export type StoredDraft = z.output<typeof storedDraftSchema>

const keyOf = (planId: string) => ({ pk: 'plan-drafts', sk: planId })

export async function getDraft(table: Table, planId: string): Promise<StoredDraft | undefined> {
  const item = await table.get(keyOf(planId))
  return item && z.parse(storedDraftSchema, item)
}

export async function listDrafts(table: Table): Promise<StoredDraft[]> {
  return (await table.query({ pk: 'plan-drafts' })).map(item => z.parse(storedDraftSchema, item))
}

/** False when the revision before this one is not the one that is stored: two people do not overwrite each other. */
export const putDraft = (table: Table, draft: StoredDraft): Promise<boolean> =>
  table.put(
    { ...draft, ...keyOf(draft.planId) },
    draft.revision === 1 ? isNew : [{ path: 'revision', equals: draft.revision - 1 }],
  )

/** False when it was saved again since it was read, or is gone. */
export const removeDraft = (table: Table, planId: string, revision: number): Promise<boolean> =>
  table.remove(keyOf(planId), [{ path: 'revision', equals: revision }])
