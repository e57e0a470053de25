import type { Assembly } from './platform/assembly.ts'
import { type Crossing, type FaultKind, noFaults, oneFault } from './platform/faults.ts'
import { type Outcome, simulate } from './run.ts'
import { STORIES, type StoryName } from './stories.ts'

/** What is tried at every boundary where it can happen. */
const KINDS: readonly FaultKind[] = ['crash_before', 'crash_after', 'lost']
/** The plans of this seed have three prices. */
const SEED = 4
const START = Date.UTC(2028, 0, 31, 23, 58, 17)

export type Strike = {
  readonly story: StoryName
  readonly at: number
  readonly kind: FaultKind
  readonly name: string
}
export const STORY_NAMES = Object.keys(STORIES).filter((name): name is StoryName =>
  Object.hasOwn(STORIES, name),
)

/** A story, with one fault or without. */
export const runStory = (assembly: Assembly, name: StoryName, strike?: Strike): Promise<Outcome> =>
  simulate(assembly, {
    ...{ seed: SEED, startAt: START, act: STORIES[name] },
    faults: strike ? oneFault(strike.at, strike.kind) : noFaults,
  })

/** Every boundary of a story with every fault that can happen there. */
export async function listStrikes(assembly: Assembly, story: StoryName): Promise<Strike[]> {
  const crossings: Crossing[] = []
  const recording = {
    ...noFaults,
    strike(crossing: Crossing) {
      crossings.push(crossing)
      return undefined
    },
  }
  await simulate(assembly, { seed: SEED, startAt: START, faults: recording, act: STORIES[story] })
  return crossings.flatMap(({ index, name, kinds }) =>
    KINDS.filter(kind => kinds.includes(kind)).map(kind => ({ story, at: index, kind, name })),
  )
}
