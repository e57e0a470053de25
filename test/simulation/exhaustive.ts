import type { Action } from './actions/action.ts'
import { applyCatalogue, changePrices } from './actions/change-prices.ts'
import { purchase } from './actions/purchase.ts'
import { signUp } from './actions/sign-up.ts'
import { use } from './actions/use.ts'
import type { Assembly } from './platform/assembly.ts'
import { type Crossing, type FaultKind, noFaults, oneFault } from './platform/faults.ts'
import { type Outcome, perform, simulate } from './run.ts'
import type { World } from './world/world.ts'

/** What is tried at every boundary where it can happen. */
const KINDS: readonly FaultKind[] = ['crash_before', 'crash_after', 'lost']
/** Stories of this seed go through every machine and every job; a test says so. */
export const SEED = 4
const START = Date.UTC(2028, 0, 31, 23, 58, 17)
const DAY = 86_400_000

export type Strike = { readonly at: number; readonly kind: FaultKind; readonly name: string }

/** A short life of one customer: plans on sale, sign-up, quota, purchase, usage, new prices, a month's end. */
async function story(world: World): Promise<void> {
  const { clock } = world.product
  const act = async (action: Action, days: number) => {
    await perform(world, action.run(world))
    await clock.advanceTo(clock.now() + days * DAY)
  }
  await act(signUp, 0.01)
  await act(use, 0.2)
  await act(purchase, 3)
  await act(use, 5)
  await act(changePrices, 1)
  await act(use, 24)
  await act(use, 2)
  await applyCatalogue(world)
}

/** The story with one fault. */
export const runStory = (assembly: Assembly, strike?: Pick<Strike, 'at' | 'kind'>): Promise<Outcome> =>
  simulate(assembly, {
    seed: SEED,
    startAt: START,
    faults: strike ? oneFault(strike.at, strike.kind) : noFaults,
    act: story,
  })

/** Every boundary of the story with every fault that can happen there. */
export async function listStrikes(assembly: Assembly): Promise<Strike[]> {
  const crossings: Crossing[] = []
  const recording = {
    ...noFaults,
    strike(crossing: Crossing) {
      crossings.push(crossing)
      return undefined
    },
  }
  await simulate(assembly, { seed: SEED, startAt: START, faults: recording, act: story })
  return crossings.flatMap(({ index, name, kinds }) =>
    KINDS.filter(kind => kinds.includes(kind)).map(kind => ({ at: index, kind, name })),
  )
}
