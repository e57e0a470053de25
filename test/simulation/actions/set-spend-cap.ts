import { FUNCTIONS } from '../../../infra/aws/names.ts'
import { callOf, inFunction, payersOf, persist } from '../world/world.ts'
import type { Action } from './action.ts'

const CAPS = ['0', '10', '60', '700', '5000', null] as const

/** A payer limits what a period may cost, or lifts the limit. */
export const setSpendCap: Action = {
  name: 'set spend cap',
  weight: 2,
  possible: world => payersOf(world).length > 0,
  async run(world) {
    const { random, product, caps } = world
    const { accountId } = random.pick(payersOf(world))
    const capMinor = random.pick(CAPS)
    const actor = { kind: 'customer', accountId, userId: 'ada' } as const
    await persist(world, `cap ${capMinor}`, 4, async () => {
      const choice = { accountId, capMinor, from: product.now(), to: Number.POSITIVE_INFINITY }
      caps.push(choice)
      const made = await inFunction(world, FUNCTIONS.billing, () =>
        product.procedures.setSpendCap({ accountId, capMinor }, callOf(world, actor)),
      )
      choice.to = product.now()
      if (!made.ok) caps.splice(caps.indexOf(choice), 1)
      world.trace(`${accountId} caps at ${capMinor}: ${made.ok ? 'done' : `${made.code}: ${made.message}`}`)
    })
  },
}
