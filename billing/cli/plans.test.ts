import { expect, test } from 'vitest'
import { billingContract, type Catalogue } from '#billing/contract'
import { type Call, type Handlers, serve } from '#kernel/rpc'
import { adminListPlans } from '../procedures/plans/admin-list-plans.ts'
import { createTestDeps, NOW, planVersions, publishCatalogue } from '../procedures/testing/test-deps.ts'
import { createFakeExecutions } from '../workflows/testing/fixtures.ts'
import { diffWithLive, printDifferences } from './plans.ts'

const catalogue: Catalogue = { currency: 'usd', unit: 'check', plans: planVersions }

async function diff(change: (written: Catalogue) => Catalogue, archived?: string) {
  const deps = createTestDeps()
  await publishCatalogue(deps)
  if (archived) await deps.plans.archive(archived, NOW)
  const handlers = { adminListPlans: adminListPlans(deps, createFakeExecutions()) }
  const invoke = serve(billingContract, handlers as unknown as Handlers<typeof billingContract>)
  return printDifferences(
    await diffWithLive({ invoke, catalogue: change(catalogue), now: (): Call['now'] => NOW }),
  )
}

test('a file that says what is live has no differences', async () => {
  expect(await diff(same => same)).toEqual([])
})

test('a change is shown member by member', async () => {
  const dearer = (of: Catalogue): Catalogue => ({
    ...of,
    plans: of.plans.map(plan => (plan.id === 'starter' ? { ...plan, flatFeeMinor: '3900' } : plan)),
  })
  expect(await diff(dearer)).toEqual(['starter (live: starter@1)', '  Monthly fee: $29.00 → $39.00'])
})

test('a new plan, one that is not in the file, and one in the archive are named with what to do', async () => {
  const [free, starter, scale] = catalogue.plans
  if (!free || !starter || !scale) throw new Error('the catalogue has three plans')
  const other = (of: Catalogue): Catalogue => ({
    ...of,
    plans: [free, { ...scale, id: 'pro', name: 'Pro' }, starter],
  })
  const lines = (await diff(other, 'starter')).filter(line => !line.startsWith('  '))
  expect(lines[0]).toBe('pro is new')
  expect(lines[1]).toContain('starter (live: starter@1) is in the archive, where apply leaves it')
  expect(lines[2]).toContain('scale (live: scale@1) is on sale and not in the file')
})
