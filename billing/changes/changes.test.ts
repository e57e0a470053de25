import { describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS, plusMs } from '#kernel/time'
import * as given from '../workflows/testing/fixtures.ts'
import { readPlanChange } from '../workflows/work-item.ts'
import { type ChangeWorld, type Cut, createChangeWorld } from './testing/change-world.ts'
import { isMetered } from './testing/fake-change-stripe.ts'

const MID = plusMs(given.PERIOD.start, 15 * DAY_MS)
const later = (world: ChangeWorld, ms: number) => {
  world.clock.now = plusMs(world.clock.now, ms)
}

async function confirm(world: ChangeWorld, planId: string) {
  const shown = await world.preview({ accountId: given.ACCOUNT, planId }, world.call())
  if (!shown.ok) throw new Error(shown.message)
  const { to, pricedAt, digest } = shown.value
  const answer = await world.change(
    { accountId: given.ACCOUNT, planId, expectedPlanVersionId: to.planVersionId, pricedAt, digest },
    world.call(),
  )
  return { shown: shown.value, answer }
}

/** Usage before and after, so that each plan has its own. */
async function worldInUse(startAt = MID): Promise<ChangeWorld> {
  const world = await createChangeWorld(startAt)
  await world.billing.use(25_000, plusMs(given.PERIOD.start, DAY_MS))
  return world
}

/** Gateway, Stripe and records agree; segments tile; each unit is on exactly one bill. */
async function expectCoherent(world: ChangeWorld, planVersionId: string) {
  const { billing, stripe } = world
  const account = await billing.accounts.getAccount(given.ACCOUNT)
  expect(account).toMatchObject({ planVersionId, entitlement: { planVersionId } })
  const live = [...stripe.subscriptions.values()].filter(({ endedAt }) => endedAt === null)
  expect(live.map(({ id }) => id)).toEqual(account?.subscriptionId ? [account.subscriptionId] : [])
  expect(await readPlanChange(billing.billing, given.ACCOUNT)).toBeUndefined()

  const segments = await billing.accounts.listSegments(given.ACCOUNT)
  expect(segments.at(-1)).toMatchObject({ planVersionId, subscriptionId: account?.subscriptionId ?? null })
  for (const [index, { start }] of segments.entries())
    if (index > 0) expect(start).toBe(segments[index - 1]?.end)

  await world.report()
  stripe.finalizeDrafts()
  const billed = [...stripe.invoices.values()]
    .flatMap(({ lines }) => lines)
    .filter(({ priceId }) => isMetered(world.plans, priceId))
    .reduce((sum, { quantity }) => sum + quantity, 0)
  const open = segments.at(-1)
  const openUnits = open?.subscriptionId ? stripe.received.filter(({ stampAt }) => stampAt >= open.start) : []
  expect(billed + openUnits.reduce((sum, { units }) => sum + units, 0)).toBe(25_000)
}

/** Every effect of a story cut once, before and after it took place. */
async function cutEverywhere(story: (cut: Cut | null) => Promise<boolean>): Promise<number> {
  let boundaries = 0
  for (const applied of [false, true])
    for (let at = 0; await story({ at, applied }); at++) {
      boundaries++
      if (at > 200) throw new Error('the story has no end')
    }
  return boundaries
}

