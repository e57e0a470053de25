import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { type Rehearsal, unitsAtCap } from '#billing/contract'
import { accountIdOf } from '#kernel/ids'
import { createMemoryTable } from '#kernel/memory-table'
import type { Table } from '#kernel/table'
import { indexAccount } from '../accounts/account-index.ts'
import { createAccountStore } from '../accounts/store.ts'
import type { Segment } from '../domain/records.ts'
import { append } from '../ledger/append.ts'
import { usageEvent } from '../ledger/testing/arbitrary-records.ts'
import { statementOf } from '../workflows/close-invoice/statement.ts'
import * as given from '../workflows/testing/fixtures.ts'
import type { PlanTerms } from './plan-terms.ts'
import { continueRehearsal, listRehearsed } from './rehearsal.ts'
import { createPlanStore } from './store.ts'
import { arbitraryTerms } from './testing/arbitrary-terms.ts'

const NOW = given.at('2027-02-20T00:00:00Z')
const MONTHS = ['2026-10', '2026-11', '2026-12', '2027-01', '2027-02'].map(month =>
  given.at(`${month}-10T09:30:00Z`),
)
const { starter } = given

async function world() {
  const [billing, ledger] = [createMemoryTable(), createMemoryTable()]
  const stores = { accounts: createAccountStore(billing), plans: createPlanStore(billing) }
  for (const plan of [given.free, starter]) await stores.plans.addVersion(plan)
  return { billing, ledger, ...stores }
}
type World = Awaited<ReturnType<typeof world>>

/** A customer on Starter whose months ended with these invoices, the newest last. */
async function customer(
  { accounts, billing }: World,
  name: string,
  invoices: readonly { invoicedUnits: number; waivedUnits: number }[],
  planVersionId = 'starter@1',
) {
  const accountId = accountIdOf(name)
  await accounts.addAccount({
    ...{
      accountId,
      openedAt: NOW,
      customerId: 'cus',
      subscriptionId: 'sub',
      planVersionId,
      entitlementVersion: 1,
    },
    ...{ blocks: [], usageInvoicePaidAt: NOW },
  })
  await indexAccount(billing, { accountId, planVersionId, version: 1 })
  const from = MONTHS.length - 1 - invoices.length
  for (const [i, invoice] of invoices.entries()) {
    const [start, end] = [MONTHS[from + i], MONTHS[from + i + 1]]
    if (!start || !end) throw new Error('too many months')
    const segment: Segment = { ...given.paidSegment({ start, end }), accountId, planVersionId }
    await accounts.addSegment(segment)
    await accounts.closeSegment(segment, { ...invoice, carriedInUnits: 0, closedAt: end })
  }
  return accountId
}

async function rehearse(deps: World, terms: PlanTerms, months = 3, restart = false): Promise<Rehearsal> {
  for (let i = 0; ; i++) {
    const order = { target: 'draft' as const, terms, months, restart: restart && i === 0, now: NOW }
    const rehearsal = await continueRehearsal(deps, order)
    if (rehearsal.done) return rehearsal
    if (i > 100) throw new Error('the rehearsal does not end')
  }
}

const invoices = fc.array(
  fc.record({ invoicedUnits: fc.integer({ min: 0, max: 60_000 }), waivedUnits: fc.constantFrom(0, 0, 500) }),
  { maxLength: 4 },
)

/** A month's statement, for the same plan before and after the month. */
const statementMinor = (plan: PlanTerms, owedUnits: number): bigint =>
  BigInt(
    statementOf({ plan: { ...starter, ...plan }, usage: given.PERIOD, owedUnits }, given.NEXT).totalMinor,
  )

test('totals are the sums of the statements of every month, re-rated', async () => {
  await fc.assert(
    fc.asyncProperty(
      arbitraryTerms,
      fc.array(invoices, { maxLength: 6 }),
      fc.integer({ min: 1, max: 3 }),
      async (terms, customers, months) => {
        const deps = await world()
        for (const [i, of] of customers.entries()) await customer(deps, `c${i}`, of)
        const rehearsal = await rehearse(deps, terms, months)
        const past = customers.flatMap(of => of.slice(-months))
        const limit = terms.hardLimitUnits ?? Number.POSITIVE_INFINITY
        const before = past.reduce(
          (sum, { invoicedUnits }) => sum + statementMinor(starter, invoicedUnits),
          0n,
        )
        const after = past.reduce(
          (sum, { invoicedUnits, waivedUnits }) =>
            sum + statementMinor(terms, Math.min(limit, invoicedUnits + waivedUnits)),
          0n,
        )
        expect(rehearsal).toMatchObject({
          ...{ beforeMinor: String(before), afterMinor: String(after), rehearsedMonths: past.length },
          accounts: customers.filter(of => of.length > 0).length,
        })
        const { rows } = await listRehearsed(deps.billing, { planId: 'starter', target: 'draft' })
        expect(rows.reduce((sum, row) => sum + BigInt(row.afterMinor), 0n)).toBe(after)
      },
    ),
    { numRuns: 40 },
  )
})

