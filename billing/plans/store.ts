import * as z from 'zod/mini'
import { type PlanVersion, planVersionSchema } from '#billing/contract'
import { instantSchema } from '#kernel/schemas'
import { type Item, isNew, type Table } from '#kernel/table'
import type { Instant } from '#kernel/time'

/**
 * Plan versions under `plans`, immutable. `plans-live` holds one pointer per plan: its newest published version, and
 * since when the plan is in the archive.
 */
export type PlanStore = ReturnType<typeof createPlanStore>

const pointerSchema = z.object({
  sk: z.string(),
  planVersionId: z.string(),
  version: z.int(),
  archivedAt: z.optional(instantSchema),
})
export type PlanPointer = z.output<typeof pointerSchema>

const versionKey = (planVersionId: string) => ({ pk: 'plans', sk: planVersionId })
const pointerKey = (planId: string) => ({ pk: 'plans-live', sk: planId })
const parsePointer = (item: Item): PlanPointer => z.parse(pointerSchema, item)

export function createPlanStore(table: Table) {
  const getVersion = async (planVersionId: string): Promise<PlanVersion | undefined> => {
    const item = await table.get(versionKey(planVersionId))
    return item && z.parse(planVersionSchema, item)
  }
  const getPointer = async (planId: string): Promise<PlanPointer | undefined> => {
    const item = await table.get(pointerKey(planId))
    return item && parsePointer(item)
  }
  const listPointers = async (): Promise<PlanPointer[]> =>
    (await table.query({ pk: 'plans-live' })).map(parsePointer)
  return {
    getVersion,
    /** The plan's newest published version, archived or not. */
    getPointer,
    listPointers,

    /** Every version of every plan. */
    async listVersions(): Promise<PlanVersion[]> {
      const items = await table.query({ pk: 'plans' })
      return items.map(item => z.parse(planVersionSchema, item))
    },

    /** The versions on sale, cheapest first. */
    async listLive(): Promise<PlanVersion[]> {
      const onSale = (await listPointers()).filter(({ archivedAt }) => archivedAt === undefined)
      const versions = await Promise.all(onSale.map(({ planVersionId }) => getVersion(planVersionId)))
      return versions
        .flatMap(version => version ?? [])
        .sort((a, b) => Number(BigInt(a.flatFeeMinor) - BigInt(b.flatFeeMinor)))
    },

    /** The version on sale; undefined when the plan is in the archive. */
    async getLive(planId: string): Promise<PlanVersion | undefined> {
      const pointer = await getPointer(planId)
      return pointer && pointer.archivedAt === undefined ? getVersion(pointer.planVersionId) : undefined
    },

    /** False when the version exists already. `extra` carries unpublished events. */
    addVersion: (version: PlanVersion, extra: Readonly<Record<string, unknown>> = {}): Promise<boolean> =>
      table.put({ ...version, ...extra, ...versionKey(version.planVersionId) }, isNew),

    /** Points the plan at this version unless it already points at a newer one. An archived plan stays in the archive. */
    async makeLive({ id, planVersionId, version }: PlanVersion): Promise<boolean> {
      if (await table.put({ ...pointerKey(id), planVersionId, version }, isNew)) return true
      const changes = [
        { set: 'planVersionId', to: planVersionId },
        { set: 'version', to: version },
      ]
      return (
        (await table.update(pointerKey(id), changes, [{ path: 'version', lessThan: version }])) !== undefined
      )
    },

    /** Takes the plan off sale; the first time counts. The pointer afterwards; undefined: there is no such plan. */
    async archive(planId: string, now: Instant): Promise<PlanPointer | undefined> {
      await table.update(
        pointerKey(planId),
        [{ set: 'archivedAt', to: now }],
        [{ present: 'pk' }, { absent: 'archivedAt' }],
      )
      return getPointer(planId)
    },

    async unarchive(planId: string): Promise<void> {
      await table.update(pointerKey(planId), [{ remove: 'archivedAt' }], [{ present: 'pk' }])
    },
  }
}
