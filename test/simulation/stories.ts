import type { Action } from './actions/action.ts'
import { cancelPlan } from './actions/cancel-plan.ts'
import { putCard } from './actions/change-card.ts'
import { changeTo } from './actions/change-plan.ts'
import { applyCatalogue, changePrices } from './actions/change-prices.ts'
import { buy } from './actions/purchase.ts'
import { repairCard } from './actions/repair-card.ts'
import { signUp } from './actions/sign-up.ts'
import { use } from './actions/use.ts'
import { perform } from './run.ts'
import type { Customer, World } from './world/world.ts'

const DAY = 86_400_000

/** Short lives of one customer, through which the exhaustive mode strikes every boundary once. */
export const STORIES = {
  /** Plans on sale, sign-up, quota, purchase, usage, new prices, a month's end. */
  purchase: story(async (world, act) => {
    await act(use, 0.2)
    await act(buying(0), 3)
    await act(use, 5)
    await act(changePrices, 1)
    await act(use, 24)
    await act(use, 2)
    await applyCatalogue(world)
  }),
  /** To a dearer plan in the middle of a month. */
  upgrade: story(async (_world, act) => {
    await act(buying(0), 1)
    await act(use, 9)
    await act(changing(1), 0.1)
    await act(use, 3)
  }),
  /** To a cheaper plan at the end of a month. */
  downgrade: story(async (_world, act) => {
    await act(buying(1), 1)
    await act(use, 9)
    await act(changing(0), 25)
    await act(use, 1)
  }),
  /** Back to Free, with usage on both sides of the end. */
  cancellation: story(async (_world, act) => {
    await act(buying(0), 1)
    await act(use, 9)
    await act(cancelPlan, 22)
    await act(use, 1)
  }),
  /** A card that fails until calls are refused, and a good one. */
  recovery: story(async (_world, act) => {
    await act(buying(0), 1)
    await act(use, 1)
    await act(withCard('pm_card_chargeCustomerFail'), 46)
    await act(repairCard, 1)
    await act(use, 1)
  }),
  /** A card that fails until the subscription is ended, and another purchase. */
  dunning: story(async (_world, act) => {
    await act(buying(0), 1)
    await act(use, 1)
    await act(withCard('pm_card_chargeCustomerFail'), 60)
    await act(repairCard, 1)
    await act(buying(0), 1)
  }),
} as const
export type StoryName = keyof typeof STORIES

type Act = (action: Action, days: number) => Promise<void>

function story(tell: (world: World, act: Act) => Promise<void>): (world: World) => Promise<void> {
  return async world => {
    const { clock } = world.product
    const act: Act = async (action, days) => {
      await perform(world, action.run(world))
      await clock.advanceTo(clock.now() + days * DAY)
    }
    await act(signUp, 0.01)
    await tell(world, act)
  }
}

/** The paid plans from the cheapest. */
function paidPlan({ catalogue }: World, rank: number): string {
  const paid = catalogue.plans.filter(({ id }) => id !== 'free')
  paid.sort((a, b) => Number(a.flatFeeMinor) - Number(b.flatFeeMinor))
  return paid[Math.min(rank, paid.length - 1)]?.id ?? 'starter'
}

const once = (name: string, run: Action['run']): Action => ({ name, weight: 0, run })
const first = ({ customers }: World): Customer => {
  const [customer] = customers
  if (!customer) throw new Error('nobody signed up')
  return customer
}
const buying = (rank: number): Action => once('buy', world => buy(world, first(world), paidPlan(world, rank)))
const changing = (rank: number): Action =>
  once('change', world => changeTo(world, first(world), paidPlan(world, rank), false))
const withCard = (token: string): Action =>
  once('card', async world => {
    const [subscription] = world.product.stripe.engine.state.subscriptions.values()
    if (subscription) await putCard(world, subscription, token)
  })
