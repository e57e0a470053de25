import { beforeEach, describe, expect, test } from 'vitest'
import { createMemoryTable } from '#kernel/memory-table'
import { DAY_MS, plusMs } from '#kernel/time'
import type { Account } from '../domain/records.ts'
import { ACCOUNT, PERIOD, paidSegment } from '../workflows/testing/fixtures.ts'
import { type AccountStore, createAccountStore } from './store.ts'

const NEXT_DAY = plusMs(PERIOD.start, DAY_MS)
const NEXT = { start: PERIOD.end, end: plusMs(PERIOD.end, 30 * DAY_MS) }
const read = paidSegment()
const account: Account = {
  ...{ accountId: ACCOUNT, openedAt: PERIOD.start, customerId: null, subscriptionId: null },
  ...{ planVersionId: 'free@1', entitlementVersion: 0, blocks: [] },
}
let accounts: AccountStore

beforeEach(async () => {
  accounts = createAccountStore(createMemoryTable())
})

describe('an account', () => {
  test('that was changed since it was read is not changed, the first time and later', async () => {
    await accounts.addAccount(account)
    const changed = await accounts.changeAccount(account, { customerId: 'cus_1' })
    expect(await accounts.changeAccount(account, { customerId: 'cus_2' })).toBeUndefined()
    if (!changed) throw new Error('not changed')
    expect(await accounts.changeAccount(changed, { subscriptionId: 'sub_1' })).toBeDefined()
    expect(await accounts.changeAccount(changed, { subscriptionId: 'sub_2' })).toBeUndefined()
    expect(await accounts.getAccount(ACCOUNT)).toMatchObject({ customerId: 'cus_1', subscriptionId: 'sub_1' })
  })

  test('that is not there is not made by a change', async () => {
    expect(await accounts.changeAccount(account, { customerId: 'cus_1' })).toBeUndefined()
    expect(await accounts.getAccount(ACCOUNT)).toBeUndefined()
  })
})

describe('a segment', () => {
  beforeEach(async () => {
    await accounts.addAccount(account)
    await accounts.addSegment(read)
  })
  const only = async () => (await accounts.listSegments(ACCOUNT))[0]

  test('is found by any instant from its start to before its end', async () => {
    await accounts.addSegment(paidSegment(NEXT))
    const startAt = async (at: typeof NEXT_DAY) => (await accounts.segmentAt(ACCOUNT, at))?.start
    expect(await startAt(plusMs(PERIOD.start, -1))).toBeUndefined()
    expect(await startAt(PERIOD.start)).toBe(PERIOD.start)
    expect(await startAt(plusMs(PERIOD.end, -1))).toBe(PERIOD.start)
    expect(await startAt(PERIOD.end)).toBe(NEXT.start)
    expect(await startAt(plusMs(NEXT.end, -1))).toBe(NEXT.start)
    expect(await startAt(NEXT.end)).toBeUndefined()
  })

  test('whose end has moved since it was read is neither ended nor replaced', async () => {
    expect(await accounts.endSegment(read, NEXT_DAY)).toBe(true)
    expect(await accounts.endSegment(read, plusMs(NEXT_DAY, DAY_MS))).toBe(false)
    expect(await accounts.replaceSegment(read, { ...read, end: NEXT.end })).toBe(false)
    expect(await only()).toEqual({ ...read, end: NEXT_DAY })
  })

  test('is replaced by another with its start, once', async () => {
    const other = { ...read, planVersionId: 'scale@1' }
    expect(await accounts.replaceSegment(read, other)).toBe(true)
    expect(await accounts.replaceSegment(read, { ...read, planVersionId: 'pro@1' })).toBe(false)
    expect(await only()).toEqual(other)
  })

  test('is closed once, and is not replaced after that', async () => {
    const outcome = { carriedInUnits: 1, invoicedUnits: 2, waivedUnits: 3, closedAt: NEXT.start }
    expect(await accounts.closeSegment(read, outcome)).toBe(true)
    expect(await accounts.closeSegment(read, { ...outcome, invoicedUnits: 9 })).toBe(false)
    expect(await accounts.replaceSegment(read, { ...read, planVersionId: 'scale@1' })).toBe(false)
    expect(await only()).toEqual({ ...read, ...outcome })
  })
})
