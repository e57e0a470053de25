import type { Action } from './actions/action.ts'
import { applyCatalogue } from './actions/change-prices.ts'
import { ACTIONS } from './actions/index.ts'
import { check } from './oracle/check.ts'
import { periodEnd } from './oracle/months.ts'
import type { Assembly } from './platform/assembly.ts'
import { withBuiltins } from './platform/builtins.ts'
import type { Trace } from './platform/effects.ts'
import { type FaultSchedule, noFaults, randomFaults } from './platform/faults.ts'
import { createRandom, type Random } from './random.ts'
import { createWorld, type World } from './world/world.ts'

export type Outcome = {
  readonly seed: number
  /** What does not hold; nothing when all is well. */
  readonly broken: readonly string[]
  /** What happened, in order. */
  readonly trace: readonly string[]
  readonly boundaries: number
  readonly faults: number
  readonly calls: number
  readonly invoices: number
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** A random moment of four years, a leap year among them. */
const EARLIEST = Date.UTC(2027, 0, 1)

/** Of the runs in which everything takes its time. */
const SLOW_RATE = 0.06

/** One random world with random faults; the seed decides everything. */
export function runSeed(assembly: Assembly, seed: number, onTrace?: Trace): Promise<Outcome> {
  const random = createRandom(seed, 'world')
  const faults = createRandom(seed, 'faults')
  const rate = faults.pick([0, 0.001, 0.004, 0.015, 0.04])
  const mood = faults.chance(0.25) ? 'slow' : 'any'
  const startAt = EARLIEST + random.between(0, 4 * 365 * DAY)
  return simulate(assembly, {
    ...{ seed, startAt, faults: randomFaults(faults, mood === 'slow' ? SLOW_RATE : rate, mood) },
    ...(onTrace && { onTrace }),
    act: world => live(world, ACTIONS),
  })
}

export type Story = {
  readonly seed: number
  readonly startAt: number
  readonly faults: FaultSchedule
  /** Told at once what happens, for a run that does not end. */
  readonly onTrace?: Trace
  /** What people do. Time is moved by it. */
  act(world: World): Promise<void>
}

/** Builds a world, lets people act under faults, waits until all is quiet without them, and checks. */
export async function simulate(assembly: Assembly, story: Story): Promise<Outcome> {
  const { seed, startAt } = story
  const trace: string[] = []
  const randoms = { world: createRandom(seed, 'world'), logs: createRandom(seed, 'logs') }
  const world = createWorld(assembly, randoms, startAt, line => {
    trace.push(line)
    story.onTrace?.(line)
  })
  const { product } = world
  return withBuiltins(product.clock, createRandom(seed, 'builtins'), async () => {
    product.start()
    product.effects.use(story.faults)
    await perform(world, applyCatalogue(world))
    await story.act(world)
    const counts = product.effects.counts()
    product.effects.use(noFaults)
    await settle(world)
    const broken = await check(world)
    const { crossed: boundaries, struck: faults } = counts
    const invoices = product.stripe.engine.state.invoices.size
    return { seed, broken, trace, boundaries, faults, calls: world.gateway.calls().length, invoices }
  })
}

/** Moves time until what somebody does is done. */
export async function perform(world: World, doing: Promise<void>): Promise<void> {
  let isDone = false
  doing.then(
    () => {
      isDone = true
    },
    error => {
      isDone = true
      world.product.errors.push(error)
    },
  )
  while (!isDone) await world.product.clock.advanceTo(world.product.clock.now() + MINUTE)
}

/** People do things one after the other and at the same time, over weeks. */
async function live(world: World, actions: readonly Action[]): Promise<void> {
  const { random, product } = world
  const count = random.between(6, 20)
  for (let n = 0; n < count; n++) {
    await product.clock.advanceTo(product.clock.now() + pause(world, random))
    const possible = actions.filter(action => action.possible?.(world) ?? true)
    const weights = Object.fromEntries(possible.map(({ name, weight }) => [name, weight]))
    const chosen = random.weighted(weights)
    const action = possible.find(({ name }) => name === chosen)
    world.trace(`action ${n + 1}: ${chosen}`)
    action?.run(world).catch(error => product.errors.push(error))
  }
}

function pause({ product }: World, random: Random): number {
  const kind = random.weighted({ moment: 30, minutes: 25, hours: 20, days: 15, boundary: 10 })
  if (kind === 'moment') return random.between(0, 5_000)
  if (kind === 'minutes') return random.between(1, 90) * MINUTE
  if (kind === 'hours') return random.between(2 * HOUR, 2 * DAY)
  if (kind === 'days') return random.between(2 * DAY, 12 * DAY)
  const now = product.clock.now()
  const ends = [...product.stripe.engine.state.subscriptions.values()].flatMap(({ items }) =>
    items.data.map(item => item.current_period_end * 1_000),
  )
  const month = new Date(now)
  ends.push(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1, 1))
  return Math.max(0, random.pick(ends) + random.between(-90_000, 90_000) - now)
}

/** The latest that a log line comes, and then everything has its hours. */
const STRAGGLERS_MS = 6 * DAY
/** Letters that die again and again are found by the checks. */
const REDRIVES = 3
/** By then the close of a period that has ended is over. */
const CLOSE_MS = 3 * DAY

/** Without faults: late lines arrive, dead letters are redriven, and one more period of every subscription is closed. */
async function settle({ product, trace }: World): Promise<void> {
  const { clock, functions, stripe } = product
  trace('faults are off')
  await clock.advanceTo(clock.now() + STRAGGLERS_MS)
  for (let round = 0; round < REDRIVES && functions.redrive() > 0; round++)
    await clock.advanceTo(clock.now() + HOUR)
  await clock.advanceTo(clock.now() + DAY)
  for (let at = nextQuiet(stripe, clock.now()); at > clock.now(); at = lastRemainder(stripe)) {
    while (isClosing(stripe, at)) at += DAY
    await clock.advanceTo(at)
  }
}

type Stripe = World['product']['stripe']
const subscriptionsOf = ({ engine }: Stripe) => [...engine.state.subscriptions.values()]

/** When one more period of each subscription is closed. */
const nextQuiet = (stripe: Stripe, now: number): number =>
  Math.max(
    ...[now, ...subscriptionsOf(stripe).map(({ billing_cycle_anchor }) => billing_cycle_anchor * 1_000)].map(
      anchor => (periodEnds(anchor).find(end => anchor !== now && end > now) ?? now) + CLOSE_MS,
    ),
  )

/** Of an account whose subscription has ended, what comes late is looked at once more after this. */
const REMAINDER_MS = 76 * DAY
function lastRemainder(stripe: Stripe): number {
  const all = subscriptionsOf(stripe)
  const isLeft = (customer: unknown) => all.every(one => one.customer !== customer || one.ended_at !== null)
  return Math.max(
    0,
    ...all.map(({ customer, ended_at }) =>
      ended_at !== null && isLeft(customer) ? ended_at * 1_000 + REMAINDER_MS : 0,
    ),
  )
}

const isClosing = (stripe: Stripe, at: number): boolean =>
  subscriptionsOf(stripe)
    .flatMap(({ billing_cycle_anchor, ended_at }) => [
      ...periodEnds(billing_cycle_anchor * 1_000),
      ...(ended_at === null ? [] : [ended_at * 1_000]),
    ])
    .some(end => end <= at && at < end + CLOSE_MS)

/** More than a run lasts. */
const MONTHS = 18
const periodEnds = (anchor: number): number[] =>
  Array.from({ length: MONTHS }, (_, n) => periodEnd(anchor, n + 1))