describe('a rehearsal', () => {
  let deps: World
  beforeEach(async () => {
    deps = await world()
  })

  test('of the plan as it is changes nothing', async () => {
    await customer(deps, 'ada', [{ invoicedUnits: 25_000, waivedUnits: 0 }])
    const { beforeMinor, afterMinor, payMore, payLess, leaveIncluded, stop } = await rehearse(deps, starter)
    expect([beforeMinor, afterMinor]).toEqual(['3650', '3650'])
    expect([payMore, payLess, leaveIncluded, stop]).toEqual([0, 0, 0, 0])
  })

  test('names who leaves the included units, who is stopped, and who pays what', async () => {
    const [first, last] = 'tiers' in starter.usagePrice ? starter.usagePrice.tiers : []
    if (!first || !last) throw new Error('Starter has two tiers')
    const smaller: PlanTerms = {
      ...{ ...starter, includedUnits: 10_000, hardLimitUnits: 30_000, flatFeeMinor: '1900' },
      usagePrice: { model: 'graduated', tiers: [{ ...first, upToUnits: 10_000 }, last] },
    }
    const small = await customer(deps, 'small', [{ invoicedUnits: 500, waivedUnits: 0 }])
    const middle = await customer(deps, 'middle', [{ invoicedUnits: 20_000, waivedUnits: 0 }])
    const large = await customer(deps, 'large', [{ invoicedUnits: 50_000, waivedUnits: 0 }])
    expect(await rehearse(deps, smaller)).toMatchObject({ payMore: 1, payLess: 2, leaveIncluded: 1, stop: 1 })
    const only = async (which: 'pay_more' | 'pay_less' | 'leaves_included' | 'stops') => {
      const { rows } = await listRehearsed(deps.billing, { planId: 'starter', target: 'draft', only: which })
      return rows.map(({ accountId }) => accountId).sort()
    }
    expect(await only('leaves_included')).toEqual([middle])
    expect(await only('stops')).toEqual([large])
    expect(await only('pay_more')).toEqual([middle])
    expect(await only('pay_less')).toEqual([small, large].sort())
  })

  test('keeps a new payer within the draft’s spend cap', async () => {
    const accountId = await customer(deps, 'new', [{ invoicedUnits: 60_000, waivedUnits: 0 }])
    const account = await deps.accounts.getAccount(accountId)
    if (!account) throw new Error('no account')
    await deps.billing.update({ pk: `account#${accountId}`, sk: 'account' }, [
      { remove: 'usageInvoicePaidAt' },
    ])
    const capped: PlanTerms = { ...starter, defaultCapMinor: '1000' }
    await rehearse(deps, capped)
    const { rows } = await listRehearsed(deps.billing, { planId: 'starter', target: 'draft' })
    const units = unitsAtCap(starter.usagePrice, 1000n) ?? 0
    expect(rows[0]?.months[0]).toMatchObject({
      stops: 'spend_cap',
      afterMinor: String(statementMinor(capped, units)),
    })
  })

  test('folds the ledger where no invoice was compared, and takes the running month only when no other is there', async () => {
    const accountId = await customer(deps, 'ada', [])
    const [start, end] = [given.at('2027-02-10T09:30:00Z'), given.at('2027-03-10T09:30:00Z')]
    await deps.accounts.addSegment({ ...given.paidSegment({ start, end }), accountId })
    await append(deps.ledger, {
      usage: [
        usageEvent({ account: accountId, id: 'a', units: 20_100, usedAt: given.at('2027-02-15T00:00:00Z') }),
      ],
      access: [],
    })
    await rehearse(deps, { ...starter, flatFeeMinor: '0' })
    const { rows } = await listRehearsed(deps.billing, { planId: 'starter', target: 'draft' })
    expect(rows[0]?.months).toMatchObject([
      { open: true, usedUnits: 20_100, beforeMinor: '2915', afterMinor: '15' },
    ])
  })

  test('leaves out who is on another plan, or on the version that it compares with', async () => {
    await customer(deps, 'other', [{ invoicedUnits: 5, waivedUnits: 0 }], 'free@1')
    await customer(deps, 'there', [{ invoicedUnits: 5, waivedUnits: 0 }])
    const order = { target: 'starter@1' as const, terms: starter, months: 1, restart: false, now: NOW }
    expect(await continueRehearsal(deps, order)).toMatchObject({ done: true, accounts: 0 })
    expect(await rehearse(deps, starter)).toMatchObject({ accounts: 1 })
  })

  test('of many customers goes on where it was cut off, and counts everybody once', async () => {
    for (let i = 0; i < 120; i++)
      await customer(deps, `c${i}`, [{ invoicedUnits: 20_000 + i * 100, waivedUnits: 0 }])
    const whole = await rehearse(deps, { ...starter, flatFeeMinor: '3000' })
    const again = await world()
    for (let i = 0; i < 120; i++)
      await customer(again, `c${i}`, [{ invoicedUnits: 20_000 + i * 100, waivedUnits: 0 }])
    let writes = 0
    const cut = (table: Table): Table => ({
      ...table,
      put: async (...of) => {
        const isCut = ++writes % 67 === 0
        if (isCut && writes % 2 === 0) throw new Error('cut off before')
        const done = await table.put(...of)
        if (isCut) throw new Error('cut off after')
        return done
      },
    })
    let found: Rehearsal | undefined
    for (let tries = 0; !found?.done && tries < 200; tries++) {
      const order = {
        target: 'draft' as const,
        terms: { ...starter, flatFeeMinor: '3000' },
        months: 3,
        restart: false,
        now: NOW,
      }
      found = await continueRehearsal({ ...again, billing: cut(again.billing) }, order).catch(() => found)
    }
    expect(found).toEqual(whole)
    expect(whole.accounts).toBe(120)
  })

  test('of another draft, or begun anew, is another rehearsal', async () => {
    await customer(deps, 'ada', [{ invoicedUnits: 25_000, waivedUnits: 0 }])
    expect((await rehearse(deps, starter)).afterMinor).toBe('3650')
    expect((await rehearse(deps, { ...starter, flatFeeMinor: '0' })).afterMinor).toBe('750')
    await customer(deps, 'bob', [{ invoicedUnits: 0, waivedUnits: 0 }])
    expect((await rehearse(deps, { ...starter, flatFeeMinor: '0' })).accounts).toBe(1)
    expect((await rehearse(deps, { ...starter, flatFeeMinor: '0' }, 3, true)).accounts).toBe(2)
  })
})
