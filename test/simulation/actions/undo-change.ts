import { FUNCTIONS } from '../../../infra/aws/names.ts'
import { callOf, inFunction, payersOf, persist } from '../world/world.ts'
import type { Action } from './action.ts'

/** A payer takes back what is scheduled, or drops what is not paid. */
export const undoChange: Action = {
  name: 'undo change',
  weight: 1,
  possible: world => payersOf(world).length > 0,
  async run(world) {
    const { accountId } = world.random.pick(payersOf(world))
    const { changes } = world.product.procedures
    const actor = { kind: 'customer', accountId, userId: 'ada' } as const
    await persist(world, 'undo', 4, async () => {
      const made = await inFunction(world, FUNCTIONS.billing, () =>
        changes.undoChange({ accountId }, callOf(world, actor)),
      )
      world.trace(`${accountId} undoes: ${made.ok ? made.value.undone : `${made.code}: ${made.message}`}`)
    })
  },
}