describe('cut off before or after any effect and gone on with', () => {
  test('an upgrade ends in one live subscription, tiling segments and every unit billed once', async () => {
    const boundaries = await cutEverywhere(async cut => {
      const world = await worldInUse()
      const discount = { discountId: 'di_1', couponId: 'old', name: '50 % off', endsAt: null }
      const terms = { percentOff: 50, amountOffMinor: null, duration: 'forever', months: null } as const
      world.stripe.running.set('sub_1', [{ ...discount, ...terms }])
      const wasReached = await world.cutting(cut, async () => {
        await confirm(world, 'scale')
        await world.settle()
      })
      later(world, 5 * MINUTE_MS)
      await world.settle()
      // Cut before it was paid: the customer clicks again.
      if ((await world.billing.accounts.getAccount(given.ACCOUNT))?.planVersionId !== 'scale@1') {
        await confirm(world, 'scale')
        await world.settle()
      }
      await expectCoherent(world, 'scale@1')
      const paid = [...world.stripe.invoices.values()].filter(({ status }) => status === 'paid')
      expect(paid).toHaveLength(1)
      expect(world.stripe.refunded.size).toBe(0)
      expect(paid[0]?.totalMinor).toBe(4_950n)
      return wasReached
    })
    expect(boundaries).toBeGreaterThan(60)
  }, 30_000)

  test('a downgrade begins with its period, the old plan billed to its end', async () => {
    const boundaries = await cutEverywhere(async cut => {
      const world = await worldInUse()
      world.stripe.subscriptions.set('sub_1', given.subscription({ currentPeriod: given.PERIOD }))
      await confirmUp(world)
      const { segment } = await subscriptionOf(world)
      const wasReached = await world.cutting(cut, async () => {
        await confirm(world, 'starter')
        world.clock.now = plusMs(segment.end, MINUTE_MS)
        world.stripe.renew('sub_2')
        await world.settle()
      })
      world.clock.now = plusMs(world.clock.now, 5 * MINUTE_MS)
      await world.settle()
      const account = await world.billing.accounts.getAccount(given.ACCOUNT)
      if (account?.planVersionId !== 'starter@1') {
        // Cut before Stripe had heard of it: the plan was renewed, and the next try is in time.
        world.clock.now = plusMs(segment.end, DAY_MS)
        await world.report()
        await confirm(world, 'starter')
        const again = await subscriptionOf(world)
        world.clock.now = plusMs(again.segment.end, MINUTE_MS)
        world.stripe.renew('sub_2')
        await world.settle()
      }
      await expectCoherent(world, 'starter@1')
      expect((await world.billing.accounts.getAccount(given.ACCOUNT))?.scheduled ?? null).toBeNull()
      return wasReached
    })
    expect(boundaries).toBeGreaterThan(20)
  }, 30_000)

  test('a cancellation ends in Free where the period ends', async () => {
    const boundaries = await cutEverywhere(async cut => {
      const world = await worldInUse()
      const wasReached = await world.cutting(cut, async () => {
        await world.cancel({ accountId: given.ACCOUNT }, world.call())
        world.clock.now = plusMs(given.PERIOD.end, MINUTE_MS)
        world.stripe.renew('sub_1')
        await world.settle()
      })
      later(world, 5 * MINUTE_MS)
      await world.settle()
      const account = await world.billing.accounts.getAccount(given.ACCOUNT)
      if (account?.subscriptionId !== null) {
        later(world, HOUR_MS)
        await world.report()
        await world.cancel({ accountId: given.ACCOUNT }, world.call())
        world.clock.now = plusMs(given.NEXT.end, MINUTE_MS)
        world.stripe.renew('sub_1')
        await world.settle()
      }
      await expectCoherent(world, 'free@1')
      return wasReached
    })
    expect(boundaries).toBeGreaterThan(15)
  }, 30_000)
})

async function confirmUp(world: ChangeWorld) {
  await confirm(world, 'scale')
  await world.settle()
  later(world, HOUR_MS)
}

async function subscriptionOf(world: ChangeWorld) {
  const segment = await world.billing.accounts.newestSegment(given.ACCOUNT)
  if (!segment) throw new Error('no segment')
  return { segment }
}

