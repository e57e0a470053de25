import { describe, expect, it } from 'vitest'
import { FUNCTIONS } from '../../infra/aws/names.ts'
import { readAssembly } from './platform/assembly.ts'
import { runSeed } from './run.ts'
import { NOT_SIMULATED } from './world/handlers.ts'
import { createProduct } from './world/product.ts'

const assembly = readAssembly()
const RUNS = 200

describe('the simulation', () => {
  it(`bills exactly what was used, in ${RUNS} random worlds with random faults`, async () => {
    const broken: string[] = []
    for (let seed = 1; seed <= RUNS; seed++) {
      const outcome = await runSeed(assembly, seed)
      for (const what of outcome.broken)
        broken.push(`${what} (npm run simulate -- --seed ${seed} --runs 1 --trace)`)
    }
    expect(broken).toEqual([])
  }, 300_000)

  it('replays a seed exactly', async () => {
    const [first, second] = [await runSeed(assembly, 7), await runSeed(assembly, 7)]
    expect(second).toEqual(first)
    expect(first.trace.length).toBeGreaterThan(20)
  })

  it('runs every function of the templates, or says why not', () => {
    const product = createProduct(assembly, 0, () => undefined)
    const left = Object.values(FUNCTIONS).filter(
      name => !product.functions.runs(name) && !Object.hasOwn(NOT_SIMULATED, name),
    )
    expect(left).toEqual([])
  })
})
