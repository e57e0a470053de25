import { describe, expect, it } from 'vitest'
import { listStrikes, runStory, STORY_NAMES, type Strike } from './exhaustive.ts'
import { readAssembly } from './platform/assembly.ts'
import { createRandom } from './random.ts'

const assembly = readAssembly()
/** Of the exhaustive mode, so many strikes are tried here; `npm run simulate -- --exhaustive` tries all. */
const STRIKES = 24

describe('the stories', () => {
  it.each(STORY_NAMES)('holds in the story of %s without a fault', async name => {
    expect((await runStory(assembly, name)).broken).toEqual([])
  })

  it('survives one crash at an effect boundary of every machine and job', async () => {
    const strikes: Strike[] = []
    for (const name of STORY_NAMES) strikes.push(...(await listStrikes(assembly, name)))
    const random = createRandom(1, 'strikes')
    for (let n = 0; n < STRIKES; n++) {
      const strike = random.pick(strikes)
      const { broken, faults } = await runStory(assembly, strike.story, strike)
      expect({ strike, broken, faults }).toEqual({ strike, broken: [], faults: 1 })
    }
  }, 180_000)
})
