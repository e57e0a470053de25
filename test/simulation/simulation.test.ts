import { describe, expect, it } from 'vitest'
import { FUNCTIONS } from '../../infra/aws/names.ts'
import { listStrikes, runStory } from './exhaustive.ts'
import { readAssembly } from './platform/assembly.ts'
import { createRandom } from './random.ts'
import { runSeed } from './run.ts'
import { NOT_SIMULATED } from './world/handlers.ts'
import { createProduct } from './world/product.ts'

const assembly = readAssembly()
const RUNS = 200
/** Of the exhaustive mode, so many strikes are tried here; `npm run simulate -- --exhaustive` tries all. */
const STRIKES = 24

describe('the simulation', () => {
  it(`bills exactly what was used, in ${RUNS} random worlds with random faults`, async () => {
    const broken: string[] = []
    for (let seed = 1; seed <= RUNS; seed++) {
      const outcome = await runSeed(assembly, seed)
      for (const what of outcome.broken)
        broken.push(`${what} (npm run simulate -- --seed ${seed} --runs 1 --trace)`)
    }
    expect(broken).toEqual([])
  }, 120_000)

  it('replays a seed exactly', async () => {
    const [first, second] = [await runSeed(assembly, 7), await runSeed(assembly, 7)]
    expect(second).toEqual(first)
    expect(first.trace.length).toBeGreaterThan(20)
  })

  it('survives one crash at an effect boundary of every machine and job', async () => {
    const strikes = await listStrikes(assembly)
    const random = createRandom(1, 'strikes')
    for (let n = 0; n < STRIKES; n++) {
      const strike = random.pick(strikes)
      const { broken, faults } = await runStory(assembly, strike)
      expect({ strike, broken, faults }).toEqual({ strike, broken: [], faults: 1 })
    }
  }, 60_000)

  it('runs every function of the templates, or says why not', () => {
    const product = createProduct(assembly, 0, () => undefined)
    const left = Object.values(FUNCTIONS).filter(
      name => !product.functions.runs(name) && !Object.hasOwn(NOT_SIMULATED, name),
    )
    expect(left).toEqual([])
  })
})
