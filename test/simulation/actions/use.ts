import { SECOND_MS } from '#kernel/time'
import type { Fate } from '../world/gateway.ts'
import { type Customer, sleep, type World } from '../world/world.ts'
import type { Action } from './action.ts'

const FATES: Readonly<Record<Fate, number>> = { served: 84, invalid: 6, died: 5, cut_off: 5 }

/** A program makes a burst of calls, and tries again where it saw a 5xx. */
export const use: Action = {
  name: 'use',
  weight: 14,
  possible: world => usersOf(world).length > 0,
  async run(world) {
    const { random, gateway } = world
    const customer = random.pick(usersOf(world))
    if (!customer.key) return
    const calls = random.between(1, 6)
    const statuses: number[] = []
    for (let n = 0; n < calls; n++) {
      const units = random.pick([0, 1, 1, 5, 20, 60])
      let status = await gateway.request(customer.key, units, random.weighted(FATES))
      if (status >= 500 && random.chance(0.7)) status = await gateway.request(customer.key, units, 'served')
      statuses.push(status)
      // What is printed leaves at once or in one piece, so that deliveries meet the jobs in all places.
      if (random.chance(0.3)) gateway.flush()
      if (random.chance(0.5)) await sleep(world, random.between(1, 30 * SECOND_MS))
    }
    gateway.flush()
    world.trace(`calls of ${customer.accountId}: ${statuses.join(' ')}`)
  },
}

const usersOf = ({ customers }: World): Customer[] => customers.filter(({ key }) => key !== null)
