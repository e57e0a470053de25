import { expect, test } from 'vitest'
import { DAY_MS, plusMs } from '#kernel/time'
import type { Account } from '../domain/records.ts'
import { openAccount } from '../jobs/open-account.ts'
import { append } from '../ledger/append.ts'
import { ACCOUNT, usageEvent } from '../ledger/testing/arbitrary-records.ts'
import { callAt, createTestDeps, NOW, publishCatalogue } from '../procedures/testing/test-deps.ts'
import { countAccounts, indexAccount } from './account-index.ts'
import { nextSegment } from './advance-segment.ts'
import { listDue } from './due.ts'
import { entitle } from './entitle.ts'

const call = callAt(NOW)

async function openedDeps() {
  const deps = createTestDeps()
  await publishCatalogue(deps)
  await openAccount(deps, { accountId: ACCOUNT, createdAt: NOW }, call)
  return deps
}
const accountOf = async (deps: Awaited<ReturnType<typeof openedDeps>>): Promise<Account> => {
  const account = await deps.accounts.getAccount(ACCOUNT)
  if (!account) throw new Error('no account')
  return account
}

async function buyStarter(deps: Awaited<ReturnType<typeof openedDeps>>) {
  const period = { start: NOW, end: plusMs(NOW, 30 * DAY_MS) }
  const account = await accountOf(deps)
  const paid = { planVersionId: 'starter@1', subscriptionId: 'sub_1' }
  await nextSegment(deps, account, { ...paid, period })
  await deps.accounts.changeAccount(account, paid)
}

test('the version rises only when the content changes', async () => {
  const deps = await openedDeps()
  expect(await entitle(deps, ACCOUNT, call)).toEqual({ version: 1, inForce: true })
  await deps.accounts.changeAccount(await accountOf(deps), { blocks: ['suspended'] })
  expect(await entitle(deps, ACCOUNT, call)).toEqual({ version: 2, inForce: true })
  expect(deps.fakeAccess.entitlements.get(ACCOUNT)).toMatchObject({ version: 2, blocks: ['suspended'] })
})

test('a change that comes and goes while an entitlement is computed does not leave it in force', async () => {
  const deps = await openedDeps()
  await deps.accounts.changeAccount(await accountOf(deps), { blocks: ['suspended'] })
  let isFirst = true
  const liftMeanwhile = async (id: string) => {
    if (isFirst) {
      isFirst = false
      await deps.accounts.changeAccount(await accountOf(deps), { blocks: [] })
      await entitle(deps, ACCOUNT, call)
    }
    return deps.plans.getVersion(id)
  }
  await entitle({ ...deps, plans: { ...deps.plans, getVersion: liftMeanwhile } }, ACCOUNT, call)
  expect(deps.fakeAccess.entitlements.get(ACCOUNT)).toMatchObject({ version: 1, blocks: [] })
  expect(await listDue(deps.billing, 'entitle-due')).toEqual([])
})

test('access hears it from billing, whoever asked for it', async () => {
  const deps = await openedDeps()
  const calls: unknown[] = []
  const setEntitlement: typeof deps.access.setEntitlement = async (entitlement, asked) => {
    calls.push(asked)
    return deps.access.setEntitlement(entitlement, asked)
  }
  const customer = callAt(NOW, { kind: 'customer', accountId: ACCOUNT, userId: 'ada' })
  await entitle({ ...deps, access: { ...deps.access, setEntitlement } }, ACCOUNT, customer)
  expect(calls).toEqual([{ ...customer, actor: { kind: 'service', service: 'billing' } }])
})

test('the marker stays until the limits are in force', async () => {
  const deps = await openedDeps()
  deps.fakeAccess.limitsInForce = false
  expect(await entitle(deps, ACCOUNT, call)).toEqual({ version: 1, inForce: false })
  expect(await listDue(deps.billing, 'entitle-due')).toMatchObject([{ name: ACCOUNT }])
})

test('another version than ours being in force leaves the marker', async () => {
  const deps = await openedDeps()
  const entitlement = deps.fakeAccess.entitlements.get(ACCOUNT)
  if (!entitlement) throw new Error('no entitlement')
  deps.fakeAccess.entitlements.set(ACCOUNT, { ...entitlement, version: 9 })
  expect(await entitle(deps, ACCOUNT, call)).toEqual({ version: 1, inForce: false })
  expect(await listDue(deps.billing, 'entitle-due')).toHaveLength(1)
})

test('a marker that was set anew while access answered stays', async () => {
  const deps = await openedDeps()
  const [setEntitlement] = [deps.access.setEntitlement]
  const access = {
    ...deps.access,
    setEntitlement: async (...args: Parameters<typeof setEntitlement>) => {
      await entitle(deps, ACCOUNT, call, { name: ACCOUNT, token: 'another' })
      await deps.billing.put({ pk: 'entitle-due', sk: ACCOUNT, token: 'newer' })
      return setEntitlement(...args)
    },
  }
  await entitle({ ...deps, access }, ACCOUNT, call)
  expect(await listDue(deps.billing, 'entitle-due')).toEqual([{ name: ACCOUNT, token: 'newer' }])
})

test('a payer is limited to the cap less what closed segments carried over', async () => {
  const deps = await openedDeps()
  await buyStarter(deps)
  await entitle(deps, ACCOUNT, call)
  expect(deps.fakeAccess.entitlements.get(ACCOUNT)?.hardLimit).toMatchObject({
    units: 86_669,
    reason: 'spend_cap',
  })

  const first = await deps.accounts.newestSegment(ACCOUNT)
  if (!first) throw new Error('no segment')
  await append(deps.ledger, {
    usage: [usageEvent({ id: 'late', units: 69, usedAt: plusMs(NOW, 5) })],
    access: [],
  })
  const outcome = { carriedInUnits: 0, invoicedUnits: 0, waivedUnits: 0, closedAt: plusMs(first.end, DAY_MS) }
  await deps.accounts.closeSegment(first, outcome)
  const period = { start: first.end, end: plusMs(first.end, 30 * DAY_MS) }
  const paid = { planVersionId: 'starter@1', subscriptionId: 'sub_1', period }
  await nextSegment(deps, await accountOf(deps), paid)
  await entitle(deps, ACCOUNT, call)
  expect(deps.fakeAccess.entitlements.get(ACCOUNT)?.hardLimit).toMatchObject({
    units: 86_600,
    segment: { kind: 'period', period },
  })
})

test('accounts are counted on the plan version that they are entitled to', async () => {
  const deps = await openedDeps()
  expect(await countAccounts(deps.billing)).toEqual(new Map([['free@1', 1]]))
  await buyStarter(deps)
  await entitle(deps, ACCOUNT, call)
  expect(await countAccounts(deps.billing)).toEqual(new Map([['starter@1', 1]]))
})

test('an account that billing does not know cannot be entitled', async () => {
  await expect(entitle(createTestDeps(), ACCOUNT, call)).rejects.toThrow(/does not know/)
})

test('an older writer does not put an account back on its former plan', async () => {
  const { billing } = createTestDeps()
  await indexAccount(billing, { accountId: ACCOUNT, planVersionId: 'starter@1', version: 2 })
  await indexAccount(billing, { accountId: ACCOUNT, planVersionId: 'free@1', version: 1 })
  expect(await countAccounts(billing)).toEqual(new Map([['starter@1', 1]]))
})
