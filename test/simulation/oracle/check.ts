import type { World } from '../world/world.ts'
import { checkAccount } from './check-account.ts'
import { checkMarkers } from './check-markers.ts'
import { checkWork } from './check-work.ts'
import { Violation } from './violation.ts'

/** Everything that must hold once all is quiet. Answers what does not. */
export async function check(world: World): Promise<string[]> {
  const broken: string[] = []
  const part = async (what: string, run: () => Promise<void>) => {
    try {
      await run()
    } catch (error) {
      if (error instanceof Violation) broken.push(`${what}: ${error.message}`)
      else throw error
    }
  }
  for (const error of world.product.errors) broken.push(`a timer failed: ${String(error)}`)
  await part('work', () => checkWork(world))
  await part('markers', () => checkMarkers(world))
  for (const customer of world.customers) await part(customer.accountId, () => checkAccount(world, customer))
  return broken
}
