import { beforeEach, describe, expect, test } from 'vitest'
import type { PlanDefinition } from '#billing/contract'
import { derivedId } from '#kernel/ids'
import { createMemoryTable } from '#kernel/memory-table'
import { fail, ok } from '#kernel/result'
import type { Call } from '#kernel/rpc'
import type { Table } from '#kernel/table'
import { HOUR_MS, type Instant, plusMs } from '#kernel/time'
import { getDraft, putDraft } from '../../plans/drafts.ts'
import { createPlanStore } from '../../plans/store.ts'
import { createTestDeps, NOW, planVersions } from '../../procedures/testing/test-deps.ts'
import { StripeRefused } from '../../stripe/failure.ts'
import { stepHandler } from '../run-step.ts'
import type { PriceStripe } from './make-prices.ts'
import { type PublishState, publishStateSchema } from './state.ts'
import { type PublishStep, publishSteps } from './steps.ts'

const [free, starter] = planVersions
if (!free || !starter) throw new Error('the catalogue has no free plan and no starter')
const ALL = ['stripe', 'limits', 'catalogue'] as const

let now: Instant
let table: Table
let deps: ReturnType<typeof createTestDeps>
let stripe: ReturnType<typeof createFakePrices>
let limitSets: { limits: PlanDefinition['limits']; call: Call }[]
let isAccessDown: boolean

beforeEach(() => {
  now = NOW
  table = createMemoryTable()
  deps = createTestDeps({ billing: table })
  stripe = createFakePrices()
  limitSets = []
  isAccessDown = false
})

/** Finds what it has by the names that a repetition has too; every call is noted. */
function createFakePrices() {
  const made = new Map<string, string>()
  const calls: { ensure: string; of: object }[] = []
  const ensure = async (what: string, name: string, of: object) => {
    calls.push({ ensure: what, of })
    const id = made.get(`${what} ${name}`) ?? `${what}_${made.size + 1}`
    made.set(`${what} ${name}`, id)
    return id
  }
  const prices: PriceStripe = {
    ensureProduct: of => ensure('product', `${of.planId} ${of.kind}`, of),
    ensureMeter: of => ensure('meter', of.eventName, of),
    ensureFlatPrice: of => ensure('flat', of.planVersionId, of),
    ensureMeteredPrice: of => ensure('metered', of.planVersionId, of),
  }
  return { ...prices, made, calls }
}

const access = () => ({
  ...deps.access,
  ensureLimitSet: async ({ limits }: { limits: PlanDefinition['limits'] }, call: Call) => {
    limitSets.push({ limits, call })
    if (isAccessDown) return fail('unavailable', 'access is down')
    return ok({ limitSetId: `r${limits.ratePerSecond}-b${limits.burst}`, usagePlanId: 'up_1', warmKeys: 1 })
  },
})

const handler = () =>
  stepHandler(publishStateSchema, publishSteps({ ...deps, access: access(), stripe }), () => now)

type Order = { readonly definition?: PlanDefinition; readonly version?: number; readonly currency?: string }
const orderOf = ({ definition = starter, version = 1, currency = 'usd' }: Order) => ({
  ...{
    definition,
    currency,
    unit: 'check',
    planVersionId: `${definition.id}@${version}`,
    version,
    attempt: 1,
  },
})

/** Runs steps one after the other, as the machine does: the state goes through JSON between them. */
async function run(names: readonly PublishStep[] = ALL, order: Order = {}): Promise<PublishState> {
  let state: unknown = orderOf(order)
  for (const step of names) state = JSON.parse(JSON.stringify(await handler()({ step, state })))
  return publishStateSchema.parse(state)
}

const dearer: PlanDefinition = { ...starter, flatFeeMinor: '3900' }

