import { FUNCTIONS } from '../../../infra/aws/names.ts'
import { type Customer, callOf, inFunction, payersOf, persist, sleep, type World } from '../world/world.ts'
import type { Action } from './action.ts'

/** A payer looks at another plan, or the newest version of its own, and takes it: at once or at the period's end. */
export const changePlan: Action = {
  name: 'change plan',
  weight: 7,
  possible: world => payersOf(world).length > 0,
  async run(world) {
    const { random } = world
    const customer = random.pick(payersOf(world))
    const planId = random.pick(otherPlans(world, customer.accountId))
    await changeTo(world, customer, planId, random.chance(0.1))
  },
}

/** Mostly those that the customer does not have. */
function otherPlans({ product, catalogue, random }: World, accountId: string): string[] {
  const own = [...product.stripe.engine.state.subscriptions.values()].findLast(
    ({ metadata, ended_at }) => metadata.accountId === accountId && ended_at === null,
  )
  const all = catalogue.plans.map(({ id }) => id).filter(id => id !== 'free')
  const others = all.filter(id => !own?.metadata.planVersionId?.startsWith(`${id}@`))
  return others.length > 0 && random.chance(0.85) ? others : all
}

/** Shows the change and makes it as it was shown; `doubts`: the page lies open for a while first. */
export async function changeTo(
  world: World,
  customer: Customer,
  planId: string,
  doubts: boolean,
): Promise<void> {
  const { changes } = world.product.procedures
  const { accountId } = customer
  const actor = { kind: 'customer', accountId, userId: 'ada' } as const
  await persist(world, `change to ${planId}`, 6, async () => {
    const shown = await inFunction(world, FUNCTIONS.billing, () =>
      changes.previewChange({ accountId, planId }, callOf(world, actor)),
    )
    if (!shown.ok || shown.value.refused) {
      const { code, message } = shown.ok ? (shown.value.refused ?? { code: '', message: '' }) : shown
      return world.trace(`no change to ${planId}: ${code}: ${message}`)
    }
    const { pricedAt, digest, kind, today } = shown.value
    const expectedPlanVersionId = shown.value.to.planVersionId
    if (doubts) await sleep(world, world.random.between(1_000, 20 * 60_000))
    world.shown.push({
      accountId,
      planVersionId: expectedPlanVersionId,
      totalMinor: BigInt(today.totalMinor),
    })
    const input = { accountId, planId, expectedPlanVersionId, pricedAt, digest }
    const made = await inFunction(world, FUNCTIONS.billing, () =>
      changes.changePlan(input, callOf(world, actor)),
    )
    world.trace(
      `${accountId} ${kind} to ${expectedPlanVersionId} for ${today.totalMinor}: ${made.ok ? made.value.state : `${made.code}: ${made.message}`}`,
    )
  })
}
