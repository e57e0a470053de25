import { gunzipSync } from 'node:zlib'
import { beforeEach, expect, test } from 'vitest'
import { accountIdOf, derivedId } from '#kernel/ids'
import { DAY_MS, HOUR_MS, type Instant, plusMs } from '#kernel/time'
import { append } from '../ledger/append.ts'
import { createCrasher } from '../workflows/close-invoice/testing/crash-at.ts'
import * as given from '../workflows/testing/fixtures.ts'
import { exportLedger } from './export-ledger.ts'

const ACCOUNTS = ['one', 'two', 'three'].map(accountIdOf).sort()
const DECEMBER = given.at('2026-12-01T00:00:00Z')
let billing: given.TestBilling

beforeEach(async () => {
  billing = await fill()
})

async function fill() {
  const made = await given.createBilling()
  for (const [n, account] of ACCOUNTS.entries()) {
    await made.billing.put({ pk: 'account-index', sk: account, planVersionId: 'starter@1', version: 1 })
    for (const usedAt of [given.at('2026-11-03T10:00:00Z'), plusMs(DECEMBER, -1), DECEMBER]) {
      const [id, key] = [derivedId('req', account, String(usedAt)), derivedId('key', account)]
      const record = { id, key, account, route: 'POST /v1/batch', usedAt }
      await append(made.ledger, {
        usage: [{ ...record, units: n + 1, status: 200, durationMs: 1 }],
        access: usedAt === DECEMBER ? [] : [{ ...record, status: 504 }],
      })
    }
  }
  return made
}

const run = (at: Instant, rowsMax?: number, made = billing) =>
  exportLedger({ ...made, drainMs: DAY_MS }, at, rowsMax)
const text = (key: string) => gunzipSync(billing.objects.objects.get(key) ?? '').toString('utf8')
const manifest = (month: string) =>
  JSON.parse(Buffer.from(billing.objects.objects.get(`ledger/${month}/manifest.json`) ?? '').toString('utf8'))

test('a month is exported once it has drained, every record once, and not again', async () => {
  expect(await run(plusMs(DECEMBER, DAY_MS - 1))).toEqual({ months: [], rows: 0, done: true })
  expect(await run(plusMs(DECEMBER, DAY_MS))).toEqual({ months: ['2026-11'], rows: 12, done: true })
  const rows = text(`ledger/2026-11/${ACCOUNTS[0]}/0001.jsonl.gz`)
    .trim()
    .split('\n')
    .map(row => JSON.parse(row))
  expect(rows).toMatchObject([
    { kind: 'usage', units: 1, route: 'POST /v1/batch' },
    { kind: 'access', status: 504 },
    { kind: 'usage', usedAt: DECEMBER - 1 },
    { kind: 'access' },
  ])
  expect(manifest('2026-11')).toMatchObject({
    edition: 'drained',
    rows: 12,
    accounts: [{ rows: 4 }, { rows: 4 }, { rows: 4 }],
  })
  expect(await run(plusMs(DECEMBER, 2 * DAY_MS))).toEqual({ months: [], rows: 0, done: true })
})

test('when nothing more can arrive it is exported once more, with what came late', async () => {
  await run(plusMs(DECEMBER, DAY_MS))
  await append(billing.ledger, {
    usage: [
      {
        ...{
          id: derivedId('req', 'late'),
          key: derivedId('key', 'x'),
          account: ACCOUNTS[1] ?? '',
          route: 'POST /v1/batch',
        },
        ...{ units: 9, status: 200, durationMs: 1, usedAt: given.at('2026-11-05T10:00:00Z') },
      },
    ],
    access: [],
  })
  const settled = plusMs(DECEMBER, 75 * DAY_MS)
  expect((await run(settled)).months).toEqual(['2026-11', '2026-12', '2027-01'])
  expect(manifest('2026-11')).toMatchObject({ edition: 'settled', rows: 13 })
  expect((await run(plusMs(settled, HOUR_MS))).months).toEqual([])
})

test('a run takes a bounded number of rows and the next goes on behind it, with the same files in the end', async () => {
  const at = plusMs(DECEMBER, DAY_MS)
  await run(at)
  const other = await fill()
  const made: number[] = []
  for (let runs = 0; runs < 4; runs++) made.push((await run(at, 4, other)).rows)
  expect(made).toEqual([4, 4, 4, 0])
  expect([...other.objects.objects]).toEqual([...billing.objects.objects])
})

test('cut off at any effect, before or after it, the next run comes to the same files', async () => {
  const at = plusMs(DECEMBER, DAY_MS)
  const counter = createCrasher(0, 'before')
  await run(at, 4, { ...billing, billing: counter.wrap(billing.billing) })
  await run(at)
  for (let effect = 1; effect <= 12; effect++)
    for (const when of ['before', 'after'] as const) {
      const other = await fill()
      const crasher = createCrasher(effect, when)
      const wrapped = { ...other, billing: crasher.wrap(other.billing), objects: crasher.wrap(other.objects) }
      await run(at, undefined, wrapped).catch(() => {})
      await run(at, undefined, other)
      expect([...other.objects.objects], `${when} effect ${effect}`).toEqual([...billing.objects.objects])
    }
})