describe('publishing', () => {
  test('puts the plan on sale as it was written, with what Stripe and access made for it', async () => {
    expect(await run()).toMatchObject({ outcome: 'published', limitSetId: 'r50-b500' })
    const version = await deps.plans.getLive('starter')
    expect(version).toEqual({
      ...starter,
      publishedAt: NOW,
      stripe: {
        ...{ productId: 'product_1', usageProductId: 'product_2' },
        ...{ meterId: 'meter_3', meterEventName: 'tollgate_starter' },
        ...{ flatPriceId: 'flat_4', meteredPriceId: 'metered_5' },
      },
    })
    expect(deps.published).toEqual([
      {
        ...{ id: derivedId('evt', 'plan.published', 'starter@1'), type: 'plan.published', at: NOW },
        data: { planVersionId: 'starter@1', publishedAt: NOW },
      },
    ])
  })

  test('asks Stripe for a meter of the plan’s own, and for both prices under the plan’s lookup keys', async () => {
    await run()
    const price = { planVersionId: 'starter@1', currency: 'usd', attempt: 1 }
    const product = { planId: 'starter', attempt: 1 }
    expect(stripe.calls).toEqual([
      { ensure: 'product', of: { ...product, name: 'Starter', kind: 'fee' } },
      { ensure: 'product', of: { ...product, name: 'Starter usage', kind: 'usage', unit: 'check' } },
      {
        ensure: 'meter',
        of: { eventName: 'tollgate_starter', displayName: 'Starter checks', attempt: 1 },
      },
      {
        ensure: 'flat',
        of: {
          ...{ ...price, productId: 'product_1', lookupKey: 'tollgate_starter_flat' },
          unitAmountMinor: 2900n,
        },
      },
      {
        ensure: 'metered',
        of: {
          ...{ ...price, productId: 'product_2', lookupKey: 'tollgate_starter_metered' },
          ...{ meterId: 'meter_3', price: starter.usagePrice },
        },
      },
    ])
  })

  test('a free plan has limits, and nothing at Stripe', async () => {
    await run(ALL, { definition: free })
    expect(stripe.calls).toEqual([])
    expect(limitSets.map(({ limits }) => limits)).toEqual([free.limits])
    expect(await deps.plans.getLive('free')).toMatchObject({ stripe: null, planVersionId: 'free@1' })
  })

  test('a plan without a fee whose usage is paid is sold through Stripe', async () => {
    const usageOnly = { ...starter, flatFeeMinor: '0' }
    await run(ALL, { definition: usageOnly })
    expect((await deps.plans.getLive('starter'))?.stripe).not.toBeNull()
  })

  test('asks access in the name of billing, for the limits of the plan', async () => {
    await run()
    expect(limitSets).toEqual([
      {
        limits: starter.limits,
        call: { now: NOW, actor: { kind: 'service', service: 'billing' }, requestId: 'publish-starter@1-1' },
      },
    ])
  })
})

describe('again', () => {
  test('every step run twice gives one version, one event and one of each at Stripe', async () => {
    await run(['stripe', 'stripe', 'limits', 'limits', 'catalogue', 'catalogue'])
    expect(await deps.plans.listVersions()).toHaveLength(1)
    expect(deps.published).toHaveLength(1)
    expect([...stripe.made.values()]).toEqual([
      ...['product_1', 'product_2', 'meter_3', 'flat_4', 'metered_5'],
    ])
    expect(new Set(limitSets.map(({ limits }) => JSON.stringify(limits))).size).toBe(1)
  })

  test('a version that is published stays as it is, in another run, later, in another currency', async () => {
    await run()
    const before = await deps.plans.getVersion('starter@1')
    now = plusMs(now, 48 * HOUR_MS)
    await run(ALL, { definition: dearer, currency: 'eur' })
    expect(await deps.plans.getVersion('starter@1')).toEqual(before)
    expect(await deps.plans.getLive('starter')).toEqual(before)
    expect(deps.published).toHaveLength(1)
  })

  test('two runs at the same moment give one version', async () => {
    await Promise.all([run(), run()])
    expect(await deps.plans.listVersions()).toHaveLength(1)
    expect([...new Set(deps.published.map(({ id }) => id))]).toHaveLength(1)
  })
})

describe('the next version', () => {
  test('is on sale instead, and the one before stays for those who are on it', async () => {
    await run()
    const first = await deps.plans.getVersion('starter@1')
    await run(ALL, { definition: dearer, version: 2 })
    expect(await deps.plans.getLive('starter')).toMatchObject({ version: 2, flatFeeMinor: '3900' })
    expect(await deps.plans.getVersion('starter@1')).toEqual(first)
    expect(deps.published.map(({ data }) => data)).toMatchObject([
      { planVersionId: 'starter@1' },
      { planVersionId: 'starter@2' },
    ])
  })

  test('keeps product and meter, and takes the lookup keys', async () => {
    const [one, two] = [await run(), await run(ALL, { definition: dearer, version: 2 })]
    const { productId, meterId, meterEventName } = one.stripe ?? {}
    expect(two.stripe).toMatchObject({ productId, meterId, meterEventName })
    expect(two.stripe?.flatPriceId).not.toBe(one.stripe?.flatPriceId)
    const keys = stripe.calls.flatMap(({ of }) => ('lookupKey' in of ? [of.lookupKey] : []))
    expect(keys.slice(2)).toEqual(keys.slice(0, 2))
  })

  test('is not taken off sale by an older one that comes late', async () => {
    await run(ALL, { definition: dearer, version: 2 })
    await run()
    expect(await deps.plans.getLive('starter')).toMatchObject({ version: 2 })
    expect((await deps.plans.listVersions()).map(({ version }) => version)).toEqual([1, 2])
  })
})

