import { FUNCTIONS } from '../../../infra/aws/names.ts'
import { callOf, inFunction, persist } from '../world/world.ts'
import type { Action } from './action.ts'

/** An administrator moves everybody on a plan to its newest version, with little notice or much. */
export const migratePlan: Action = {
  name: 'migrate plan',
  weight: 1,
  async run(world) {
    const { deps, procedures } = world.product
    const { random } = world
    const planId = random.pick(world.catalogue.plans.filter(({ id }) => id !== 'free')).id
    const live = (await deps.plans.listLive()).find(({ id }) => id === planId)
    if (!live) return
    const actor = { kind: 'admin', userId: 'boss' } as const
    const input = { planId, toVersionId: live.planVersionId, noticeDays: random.pick([0, 7, 30]), reason: 'prices' }
    await persist(world, `migrate ${planId}`, 4, async () => {
      const made = await inFunction(world, FUNCTIONS.billing, () =>
        procedures.startMigration(input, callOf(world, actor)),
      )
      world.trace(`migrate to ${live.planVersionId}: ${made.ok ? 'begun' : `${made.code}: ${made.message}`}`)
    })
  },
}
