import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#kernel/time'
import type { Tollgate } from '../../infra/launch.ts'
import { batchOf, type Customer } from '../../infra/seed/customer.ts'
import { accountIdOfEmail } from '../support/account.ts'
import {
  advance,
  billingOf,
  expectOk,
  newCustomer,
  operatorCall,
  startTollgate,
} from '../support/tollgate.ts'

let tollgate: Tollgate
let customer: Customer
let accountId: string

beforeAll(async () => {
  tollgate = await startTollgate('2026-03-10T09:15:27Z')
  customer = newCustomer(tollgate, 'ada@example.com')
  await customer.signUp()
  await tollgate.clock.whenIdle()
  await customer.createKey('Production')
  await customer.buy('starter')
  await advance(tollgate, 2 * MINUTE_MS)
  accountId = await accountIdOfEmail(tollgate, customer.email)
})
afterAll(() => tollgate?.stop())

describe('the end of a period', () => {
  it('a call made in the last second of a period that ends by itself is on that period’s invoice, and one made a second later is not', async () => {
    const billing = billingOf(tollgate)
    const { segment } = expectOk(await billing.getSubscription({ accountId }, operatorCall(tollgate)))

    await tollgate.clock.advanceTo(segment.end - 500)
    const lastSecond = await customer.call('/v1/batch', batchOf(7))
    await advance(tollgate, SECOND_MS)
    const secondLater = await customer.call('/v1/batch', batchOf(11))
    expect([lastSecond.units, secondLater.units]).toEqual([7, 11])

    await tollgate.clock.advanceTo(segment.end + 26 * HOUR_MS)
    const { invoices } = expectOk(await billing.listInvoices({ accountId }, operatorCall(tollgate)))
    const closed = invoices.find(invoice => invoice.close !== null)
    expect(closed).toMatchObject({ status: 'paid', close: 'equal' })
    const invoice = expectOk(
      await billing.getInvoice({ accountId, invoiceId: closed?.invoiceId ?? '' }, operatorCall(tollgate)),
    )
    expect(invoice.period).toEqual(segment)
    expect(invoice.proof).toMatchObject({ meteredUnits: 7, reportedUnits: 7, invoicedUnits: 7, holds: true })

    const next = expectOk(await billing.getSubscription({ accountId }, operatorCall(tollgate)))
    expect(next.segment.start).toBe(segment.end)
    expect(next.unitsUsed).toBe(11)
  })
})
