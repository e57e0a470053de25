import { beforeEach, describe, expect, test } from 'vitest'
import { accountIdOf } from '#kernel/ids'
import { DAY_MS, plusMs } from '#kernel/time'
import { manifestKeyOf } from '../../proof/write-proof.ts'
import { createCloseWorld } from '../../workflows/close-invoice/testing/run-close.ts'
import * as given from '../../workflows/testing/fixtures.ts'
import { callAt } from '../testing/test-deps.ts'
import { adminGetClose } from './admin-get-close.ts'
import { adminListCloses } from './admin-list-closes.ts'
import { explainInvoice } from './explain-invoice.ts'
import { getProofFiles } from './get-proof-files.ts'
import { listRemainders } from './list-remainders.ts'

const now = plusMs(given.PERIOD.end, 2 * DAY_MS)
const ofInvoice = { accountId: given.ACCOUNT, invoiceId: 'in_1' }
const customer = (founder: string) =>
  callAt(now, { kind: 'customer', accountId: accountIdOf(founder), userId: 'u' })
const owner = callAt(now, { kind: 'admin', userId: 'owner' })
const lines = [
  given.flatLine,
  given.line({ id: 'il_1', quantity: 20_000, amountMinor: 0n }),
  given.line({ id: 'il_2', quantity: 5_007, amountMinor: 751n }),
]
let close: Awaited<ReturnType<typeof createCloseWorld>>

beforeEach(async () => {
  close = await createCloseWorld(lines)
})

describe('somebody else', () => {
  test('learns nothing of an invoice, not even whether it is there', async () => {
    await close.sweep()
    for (const ask of [explainInvoice(close.world), getProofFiles(close.world)]) {
      const foreign = await ask(ofInvoice, customer('stranger'))
      expect(foreign).toEqual(await ask({ ...ofInvoice, invoiceId: 'in_none' }, customer('stranger')))
      expect(foreign).toMatchObject({ ok: false, code: 'not_found' })
    }
    const { accountId } = ofInvoice
    expect(await listRemainders(close.world)({ accountId }, customer('stranger'))).toMatchObject({
      ok: false,
    })
  })

  test('who is no administrator sees no closes and repairs none', async () => {
    const refused = { ok: false, code: 'forbidden' }
    expect(await adminListCloses(close.world)({}, customer('founder'))).toMatchObject(refused)
    expect(await adminGetClose(close.ports)(ofInvoice, customer('founder'))).toMatchObject(refused)
  })
})

test('an invoice is explained to its account, and one that is not compared yet says so', async () => {
  const ask = explainInvoice(close.world)
  expect(await ask(ofInvoice, customer('founder'))).toMatchObject({ code: 'invoice_not_found' })
  await close.sweep()
  expect(await ask(ofInvoice, customer('founder'))).toMatchObject({
    value: {
      lateUnits: 0,
      totalMinor: '3651',
      lines: [{ units: 20_000 }, { units: 5_007 }, { kind: 'flat_fee' }],
    },
  })
  expect(await ask({ ...ofInvoice, lineIndex: 7 }, owner)).toMatchObject({ code: 'line_not_found' })
  const wrong = { ...ofInvoice, lineIndex: 0, day: '2026-11-11', cursor: 'mine' }
  expect(await ask(wrong, owner)).toMatchObject({ code: 'invalid_request' })
})

test('usage that is recorded after the close is shown as late, and the lines stay what was invoiced', async () => {
  await close.sweep()
  await close.world.use(50, plusMs(given.PERIOD.start, 3 * DAY_MS))
  expect(await explainInvoice(close.world)(ofInvoice, owner)).toMatchObject({
    value: { lateUnits: 50, totalMinor: '3651', proof: { meteredUnits: 25_007 } },
  })
})

test('a manifest that is not the one that was stored with the statement is never handed out', async () => {
  await close.sweep()
  const ask = getProofFiles(close.world)
  expect(await ask(ofInvoice, owner)).toMatchObject({
    value: { files: [{ name: 'SHA256SUMS' }, {}, {}, {}] },
  })
  await close.world.objects.put(manifestKeyOf(ofInvoice), new Uint8Array([1]), { contentType: 'text/plain' })
  await expect(ask(ofInvoice, owner)).rejects.toThrow('is not the one that was written')
})

test('closes are listed by what they need: held, awaited, closed', async () => {
  const list = async () => {
    const listed = await adminListCloses(close.world)({}, owner)
    if (!listed.ok) throw new Error(listed.code)
    const { held, open, awaited, recent } = listed.value
    return [held, open, awaited, recent].map(rows => rows.length)
  }
  expect(await list()).toEqual([0, 0, 1, 0])
  close.stripe.change('in_1', { currency: 'eur' })
  await close.sweep()
  expect(await list()).toEqual([1, 0, 0, 0])
  expect(await adminGetClose(close.ports)(ofInvoice, owner)).toMatchObject({
    value: {
      summary: { close: 'held', reason: 'the currency is eur' },
      ...{ reportedUnits: 25_007, summaryUnits: 25_007, work: { state: 'held', attempt: 1 } },
      lines: [{ equal: true }, { equal: true }, { equal: true }],
    },
  })
  close.stripe.change('in_1', { currency: 'usd' })
  const preview = await close.repair('retry')
  const planId = preview.ok ? preview.value.plan.planId : ''
  await close.repair('retry', { planId, reason: 'the currency was put right' })
  expect(await list()).toEqual([0, 0, 0, 1])
})
