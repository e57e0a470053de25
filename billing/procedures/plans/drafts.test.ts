import { beforeEach, describe, expect, test } from 'vitest'
import { createMemoryTable } from '#kernel/memory-table'
import type { Call } from '#kernel/rpc'
import type { Table } from '#kernel/table'
import type { CatalogueStripe } from '../../plans/ports.ts'
import { createPlanStore } from '../../plans/store.ts'
import { createFakeExecutions } from '../../workflows/testing/fixtures.ts'
import { callAt, createTestDeps, NOW, planVersions, publishCatalogue } from '../testing/test-deps.ts'
import { adminListPlans } from './admin-list-plans.ts'
import { adminArchivePlan, adminUnarchivePlan } from './archive-plan.ts'
import { adminPublishDraft } from './publish-draft.ts'
import { adminDiffDraft, adminDiscardDraft, adminGetDraft } from './read-draft.ts'
import { adminSaveDraft } from './save-draft.ts'

const ada = callAt(NOW, { kind: 'admin', userId: 'ada' })
const starter = planVersions.find(({ id }) => id === 'starter')
if (!starter?.stripe) throw new Error('the catalogue has no starter')
const definition = {
  ...{
    name: 'Starter',
    description: starter.description,
    flatFeeMinor: '3900',
    usagePrice: starter.usagePrice,
  },
  ...{ hardLimitUnits: null, defaultCapMinor: '10000', limits: starter.limits },
}
const reason = 'costs rose'

let table: Table
let deps: ReturnType<typeof createTestDeps>
let executions: ReturnType<typeof createFakeExecutions>
let stripe: ReturnType<typeof createFakeCatalogue>
beforeEach(async () => {
  table = createMemoryTable()
  deps = createTestDeps({ billing: table })
  executions = createFakeExecutions()
  stripe = createFakeCatalogue()
  await publishCatalogue(deps)
})

/** Everything exists; what is inactive is listed. */
function createFakeCatalogue() {
  const inactive = new Set<string>()
  let calls = 0
  const fake = { inactive, failAt: Number.POSITIVE_INFINITY }
  const set = async (id: string, active: boolean) => {
    if (calls++ === fake.failAt) throw new Error('cut off')
    if (active) inactive.delete(id)
    else inactive.add(id)
  }
  const of = (id: string) => ({ id, active: !inactive.has(id) })
  const catalogue = {
    readProduct: async (id: string) => ({ ...of(id), name: 'x', unitLabel: null }),
    readPrice: async (id: string) => of(id),
    readMeter: async () => null,
    setProductActive: set,
    setPriceActive: set,
  } as unknown as CatalogueStripe
  return { ...fake, catalogue, fake }
}

const save = (change: object = {}, revision: number | null = null, call = ada) =>
  adminSaveDraft(deps)({ planId: 'starter', definition: { ...definition, ...change }, revision }, call)
const publish = (revision: number) =>
  adminPublishDraft(deps, executions)({ planId: 'starter', revision, reason }, ada)

describe('a draft', () => {
  test('is kept as it was saved, with what is wrong with it', async () => {
    expect(await save({ flatFeeMinor: '39,00' })).toMatchObject({
      value: { draft: { revision: 1, savedBy: 'ada', problems: [{ pointer: '/flatFeeMinor' }] } },
    })
    const got = await adminGetDraft(deps)({ planId: 'starter' }, ada)
    expect(got).toMatchObject({
      value: { draft: { definition: { flatFeeMinor: '39,00' } }, live: { version: 1 } },
    })
    expect(await publish(1)).toMatchObject({ ok: false, code: 'draft_invalid' })
  })

  test('of two people who edit the same revision is saved by the first', async () => {
    await save()
    expect(await save({ name: 'Ada’s' }, 1)).toMatchObject({ ok: true })
    expect(await save({ name: 'Bob’s' }, 1)).toMatchObject({ ok: false, code: 'draft_changed' })
    expect(await save({ name: 'Bob’s' }, null)).toMatchObject({ ok: false, code: 'draft_changed' })
    expect(await adminDiscardDraft(deps)({ planId: 'starter', revision: 1 }, ada)).toMatchObject({
      value: { discarded: false },
    })
    expect(await publish(1)).toMatchObject({ ok: false, code: 'draft_changed' })
  })

  test('says in words what it changes', async () => {
    await save()
    expect(await adminDiffDraft(deps)({ planId: 'starter' }, ada)).toMatchObject({
      value: { live: 'starter@1', changes: [{ label: 'Monthly fee', before: '$29.00', after: '$39.00' }] },
    })
    expect(await adminDiffDraft(deps)({ planId: 'scale' }, ada)).toMatchObject({ code: 'draft_not_found' })
  })

  test('is in the currency of the deployment', async () => {
    const input = { planId: 'pro', currency: 'eur', definition, revision: null }
    expect(await adminSaveDraft(deps)(input, ada)).toMatchObject({ ok: false, code: 'invalid_request' })
    const first = createTestDeps()
    const { currency: _, ...unsaid } = input
    expect(await adminSaveDraft(first)(unsaid, ada)).toMatchObject({ ok: false, code: 'invalid_request' })
    expect(await adminSaveDraft(first)({ ...input, unit: 'call' }, ada)).toMatchObject({
      value: { draft: { currency: 'eur', unit: 'call', problems: [] } },
    })
  })

  test('is for admins', async () => {
    const portal: Call = { ...ada, actor: { kind: 'service', service: 'portal' } }
    expect(await save({}, null, portal)).toMatchObject({ ok: false, code: 'forbidden' })
    expect(await adminGetDraft(deps)({ planId: 'starter' }, portal)).toMatchObject({ code: 'forbidden' })
    expect(
      await adminArchivePlan({ ...deps, catalogue: stripe.catalogue })({ planId: 'starter', reason }, portal),
    ).toMatchObject({ code: 'forbidden' })
  })
})

