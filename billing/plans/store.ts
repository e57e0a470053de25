import * as z from 'zod/mini'
import { type PlanVersion, planVersionSchema } from '#billing/contract'
import { isNew, type Table } from '#kernel/table'

/** Plan versions under `plans`, immutable; `plans-live` points at the newest published version of each plan. */
export type PlanStore = ReturnType<typeof createPlanStore>

const versionKey = (planVersionId: string) => ({ pk: 'plans', sk: planVersionId })

export function createPlanStore(table: Table) {
  const getVersion = async (planVersionId: string): Promise<PlanVersion | undefined> => {
    const item = await table.get(versionKey(planVersionId))
    return item && z.parse(planVersionSchema, item)
  }
  return {
    getVersion,

    /** Every version of every plan. */
    async listVersions(): Promise<PlanVersion[]> {
      const items = await table.query({ pk: 'plans' })
      return items.map(item => z.parse(planVersionSchema, item))
    },

    /** The versions on sale, cheapest first. */
    async listLive(): Promise<PlanVersion[]> {
      const pointers = await table.query({ pk: 'plans-live' })
      const versions = await Promise.all(pointers.map(pointer => getVersion(String(pointer.planVersionId))))
      return versions
        .flatMap(version => version ?? [])
        .sort((a, b) => Number(BigInt(a.flatFeeMinor) - BigInt(b.flatFeeMinor)))
    },

    async getLive(planId: string): Promise<PlanVersion | undefined> {
      const pointer = await table.get({ pk: 'plans-live', sk: planId })
      return pointer && getVersion(String(pointer.planVersionId))
    },

    /** False when the version exists already. `extra` carries unpublished events. */
    addVersion: (version: PlanVersion, extra: Readonly<Record<string, unknown>> = {}): Promise<boolean> =>
      table.put({ ...version, ...extra, ...versionKey(version.planVersionId) }, isNew),

    /** Points the plan at this version unless it already points at a newer one. */
    makeLive: async (version: PlanVersion): Promise<boolean> => {
      const item = {
        pk: 'plans-live',
        sk: version.id,
        planVersionId: version.planVersionId,
        version: version.version,
      }
      return (
        (await table.put(item, isNew)) ||
        (await table.put(item, [{ path: 'version', lessThan: version.version }]))
      )
    },
  }
}
