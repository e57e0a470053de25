import { gunzipSync } from 'node:zlib'
import { beforeEach, describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, plusMs } from '#kernel/time'
import { getInvoiceRecord, noteOnInvoice } from '../stripe/invoice-record.ts'
import * as given from '../workflows/testing/fixtures.ts'
import { createPartWriter, sha256 } from './part-writer.ts'
import { listProofDue, markProofDue } from './proof-due.ts'
import { writeProof } from './write-proof.ts'

const due = { accountId: given.ACCOUNT, invoiceId: 'in_1' }
const folder = `proofs/${given.ACCOUNT}/in_1`
let billing: given.TestBilling

beforeEach(async () => {
  billing = await given.createBilling()
  await fill(billing)
})

async function fill(to: given.TestBilling): Promise<void> {
  for (const [units, day] of [
    [5, 0],
    [7, 1],
    [9, 1],
    [11, 3],
  ] as const)
    await to.use(units, plusMs(given.PERIOD.start, day * DAY_MS + units * HOUR_MS))
  await to.use(3, given.PERIOD.end)
  const units = { meteredUnits: 32, carriedInUnits: 0, carriedOutUnits: 0, waivedUnits: 0 }
  await noteOnInvoice(to.billing, due, {
    ...{ close: 'comparing', period: given.PERIOD, planVersionId: 'starter@1' },
    statement: { lines: [], totalMinor: '2900' },
    proof: { ...units, reportedUnits: 32, invoicedUnits: 32, holds: true },
  })
  await markProofDue(to.billing, due)
}

const textOf = (key: string) => {
  const body = billing.objects.objects.get(key) ?? new Uint8Array()
  return (key.endsWith('.gz') ? gunzipSync(body) : Buffer.from(body)).toString('utf8')
}

describe('proof files', () => {
  test('hold every request of the period, one file a day, and no other', async () => {
    expect(await writeProof(billing, due)).toBe(true)
    const files = [...billing.objects.objects.keys()].map(key => key.slice(folder.length + 1)).sort()
    expect(files).toEqual([
      '2026-11-10.001.csv.gz',
      '2026-11-11.001.csv.gz',
      '2026-11-13.001.csv.gz',
      ...['SHA256SUMS', 'statement.csv'],
    ])
    const [header, ...rows] = textOf(`${folder}/2026-11-11.001.csv.gz`).trim().split('\n')
    expect(header).toBe('id,usedAt,key,route,units,status,charged,why')
    expect(rows.map(row => row.split(',').slice(3))).toEqual([
      ['POST /v1/batch', '7', '200', 'yes', 'charged'],
      ['POST /v1/batch', '9', '200', 'yes', 'charged'],
    ])
    expect(textOf(`${folder}/statement.csv`)).toContain('metered,32\nlate,0\n')
  })

  test('are named with their hashes in one manifest, whose hash is stored with the statement', async () => {
    await writeProof(billing, due)
    const lines = textOf(`${folder}/SHA256SUMS`).trim().split('\n')
    for (const line of lines) {
      const [hash = '', name = ''] = line.split('  ')
      expect(sha256(billing.objects.objects.get(`${folder}/${name}`) ?? '')).toBe(hash)
    }
    expect(lines).toHaveLength(4)
    const record = await getInvoiceRecord(billing.billing, given.ACCOUNT, 'in_1')
    expect(record?.proofFiles).toMatchObject({ sha256: sha256(textOf(`${folder}/SHA256SUMS`)), rows: 4 })
    expect(await listProofDue(billing.billing)).toEqual([])
  })

  test('of the same ledger have the same bytes, however many calls it took', async () => {
    const other = await given.createBilling()
    await fill(other)
    await writeProof(billing, due)
    expect(await writeProof(other, due, 1)).toBe(false)
    for (let calls = 0; calls < 3; calls++) await writeProof(other, due, 1)
    expect([...other.objects.objects]).toEqual([...billing.objects.objects])
  })

  test('once written are never written again, whatever arrives later', async () => {
    await writeProof(billing, due)
    const before = [...billing.objects.objects]
    await billing.use(100, plusMs(given.PERIOD.start, DAY_MS))
    await writeProof(billing, due)
    expect([...billing.objects.objects]).toEqual(before)
  })

  test('show as late what was recorded between the close and their writing', async () => {
    await billing.use(100, plusMs(given.PERIOD.start, 5 * DAY_MS))
    await writeProof(billing, due)
    expect(textOf(`${folder}/statement.csv`)).toContain('metered,32\nlate,100\n')
  })
})

test('a part ends before it grows too large, and every part repeats the header', async () => {
  const objects = billing.objects
  const writer = createPartWriter(objects, part => `x/${part}`, 'id', 30)
  for (let n = 0; n < 7; n++) await writer.add(`row ${n} of 7`)
  const parts = await writer.end()
  expect(parts.map(({ rows }) => rows)).toEqual([2, 2, 2, 1])
  expect(gunzipSync(objects.objects.get('x/4') ?? '').toString()).toBe('id\nrow 6 of 7\n')
})
