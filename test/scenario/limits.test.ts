import { LambdaClient } from '@aws-sdk/client-lambda'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createInvoke } from '#kernel/invoke'
import { HOUR_MS, MINUTE_MS } from '#kernel/time'
import { createDeliverLines } from '../../billing/ledger/deliver-lines.ts'
import { FUNCTIONS, LOG_GROUPS } from '../../infra/aws/names.ts'
import type { Tollgate } from '../../infra/launch.ts'
import { batchOf, type Customer } from '../../infra/seed/customer.ts'
import { newPayer } from '../support/payer.ts'
import { advance, billingOf, expectOk, operatorCall, startTollgate } from '../support/tollgate.ts'

let tollgate: Tollgate
let customer: Customer
let accountId: string
let usedUnits = 0

beforeAll(async () => {
  tollgate = await startTollgate('2026-03-10T09:15:27Z')
  ;({ customer, accountId } = await newPayer(tollgate))
})
afterAll(() => tollgate?.stop())

const billing = () => billingOf(tollgate)
const call = () => operatorCall(tollgate)
const setCap = async (capMinor: string | null) =>
  expectOk(await billing().setSpendCap({ accountId, capMinor }, call()))
async function use(units: number): Promise<number> {
  const answer = await customer.call('/v1/batch', batchOf(units))
  usedUnits += answer.units
  return answer.status
}
/** Up to now, everything is in the ledger. */
const settled = () => advance(tollgate, 2 * MINUTE_MS)

describe('limits that a customer sets', () => {
  it('a capped key is stopped exactly, says so, and goes on at once when its cap is raised on its page', async () => {
    const { byKey } = expectOk(await billing().getUsage({ accountId }, call()))
    expect(byKey).toEqual([])
    const page = await customer.openPage('/keys')
    const path = /href="(\/keys\/[^"]+\/cap)"/.exec(page.html)?.[1] ?? ''
    const setKeyCap = async (units: number) =>
      customer.browser.submit(await customer.openPage(path), { units: String(units) }, path)
    await setKeyCap(5)
    await advance(tollgate, MINUTE_MS)
    expect([await use(3), await use(3), await use(2)]).toEqual([200, 429, 200])
    expect((await customer.call('/v1/batch', batchOf(1))).body).toMatchObject({
      code: 'key_cap_reached',
      leftUnits: 0,
    })
    expect((await setKeyCap(8)).html).toContain('The cap is in force')
    expect(await use(3)).toBe(200)
    const removed = await customer.browser.submit(await customer.openPage(path), { none: 'yes' }, path)
    expect(removed.status).toBe(200)
  })

  it('a spend cap stops calls at the unit it buys, a higher one lets them pass at once, a lower one forgives nothing', async () => {
    expect(await setCap('0')).toMatchObject({ capUnits: 20_003, inForce: true })
    await advance(tollgate, MINUTE_MS)
    while (usedUnits < 20_000) expect(await use(Math.min(100, 20_000 - usedUnits))).toBe(200)
    expect([await use(4), await use(3), await use(1)]).toEqual([402, 200, 402])
    expect((await customer.call('/v1/batch', batchOf(1))).body).toMatchObject({ code: 'spend_cap_reached' })
    await setCap('100')
    expect([await use(100), await use(7)]).toEqual([200, 200])
    await settled()
    expect(await setCap('0')).toMatchObject({ isReached: true, usedUnits: 20_110 })
    expect(await use(1)).toBe(402)

    const { segment } = expectOk(await billing().getSubscription({ accountId }, call()))
    await tollgate.clock.advanceTo(segment.end + 26 * HOUR_MS)
    const { invoices } = expectOk(await billing().listInvoices({ accountId }, call()))
    const invoiceId = invoices.find(({ close }) => close !== null)?.invoiceId ?? ''
    const { proof } = expectOk(await billing().getInvoice({ accountId, invoiceId }, call()))
    expect(proof).toMatchObject({ meteredUnits: 20_110, waivedUnits: 0, invoicedUnits: 20_110, holds: true })
  }, 300_000)

  it('usage is shown by key, route and status, and its days add up to the metered charges', async () => {
    const [first] = expectOk(await billing().listInvoices({ accountId }, call())).invoices.filter(
      ({ close }) => close !== null,
    )
    if (!first) throw new Error('no invoice')
    const usage = expectOk(await billing().getUsage({ accountId, period: first.period }, call()))
    expect(usage.byKey).toMatchObject([{ units: 20_110 }])
    expect(usage.byRoute).toMatchObject([{ route: 'POST /v1/batch', units: 20_110 }])
    expect(usage.byStatus?.map(({ status }) => status)).toEqual([200, 402, 429])
    // 110 units beyond the included ones at 0.15 cents.
    expect(usage.days.reduce((sum, { costMinor }) => sum + Number(costMinor), 0)).toBe(17)
  })
})

describe('what does not add up', () => {
  it('days whose logs, ledger, gateway counters and Stripe agree are clean', async () => {
    const { days } = expectOk(await billing().adminListReconciliations({}, call()))
    expect(days.length).toBeGreaterThan(25)
    expect(new Set(days.map(({ state }) => state))).toEqual(new Set(['clean']))
    const { days: first } = expectOk(
      await billing().adminListReconciliations({ before: '2026-03-12' }, call()),
    )
    expect(first.find(({ day }) => day === '2026-03-10')).toMatchObject({
      served: expect.any(Number),
      stripe: { segments: 1, differences: [] },
    })
  })

  it('a line that is no record waits in the dead letters with its reason, and is read again on demand', async () => {
    const recordUsage = createInvoke(FUNCTIONS.recordUsage, new LambdaClient(tollgate.aws))
    const message = JSON.stringify({ account: accountId, units: 1, id: 'by hand' })
    const source = { logGroup: LOG_GROUPS.apiFunction, logStream: 'by hand' }
    await createDeliverLines(recordUsage)(source, [{ id: 'e1', timestamp: 0, message }])
    const { waiting, letters } = expectOk(await billing().adminListDeadLetters({}, call()))
    expect(waiting).toBe(1)
    expect(letters).toMatchObject([{ kind: 'line', reason: expect.stringContaining('usage line') }])
    expect(expectOk(await billing().adminRedrive({ reason: 'after the fix' }, call()))).toEqual({
      taken: 1,
      left: 1,
    })
  })
})