describe('a draft', () => {
  const draft = {
    ...{ planId: 'starter', currency: 'usd', unit: 'check', definition: {}, savedAt: NOW, savedBy: 'ada' },
  }
  const publish = async (revision: number) => {
    let state: unknown = { ...orderOf({}), draftRevision: revision }
    for (const step of ALL) state = JSON.parse(JSON.stringify(await handler()({ step, state })))
  }

  test('goes when it is published', async () => {
    await putDraft(table, { ...draft, revision: 1 })
    await publish(1)
    expect(await getDraft(table, 'starter')).toBeUndefined()
  })

  test('that was saved again meanwhile stays', async () => {
    await putDraft(table, { ...draft, revision: 1 })
    await putDraft(table, { ...draft, revision: 2 })
    await publish(1)
    expect(await getDraft(table, 'starter')).toMatchObject({ revision: 2 })
  })
})

test('a plan in the archive stays there when a version of it is published late', async () => {
  await run()
  await deps.plans.archive('starter', NOW)
  await run(ALL, { definition: dearer, version: 2 })
  expect(await deps.plans.getLive('starter')).toBeUndefined()
  expect(await deps.plans.getPointer('starter')).toMatchObject({
    planVersionId: 'starter@2',
    archivedAt: NOW,
  })
})

describe('cut off', () => {
  const cut = new Error('cut off')
  /** The table fails at a write of it, before or after it took effect. */
  const failing = (at: number, isApplied: boolean): Table => {
    let writes = 0
    const write = async <T>(run: () => Promise<T>): Promise<T> => {
      const isNow = writes++ === at
      if (isNow && !isApplied) throw cut
      const result = await run()
      if (isNow) throw cut
      return result
    }
    return {
      ...table,
      put: (...given) => write(() => table.put(...given)),
      update: (...given) => write(() => table.update(...given)),
    }
  }

  test.each([0, 1, 2].flatMap(at => [false, true].map(isApplied => [at, isApplied] as const)))(
    'at write %i (done: %s), the repetition puts the one version on sale and announces it',
    async (at, isApplied) => {
      const whole = deps
      const broken = failing(at, isApplied)
      deps = { ...whole, billing: broken, plans: createPlanStore(broken) }
      await expect(run()).rejects.toBe(cut)
      deps = whole
      now = plusMs(now, HOUR_MS)
      expect((await run()).outcome).toBe('published')
      // The one that stored it says when.
      const publishedAt = at === 0 && !isApplied ? now : NOW
      expect(await deps.plans.getLive('starter')).toMatchObject({ planVersionId: 'starter@1', publishedAt })
      expect([...new Set(deps.published.map(({ id }) => id))]).toHaveLength(1)
      expect(await table.query({ pk: 'pending', index: 'unpublished' })).toEqual([])
    },
  )

  test('before it is announced, the repetition announces it', async () => {
    const { publish } = deps
    deps = { ...deps, publish: () => Promise.reject(cut) }
    await expect(run()).rejects.toBe(cut)
    deps = { ...deps, publish }
    await run()
    expect(deps.published.map(({ type }) => type)).toEqual(['plan.published'])
  })

  test.each(['ensureProduct', 'ensureMeter', 'ensureFlatPrice', 'ensureMeteredPrice'] as const)(
    'at %s, nothing is on sale, and the repetition makes what is missing',
    async method => {
      const whole = stripe[method]
      Object.assign(stripe, { [method]: () => Promise.reject(cut) })
      await expect(run()).rejects.toBe(cut)
      expect(await deps.plans.listVersions()).toEqual([])
      Object.assign(stripe, { [method]: whole })
      expect((await run()).outcome).toBe('published')
      expect(stripe.made.size).toBe(5)
    },
  )
})

describe('refused', () => {
  test('while access cannot make the limits the plan is not on sale, and the machine tries again', async () => {
    isAccessDown = true
    await expect(run()).rejects.toMatchObject({
      ...{ name: 'TransientError', message: 'ensureLimitSet: unavailable: access is down' },
    })
    expect(await deps.plans.listVersions()).toEqual([])
    isAccessDown = false
    expect((await run()).outcome).toBe('published')
  })

  test('what Stripe refuses for good is not tried again', async () => {
    stripe.ensureMeteredPrice = () => Promise.reject(new StripeRefused('no such meter', 'resource_missing'))
    await expect(run()).rejects.toMatchObject({ name: 'StripeRefused' })
  })

  test('nothing is on sale before its prices are made', async () => {
    await expect(run(['limits', 'catalogue'])).rejects.toMatchObject({ name: 'WorkflowStateInvalid' })
    expect(await deps.plans.listVersions()).toEqual([])
  })

  test.each([
    { definition: { ...starter, flatFeeMinor: '-1' } },
    { planVersionId: 'starter' },
    { version: 0 },
    { currency: 'dollars' },
  ])('an order that says %j is a defect of the machine', async change => {
    const state = { ...orderOf({}), ...change }
    await expect(handler()({ step: 'stripe', state })).rejects.toMatchObject({ name: 'WorkflowStateInvalid' })
    expect(stripe.calls).toEqual([])
  })
})
