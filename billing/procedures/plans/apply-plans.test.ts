import { beforeEach, expect, test } from 'vitest'
import type { Catalogue, PlanVersion } from '#billing/contract'
import type { Call } from '#kernel/rpc'
import * as given from '../../workflows/testing/fixtures.ts'
import type { BillingDeps } from '../deps.ts'
import { applyPlans, diffCatalogue } from './apply-plans.ts'

const { free, starter } = given
const catalogue: Catalogue = { currency: 'usd', unit: 'check', plans: [free, starter] }
const call: Call = {
  now: given.PERIOD.start,
  actor: { kind: 'service', service: 'operator' },
  requestId: 'r',
}
const env = { PUBLISH_PLAN_MACHINE: 'publish' } as BillingDeps['env']
let billing: given.TestBilling
let executions: ReturnType<typeof given.createFakeExecutions>

beforeEach(async () => {
  billing = await given.createBilling()
  executions = given.createFakeExecutions()
})

const apply = (what: Catalogue, who = call) =>
  applyPlans({ ...billing, env }, executions)({ catalogue: what }, who)

test('an unchanged price list starts nothing', async () => {
  const value = { published: [], archived: [], unchanged: ['free@1', 'starter@1'], started: [] }
  expect(await apply(catalogue)).toEqual({ ok: true, value })
})

test('a changed plan becomes its next version, once', async () => {
  const changed = { ...catalogue, plans: [free, { ...starter, flatFeeMinor: '3900' }] }
  const value = { published: [], archived: [], unchanged: ['free@1'], started: ['publish-plan-starter-v2-1'] }
  expect(await apply(changed)).toEqual({ ok: true, value })
  expect(await apply(changed)).toEqual({ ok: true, value: { ...value, started: [] } })
  expect(executions.started[0]?.input).toMatchObject({
    planVersionId: 'starter@2',
    version: 2,
    currency: 'usd',
  })
})

test('a version that was stored and is not on sale yet is published again under the same number', () => {
  const newer: PlanVersion = { ...starter, planVersionId: 'starter@2', version: 2, flatFeeMinor: '3900' }
  const written = { ...catalogue, plans: [{ ...starter, flatFeeMinor: '3900' }] }
  expect(diffCatalogue(written, [starter, newer], [starter])).toMatchObject([
    { kind: 'publish', planVersionId: 'starter@2', version: 2 },
  ])
})

test('a return to an older price is a new version', () => {
  const newer: PlanVersion = { ...starter, planVersionId: 'starter@2', version: 2, flatFeeMinor: '3900' }
  expect(diffCatalogue({ ...catalogue, plans: [starter] }, [starter, newer], [newer])).toMatchObject([
    { kind: 'publish', planVersionId: 'starter@3' },
  ])
})

test('what an admin put into the archive stays there', async () => {
  await billing.plans.archive('starter', given.PERIOD.start)
  const changed = { ...catalogue, plans: [free, { ...starter, flatFeeMinor: '3900' }] }
  const value = { published: [], unchanged: ['free@1'], archived: ['starter'], started: [] }
  expect(await apply(changed)).toEqual({ ok: true, value })
})

test('a price that is only written in another way is no new version', () => {
  const [first, last] = 'tiers' in starter.usagePrice ? starter.usagePrice.tiers : []
  if (!first || !last) throw new Error('Starter has two tiers')
  const usagePrice = { model: 'graduated' as const, tiers: [first, { ...last, unitPriceMinor: '0.150' }] }
  const written = { ...catalogue, plans: [{ ...starter, usagePrice }] }
  expect(diffCatalogue(written, [starter], [starter])).toMatchObject([{ kind: 'unchanged' }])
})

test('the currency cannot change, and customers cannot apply prices', async () => {
  expect(await apply({ ...catalogue, currency: 'eur' })).toMatchObject({ ok: false, code: 'invalid_request' })
  const actor = { kind: 'customer', accountId: given.ACCOUNT, userId: 'u' } as const
  expect(await apply(catalogue, { ...call, actor })).toMatchObject({ ok: false, code: 'forbidden' })
})