describe('publishing a draft', () => {
  test('starts the next version once, with the reason in the trail', async () => {
    await save()
    expect(await publish(1)).toMatchObject({
      value: { planVersionId: 'starter@2', started: 'publish-plan-starter-v2-1' },
    })
    expect(executions.started).toMatchObject([
      {
        input: {
          planVersionId: 'starter@2',
          version: 2,
          draftRevision: 1,
          definition: { flatFeeMinor: '3900' },
        },
      },
    ])
    expect(await table.query({ pk: 'audit-log#2026-11' })).toMatchObject([
      {
        action: 'plan.publish_requested',
        reason,
        before: 'starter@1',
        after: { planVersionId: 'starter@2' },
      },
    ])
    expect(await publish(1)).toMatchObject({ ok: false, code: 'publish_running' })
    expect(executions.started).toHaveLength(1)
  })

  test('that failed may be tried again, as the next attempt', async () => {
    await save()
    await publish(1)
    executions.statuses.set('publish-plan-starter-v2-1', 'failed')
    const list = await adminListPlans(deps, executions)({}, ada)
    expect(list).toMatchObject({ value: { publishing: [{ planVersionId: 'starter@2', state: 'failed' }] } })
    expect(await publish(1)).toMatchObject({ value: { started: 'publish-plan-starter-v2-2' } })
  })

  test('that says the same as the version on sale is refused', async () => {
    await save({ flatFeeMinor: '2900' })
    expect(await publish(1)).toMatchObject({ ok: false, code: 'draft_invalid' })
  })
})

describe('the archive', () => {
  const archive = (planId = 'starter') =>
    adminArchivePlan({ ...deps, catalogue: stripe.catalogue })({ planId, reason }, ada)
  const unarchive = () =>
    adminUnarchivePlan({ ...deps, catalogue: stripe.catalogue })({ planId: 'starter', reason }, ada)

  test('takes a plan off sale here and at Stripe, and gives it back', async () => {
    expect(await archive()).toMatchObject({ value: { archivedAt: NOW } })
    expect(await deps.plans.getLive('starter')).toBeUndefined()
    expect([...stripe.inactive].sort()).toEqual(['price_1', 'price_2', 'prod_1'])
    await save()
    expect(await publish(1)).toMatchObject({ ok: false, code: 'plan_archived' })
    expect(await unarchive()).toMatchObject({ value: { planVersionId: 'starter@1' } })
    expect(await deps.plans.getLive('starter')).toMatchObject({ version: 1 })
    expect([...stripe.inactive]).toEqual([])
    expect((await table.query({ pk: 'audit-log#2026-11' })).map(({ action }) => action)).toEqual(
      expect.arrayContaining(['plan.archived', 'plan.unarchived']),
    )
  })

  test('leaves active at Stripe what somebody is on', async () => {
    await table.put({ pk: 'account-index', sk: 'acct_1', planVersionId: 'starter@1', version: 1 })
    await archive()
    expect([...stripe.inactive]).toEqual([])
    expect(await deps.plans.getLive('starter')).toBeUndefined()
  })

  test('does not take the only free plan', async () => {
    expect(await archive('free')).toMatchObject({ ok: false, code: 'plan_needed' })
    expect(await archive('nothing')).toMatchObject({ ok: false, code: 'plan_not_found' })
  })

  test.each([0, 1, 2])(
    'cut off at call %i to Stripe, nobody can buy the plan, and archiving again finishes it',
    async at => {
      stripe.fake.failAt = at
      await expect(archive()).rejects.toThrow('cut off')
      expect(await createPlanStore(table).getLive('starter')).toBeUndefined()
      expect(await archive()).toMatchObject({ value: { archivedAt: NOW } })
      expect(stripe.inactive.size).toBe(3)
    },
  )
})
