import { beforeEach, expect, test } from 'vitest'
import { ok } from '#kernel/result'
import { type Instant, plusMs, utcMonthOf } from '#kernel/time'
import { openFree } from '../../accounts/advance-segment.ts'
import { clearDue, listDue } from '../../accounts/due.ts'
import { createFakeChangeStripe, type FakeChangeStripe } from '../../changes/testing/fake-change-stripe.ts'
import { listClosing } from '../../stripe/closing.ts'
import { linkCustomer } from '../../stripe/customers.ts'
import * as given from '../testing/fixtures.ts'
import { readPlanChange, workKey } from '../work-item.ts'
import type { ChangePorts, ChangeState } from './state.ts'
import { type ChangeStep, changeSteps } from './steps.ts'

const ALL = ['load', 'switch', 'entitle', 'announce'] as const
const state: ChangeState = {
  accountId: given.ACCOUNT,
  subscriptionId: 'sub_1',
  attempt: 1,
  what: 'switch_on',
}
let billing: given.TestBilling
let stripe: FakeChangeStripe
let now: Instant
let limitsInForce: boolean

beforeEach(async () => {
  now = plusMs(given.PERIOD.start, 20_000)
  limitsInForce = true
  billing = await given.createBilling()
  stripe = createFakeChangeStripe(() => now, [given.starter])
  stripe.subscriptions.set('sub_1', given.subscription({ currentPeriod: given.PERIOD }))
  const openedAt = given.at('2026-11-03T08:00:00Z')
  const account = await openFree(billing.accounts, {
    accountId: given.ACCOUNT,
    openedAt,
    planVersionId: 'free@1',
  })
  await billing.accounts.changeAccount(account, { customerId: 'cus_1' })
  await linkCustomer(billing.billing, 'cus_1', given.ACCOUNT)
  await billing.billing.put({
    ...workKey('change-plan', given.ACCOUNT),
    ...{
      ...state,
      state: 'switching',
      owner: 'x',
      since: now,
      planId: 'starter',
      planVersionId: 'starter@1',
    },
  })
})

async function run(...names: readonly ChangeStep[]): Promise<ChangeState> {
  let current = state
  for (const name of names) current = await changeStep(name, current)
  return current
}
function changeStep(name: ChangeStep, from: ChangeState = { ...state, planVersionId: 'starter@1' }) {
  const access = {
    setEntitlement: async ({ version }: { version: number }) => ok({ version, limitsInForce }),
  } as unknown as ChangePorts['access']
  return changeSteps({ ...billing, stripe, access })[name](JSON.parse(JSON.stringify(from)), now)
}
const periods = async () =>
  (await billing.accounts.listSegments(given.ACCOUNT)).map(({ start, end, planVersionId }) => [
    planVersionId,
    start,
    end,
  ])

test('the Free segment ends where the paid one starts: at the start of Stripe’s period', async () => {
  expect(await run(...ALL)).toMatchObject({ outcome: 'done' })
  expect(await periods()).toEqual([
    ['free@1', given.at('2026-11-01T00:00:00Z'), given.PERIOD.start],
    ['starter@1', given.PERIOD.start, given.PERIOD.end],
  ])
  const account = await billing.accounts.getAccount(given.ACCOUNT)
  expect(account).toMatchObject({ planVersionId: 'starter@1', subscriptionId: 'sub_1' })
})

test('every step run twice gives the same segments, one event and no open work', async () => {
  await run(...ALL.flatMap(step => [step, step]))
  expect(await periods()).toHaveLength(2)
  const planVersionId = 'starter@1'
  const data = { accountId: given.ACCOUNT, planVersionId, planName: 'Starter', changedAt: now }
  expect(billing.events).toMatchObject([{ type: 'plan.changed', at: now, data }])
  expect(await billing.billing.query({ pk: `audit#${given.ACCOUNT}` })).toMatchObject([
    { action: 'plan.changed', after: { planVersionId, subscriptionId: 'sub_1' } },
  ])
  expect(await readPlanChange(billing.billing, given.ACCOUNT)).toBeUndefined()
})

test('a Free month that began after Stripe’s period did leaves neither gap nor overlap', async () => {
  const period = { start: given.at('2026-11-30T23:59:58Z'), end: given.at('2026-12-30T23:59:58Z') }
  now = given.at('2026-12-01T00:00:05Z')
  stripe.subscriptions.set('sub_1', given.subscription({ currentPeriod: period }))
  const december = utcMonthOf(now)
  const free = given.paidSegment(december)
  await billing.accounts.addSegment({ ...free, planVersionId: 'free@1', subscriptionId: null })
  await run(...ALL)
  expect(await periods()).toEqual([
    ['free@1', given.at('2026-11-01T00:00:00Z'), december.start],
    ['starter@1', december.start, period.end],
  ])
})

test('a switch leaves its period listed for the close and its entitlement due, should nothing follow', async () => {
  expect(await run('load')).toMatchObject({ outcome: 'ready', planVersionId: 'starter@1' })
  await run('load', 'switch')
  expect(await listClosing(billing.billing, given.PERIOD.end)).toEqual([
    { accountId: given.ACCOUNT, end: given.PERIOD.end },
  ])
  // The new segment marks it too; this one was taken away as if access had heard of the segment alone.
  const account = await billing.accounts.getAccount(given.ACCOUNT)
  if (!account) throw new Error('no account')
  for (const due of await listDue(billing.billing, 'entitle-due'))
    await clearDue(billing.billing, 'entitle-due', due)
  await billing.accounts.changeAccount(account, { subscriptionId: null })
  await run('load', 'switch')
  expect(await listDue(billing.billing, 'entitle-due')).toMatchObject([{ name: given.ACCOUNT }])
})

test.each(['load', 'announce'] as const)('%s of an older change leaves a newer one alone', async step => {
  const key = workKey('change-plan', given.ACCOUNT)
  await billing.billing.update(key, [{ set: 'subscriptionId', to: 'sub_2' }])
  stripe.subscriptions.set('sub_1', given.subscription({ status: 'canceled' }))
  await changeStep(step)
  expect(await readPlanChange(billing.billing, given.ACCOUNT)).toMatchObject({ subscriptionId: 'sub_2' })
})

test('a subscription of another account is not switched on', async () => {
  stripe.subscriptions.set('sub_1', given.subscription({ accountId: `${given.ACCOUNT}x` }))
  expect(await run('load')).toMatchObject({ outcome: 'expired' })
})

test('the change waits while the first payment is open, and ends with the subscription', async () => {
  stripe.subscriptions.set('sub_1', given.subscription({ status: 'incomplete' }))
  expect(await run('load')).toMatchObject({ outcome: 'pending' })
  stripe.subscriptions.set('sub_1', given.subscription({ status: 'incomplete_expired' }))
  expect(await run('load')).toMatchObject({ outcome: 'expired' })
  expect(await readPlanChange(billing.billing, given.ACCOUNT)).toBeUndefined()
})

test('the change is announced only after the limits are in force', async () => {
  limitsInForce = false
  expect(await run('load', 'switch', 'entitle')).toMatchObject({ outcome: 'pending' })
  limitsInForce = true
  expect(await run('load', 'switch', 'entitle')).toMatchObject({ outcome: 'in_force' })
})

test('an account on another subscription is not switched', async () => {
  const account = await billing.accounts.getAccount(given.ACCOUNT)
  if (account) await billing.accounts.changeAccount(account, { subscriptionId: 'sub_0' })
  await expect(changeStep('switch')).rejects.toMatchObject({ name: 'WorkflowStateInvalid' })
})