describe('an upgrade', () => {
  test('charges exactly what was shown', async () => {
    const world = await worldInUse()
    const { shown, answer } = await confirm(world, 'scale')
    expect(answer).toMatchObject({ ok: true, value: { state: 'switching' } })
    const invoice = [...world.stripe.invoices.values()].find(({ status }) => status === 'paid')
    expect(String(invoice?.totalMinor)).toBe(shown.today.totalMinor)
    // 25,000 of 20,000 included units are used: nothing of the fee is left.
    expect(shown.today.credit).toMatchObject({ share: 'units', creditMinor: '0' })
  })

  test('takes the discount that runs along, off what is charged today and off what follows', async () => {
    const world = await worldInUse()
    const terms = { percentOff: 50, amountOffMinor: null, duration: 'forever', months: null } as const
    const discount = { ...terms, discountId: 'di_1', couponId: 'old', name: '50 % off', endsAt: null }
    world.stripe.running.set('sub_1', [discount])
    const { shown } = await confirm(world, 'scale')
    await world.settle()
    await expectCoherent(world, 'scale@1')
    expect(shown.today).toMatchObject({ totalMinor: '4950' })
    expect(shown.nextInvoice.estimateMinor).toBe('4950')
    const invoice = [...world.stripe.invoices.values()].find(({ status }) => status === 'paid')
    expect(invoice?.totalMinor).toBe(4_950n)
    expect(await world.stripe.listDiscounts('sub_2')).toMatchObject([terms])
  })

  test('in two tabs at once makes one subscription', async () => {
    const world = await worldInUse()
    await Promise.all([confirm(world, 'scale'), confirm(world, 'scale')])
    await world.settle()
    expect(world.stripe.subscriptions.size).toBe(2)
    await expectCoherent(world, 'scale@1')
  })

  test('a declined card leaves everything as it was, and the next click is free to succeed', async () => {
    const world = await worldInUse()
    world.stripe.card.answer = 'declined'
    const { answer } = await confirm(world, 'scale')
    expect(answer).toMatchObject({
      ok: false,
      code: 'payment_declined',
      message: expect.stringContaining('declined'),
    })
    await world.settle()
    await expectCoherent(world, 'starter@1')
    world.stripe.card.answer = 'paid'
    await confirm(world, 'scale')
    await world.settle()
    await expectCoherent(world, 'scale@1')
  })

  test('waits for the bank’s confirmation, and is switched on once that came', async () => {
    const world = await worldInUse()
    world.stripe.card.answer = 'confirm'
    const { answer } = await confirm(world, 'scale')
    expect(answer).toMatchObject({
      ok: true,
      value: { state: 'confirm', url: expect.stringContaining('https://pay/') },
    })
    await world.settle()
    expect(await readPlanChange(world.billing.billing, given.ACCOUNT)).toMatchObject({ state: 'paying' })
    expect(await world.preview({ accountId: given.ACCOUNT, planId: 'starter' }, world.call())).toMatchObject({
      value: { refused: { code: 'already_on_plan' } },
    })
    world.stripe.card.answer = 'paid'
    await world.stripe.payInvoice('in_1')
    await world.settle()
    await expectCoherent(world, 'scale@1')
  })

  test.each(['dropped by the customer', 'expired'])('unpaid and %s changes nothing', async how => {
    const world = await worldInUse()
    world.stripe.card.answer = 'confirm'
    await confirm(world, 'scale')
    if (how === 'expired') later(world, 24 * HOUR_MS)
    else
      expect(await world.undo({ accountId: given.ACCOUNT }, world.call())).toMatchObject({
        value: { undone: 'unpaid' },
      })
    await world.settle()
    await expectCoherent(world, 'starter@1')
  })

  test('a subscription that nobody asked for is refunded, cancelled and alarmed', async () => {
    const world = await worldInUse()
    const { id } = await world.stripe.createSubscription({
      ...{ accountId: given.ACCOUNT, customerId: given.CUSTOMER, planVersionId: 'scale@1', claim: 'none' },
      ...{ flatPriceId: 'price_flat_2', meteredPriceId: 'price_metered_2' },
      ...{ paymentMethodId: null, couponIds: [] },
    })
    await world.stripe.payInvoice('in_1')
    await world.settle()
    expect([...world.stripe.refunded]).toEqual(['in_1'])
    expect(world.statuses.get(`change-plan-${id}-unwanted-1`)).toBe('failed')
    await expectCoherent(world, 'starter@1')
  })

  test('a plan whose price moved since it was shown is not bought', async () => {
    const world = await worldInUse()
    const shown = await world.preview({ accountId: given.ACCOUNT, planId: 'scale' }, world.call())
    if (!shown.ok) throw new Error(shown.message)
    const { to, pricedAt, digest } = shown.value
    const input = { accountId: given.ACCOUNT, planId: 'scale', expectedPlanVersionId: to.planVersionId }
    later(world, 16 * MINUTE_MS)
    expect(await world.change({ ...input, pricedAt, digest }, world.call())).toMatchObject({
      code: 'preview_outdated',
    })
    expect(
      await world.change({ ...input, pricedAt: world.clock.now, digest: 'other' }, world.call()),
    ).toMatchObject({ code: 'preview_outdated' })
    expect(world.stripe.subscriptions.size).toBe(1)
  })
})

describe('what is scheduled', () => {
  test('is undone until an hour before the end, and then not any more', async () => {
    const world = await worldInUse()
    await world.cancel({ accountId: given.ACCOUNT }, world.call())
    world.clock.now = plusMs(given.PERIOD.end, -HOUR_MS - MINUTE_MS)
    expect(await world.undo({ accountId: given.ACCOUNT }, world.call())).toMatchObject({
      value: { undone: 'scheduled' },
    })
    expect((await world.billing.accounts.getAccount(given.ACCOUNT))?.scheduled).toBeNull()
    await world.cancel({ accountId: given.ACCOUNT }, world.call())
    world.clock.now = plusMs(given.PERIOD.end, -HOUR_MS)
    expect(await world.undo({ accountId: given.ACCOUNT }, world.call())).toMatchObject({
      code: 'plan_change_refused',
    })
  })

  test('a subscription that somebody ended in mid-period takes the account to Free at that instant', async () => {
    const world = await worldInUse()
    await world.stripe.cancelNow('sub_1')
    await world.settle()
    await expectCoherent(world, 'free@1')
    const segments = await world.billing.accounts.listSegments(given.ACCOUNT)
    expect(segments.map(({ end, planVersionId }) => [planVersionId, end])).toEqual([
      ['starter@1', MID],
      ['free@1', given.at('2026-12-01T00:00:00Z')],
    ])
  })
})
