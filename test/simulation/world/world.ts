import type { Catalogue } from '#billing/contract'
import { accountIdOf } from '#kernel/ids'
import type { Call } from '#kernel/rpc'
import type { Instant } from '#kernel/time'
import type { Assembly } from '../platform/assembly.ts'
import type { Trace } from '../platform/effects.ts'
import type { Random } from '../random.ts'
import { randomCatalogue } from './catalogue.ts'
import { type ApiGateway, type ApiKey, createApiGateway } from './gateway.ts'
import { createProduct, type Product } from './product.ts'

export type Customer = {
  readonly accountId: string
  readonly signedUpAt: Instant
  /** Made once billing has opened the account. */
  key: ApiKey | null
}

/** What a customer was shown that a change would cost today, before it was made. */
export type Shown = {
  readonly accountId: string
  readonly planVersionId: string
  readonly totalMinor: bigint
}
/** A spend cap that a customer chose; it took effect at an instant between the two. */
export type CapChoice = {
  readonly accountId: string
  readonly capMinor: string | null
  readonly from: number
  to: number
}

/** The product, those who use it, and what is on sale. */
export type World = {
  readonly product: Product
  readonly gateway: ApiGateway
  readonly random: Random
  readonly customers: Customer[]
  catalogue: Catalogue
  readonly shown: Shown[]
  readonly caps: CapChoice[]
  readonly trace: Trace
}

export function createWorld(
  assembly: Assembly,
  random: { readonly world: Random; readonly logs: Random },
  startAt: number,
  trace: Trace,
): World {
  const product = createProduct(assembly, startAt, trace)
  return {
    product,
    gateway: createApiGateway(product, random.logs),
    random: random.world,
    customers: [],
    catalogue: randomCatalogue(random.world),
    shown: [],
    caps: [],
    trace: product.trace,
  }
}

/** Customers with a subscription that goes on. */
export function payersOf({ product, customers }: World): Customer[] {
  const live = [...product.stripe.engine.state.subscriptions.values()].filter(
    ({ ended_at }) => ended_at === null,
  )
  const paying = new Set(live.map(({ metadata }) => metadata.accountId))
  return customers.filter(({ accountId }) => paying.has(accountId))
}

export const sleep = ({ product }: World, ms: number): Promise<void> =>
  new Promise(resolve => product.clock.after(ms, resolve))

/** Tries until it works, as a person or a portal does; undefined when it never does. */
export async function persist<T>(
  world: World,
  what: string,
  attempts: number,
  work: () => Promise<T>,
): Promise<T | undefined> {
  for (let n = 1; n <= attempts; n++) {
    try {
      return await work()
    } catch (error) {
      world.trace(`${what}, attempt ${n}: ${error instanceof Error ? error.message : String(error)}`)
      await sleep(world, 20_000)
    }
  }
  return undefined
}

/** Runs a procedure in an invocation of its function. */
export const inFunction = <T>({ product }: World, functionName: string, work: () => Promise<T>): Promise<T> =>
  product.invocations.run(functionName, (product.assembly.timeouts.get(functionName) ?? 3) * 1_000, work)

export const callOf = ({ product }: World, actor: Call['actor']): Call => ({
  now: product.now(),
  actor,
  requestId: 'action',
})

export const newAccountId = (n: number): string => accountIdOf(`person-${n}`)
