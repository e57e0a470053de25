import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { AwsClient } from 'aws4fetch'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ExplainedLevel } from '#billing/contract'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#kernel/time'
import type { Tollgate } from '../../infra/launch.ts'
import { batchOf, type Customer } from '../../infra/seed/customer.ts'
import { newPayer } from '../support/payer.ts'
import { advance, billingOf, expectOk, operatorCall, startTollgate } from '../support/tollgate.ts'

let tollgate: Tollgate
let customer: Customer
let accountId: string
let invoiceId: string

beforeAll(async () => {
  tollgate = await startTollgate('2026-03-10T09:15:27Z')
  ;({ customer, accountId } = await newPayer(tollgate))
  for (const items of [7, 11, 50]) {
    await customer.call('/v1/batch', batchOf(items))
    await advance(tollgate, 5 * DAY_MS)
  }
  await customer.call('/v1/batch', { nothing: true })
  const { segment } = expectOk(await billing().getSubscription({ accountId }, call()))
  await tollgate.clock.advanceTo(segment.end + 26 * HOUR_MS)
  const { invoices } = expectOk(await billing().listInvoices({ accountId }, call()))
  invoiceId = invoices.find(({ close }) => close !== null)?.invoiceId ?? ''
})
afterAll(() => tollgate?.stop())

const billing = () => billingOf(tollgate)
const call = () => operatorCall(tollgate)

async function levelOf(place: object): Promise<ExplainedLevel> {
  const { level } = expectOk(await billing().explainInvoice({ accountId, invoiceId, ...place }, call()))
  if (!level) throw new Error('there is no level')
  return level
}
const sum = (level: ExplainedLevel) =>
  level.rows.reduce((units, row) => units + row.units, 0) +
  level.requests.reduce((units, request) => units + request.billedUnits, 0)

describe('an invoice that somebody disputes', () => {
  it('is explained from its lines down to its requests, and every level adds up to the one above', async () => {
    const { lines, proof } = expectOk(await billing().explainInvoice({ accountId, invoiceId }, call()))
    expect(proof).toMatchObject({ meteredUnits: 68, invoicedUnits: 68, holds: true })
    const line = lines.find(({ units }) => units > 0)
    expect(line).toMatchObject({ units: 68, unroundedMinor: '0', amountMinor: '0' })
    const lineIndex = line?.lineIndex ?? -1
    const days = await levelOf({ lineIndex })
    expect([days.units, sum(days)]).toEqual([68, 68])
    expect(days.rows.map(({ units }) => units)).toEqual([7, 11, 50])
    for (const { name: day, units } of days.rows) {
      const keys = await levelOf({ lineIndex, day })
      expect([keys.units, sum(keys)]).toEqual([units, units])
      const keyId = keys.rows[0]?.name
      const routes = await levelOf({ lineIndex, day, keyId })
      expect(routes.rows).toEqual([{ name: 'POST /v1/batch', units }])
      const requests = await levelOf({ lineIndex, day, keyId, route: 'POST /v1/batch' })
      expect(requests.requests).toMatchObject([
        { units, billedUnits: units, outcome: 'charged', status: 200 },
      ])
    }
  })

  it('comes with files that anybody can check and add up with the tools of every system', async () => {
    const proof = expectOk(await billing().getProofFiles({ accountId, invoiceId }, call()))
    const folder = await mkdtemp(join(tmpdir(), 'tollgate-proof-'))
    for (const { name, url } of proof.files) {
      const answer = await fetch(url)
      expect(answer.status, name).toBe(200)
      await writeFile(join(folder, name), new Uint8Array(await answer.arrayBuffer()))
    }
    const manifest = await readFile(join(folder, 'SHA256SUMS'))
    expect(createHash('sha256').update(manifest).digest('hex')).toBe(proof.sha256)
    const commands = await readCommands()
    const { stdout } = await promisify(execFile)('sh', ['-ec', commands], { cwd: folder })
    expect(stdout).toContain(`${proof.sha256}  SHA256SUMS`)
    expect(stdout).toContain('statement.csv: OK')
    expect(stdout).toContain('units 68')
    expect(stdout).toContain('owed 68')
    expect(stdout).toContain('usage 0')
    const { stdout: csv } = await promisify(execFile)('sh', ['-c', 'gunzip -c *.csv.gz | grep -v ^id'], {
      cwd: folder,
    })
    expect(csv.trim().split('\n')).toHaveLength(4)
    expect(csv).toMatch(/,0,422,no,failed/)
    await rm(folder, { recursive: true })
  })

  it('whose addresses stop working after a quarter of an hour', async () => {
    const { files } = expectOk(await billing().getProofFiles({ accountId, invoiceId }, call()))
    await advance(tollgate, 16 * MINUTE_MS)
    expect((await fetch(files[0]?.url ?? '')).status).toBe(403)
  })
})

describe('the ledger', () => {
  it('is exported once its month has drained', async () => {
    const objects = await storedKeys()
    const months = objects.filter(key => key.endsWith('/manifest.json'))
    expect(months).toContain('ledger/2026-03/manifest.json')
    expect(objects.filter(key => key.startsWith(`ledger/2026-03/${accountId}/`))).toHaveLength(1)
  })
})

/** What lies in the product's one bucket. */
async function storedKeys(): Promise<string[]> {
  const { region, endpoint, credentials } = tollgate.aws
  const s3 = new AwsClient({ ...credentials, region, service: 's3' })
  const read = async (path: string, tag: string) =>
    [
      ...(await (await s3.fetch(`${endpoint}${path}`)).text()).matchAll(
        new RegExp(`<${tag}>([^<]+)</${tag}>`, 'g'),
      ),
    ].map(([, text = '']) => text)
  const [bucket] = await read('/', 'Name')
  return read(`/${bucket}?list-type=2`, 'Key')
}

/** The commands of billing's README, word for word. */
async function readCommands(): Promise<string> {
  const readme = await readFile(new URL('../../billing/README.md', import.meta.url), 'utf8')
  const block = /## Check a bill[\s\S]*?```sh\n([\s\S]*?)```/.exec(readme)?.[1]
  if (!block) throw new Error('the README names no commands')
  return block
}
