import { applyPlans } from '../../../billing/procedures/plans/apply-plans.ts'
import { FUNCTIONS } from '../../../infra/aws/names.ts'
import { repriced } from '../world/catalogue.ts'
import { callOf, inFunction, persist, sleep, type World } from '../world/world.ts'
import type { Action } from './action.ts'

/** The owner publishes other prices; customers keep what they bought. */
export const changePrices: Action = {
  name: 'change prices',
  weight: 1,
  async run(world) {
    world.catalogue = repriced(world.random, world.catalogue)
    await applyCatalogue(world)
  },
}

/** Applies the catalogue until all of it is on sale, as an operator with a command line does. */
export async function applyCatalogue(world: World): Promise<void> {
  const { deps, machines } = world.product
  await persist(world, 'apply the catalogue', 30, async () => {
    const { catalogue } = world
    const call = callOf(world, { kind: 'service', service: 'operator' })
    const reply = await inFunction(world, FUNCTIONS.billing, () =>
      applyPlans(deps, machines.executions)({ catalogue }, call),
    )
    if (!reply.ok) throw new Error(`${reply.code}: ${reply.message}`)
    if (reply.value.unchanged.length === catalogue.plans.length) return
    await sleep(world, 60_000)
    throw new Error(`not all is on sale; started ${reply.value.started.join(', ')}`)
  })
}
