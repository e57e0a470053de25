import * as z from 'zod/mini'
import { FUNCTIONS } from '../../../infra/aws/names.ts'
import { callOf, inFunction, persist, type World } from '../world/world.ts'
import type { Action } from './action.ts'

/** An administrator moves everybody on a plan to its newest version, with little notice or much. */
export const migratePlan: Action = {
  name: 'migrate plan',
  weight: 3,
  possible: world => outdated(world).length > 0,
  async run(world) {
    const { random } = world
    const { procedures } = world.product
    const { planId, planVersionId } = random.pick(outdated(world))
    const actor = { kind: 'admin', userId: 'boss' } as const
    const input = {
      planId,
      toVersionId: planVersionId,
      noticeDays: random.pick([0, 7, 30]),
      reason: 'prices',
    }
    await persist(world, `migrate ${planId}`, 4, async () => {
      const made = await inFunction(world, FUNCTIONS.billing, () =>
        procedures.startMigration(input, callOf(world, actor)),
      )
      world.trace(`migrate to ${planVersionId}: ${made.ok ? 'begun' : `${made.code}: ${made.message}`}`)
    })
  },
}

/** Plans that were told to be published in a second version or a later one, with the newest. */
function outdated({ product }: World): { readonly planId: string; readonly planVersionId: string }[] {
  const newest = new Map<string, string>()
  for (const { type, data } of product.bus.taken()) {
    if (type !== 'plan.published') continue
    const { planVersionId } = z.parse(publishedSchema, data)
    const planId = planVersionId.slice(0, planVersionId.indexOf('@'))
    if (!planVersionId.endsWith('@1') && planId !== 'free') newest.set(planId, planVersionId)
  }
  return [...newest].map(([planId, planVersionId]) => ({ planId, planVersionId }))
}

const publishedSchema = z.object({ planVersionId: z.string() })
