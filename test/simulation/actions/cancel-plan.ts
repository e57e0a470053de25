import { FUNCTIONS } from '../../../infra/aws/names.ts'
import { callOf, inFunction, payersOf, persist } from '../world/world.ts'
import type { Action } from './action.ts'

/** A payer goes back to Free at the end of the period. */
export const cancelPlan: Action = {
  name: 'cancel plan',
  weight: 1,
  possible: world => payersOf(world).length > 0,
  async run(world) {
    const { accountId } = world.random.pick(payersOf(world))
    const { changes } = world.product.procedures
    const actor = { kind: 'customer', accountId, userId: 'ada' } as const
    await persist(world, 'cancel', 4, async () => {
      const made = await inFunction(world, FUNCTIONS.billing, () =>
        changes.cancelPlan({ accountId }, callOf(world, actor)),
      )
      world.trace(`${accountId} cancels: ${made.ok ? made.value.at : `${made.code}: ${made.message}`}`)
    })
  },
}
