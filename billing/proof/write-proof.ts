import * as z from 'zod/mini'
import { rate, totalOf } from '#billing/contract'
import { isNew, type Table } from '#kernel/table'
import type { Hour, Period } from '#kernel/time'
import { readHour } from '../ledger/totals.ts'
import type { BillingDeps } from '../procedures/deps.ts'
import { getInvoiceRecord, type InvoiceRecord, invoiceRecordKey } from '../stripe/invoice-record.ts'
import { describeBill } from './describe-bill.ts'
import { listHours } from './list-hours.ts'
import { createPartWriter, type Part, partSchema, sha256 } from './part-writer.ts'
import { clearProofDue, type ProofDue } from './proof-due.ts'
import { PROOF_HEADER, proofRow, requestsOf } from './proof-rows.ts'

export type ProofPorts = Pick<BillingDeps, 'billing' | 'ledger' | 'objects' | 'plans'>

/** One day that is written: `proof#<invoice>` / `<day>`. `statement` stands for the facts beside the days. */
const daySchema = z.object({ sk: z.string(), parts: z.array(partSchema), rows: z.int(), units: z.int() })
export type ProofDay = {
  readonly day: string
  readonly parts: readonly Part[]
  readonly rows: number
  readonly units: number
}

/** Rows of one step, which has 60 seconds. */
const ROWS_MAX = 150_000

const folderOf = ({ accountId, invoiceId }: ProofDue): string => `proofs/${accountId}/${invoiceId}`
export const manifestKeyOf = (of: ProofDue): string => `${folderOf(of)}/SHA256SUMS`

/**
 * Writes the files behind an invoice (D17): one set of CSV parts for each day with requests, `statement.csv` with the
 * facts that turn their units into the bill, and last `SHA256SUMS`, which names the hash of every file and whose own hash
 * is stored with the statement. The same ledger gives the same bytes. True when everything is there; false when there is
 * more to do than one call takes: call again, days that are written are not written again.
 */
export async function writeProof(ports: ProofPorts, due: ProofDue, rowsMax = ROWS_MAX): Promise<boolean> {
  const record = await getInvoiceRecord(ports.billing, due.accountId, due.invoiceId)
  if (!record?.proof || !record.statement) throw new Error(`${due.invoiceId} is not compared yet`)
  if (!record.proofFiles) {
    if (!(await writeDays(ports, due, record.period, rowsMax))) return false
    await writeManifest(ports, due, record)
  }
  await clearProofDue(ports.billing, due)
  return true
}

async function writeDays(
  ports: ProofPorts,
  due: ProofDue,
  period: Period,
  rowsMax: number,
): Promise<boolean> {
  const hours = await listHours(ports.ledger, due.accountId, period)
  const written = new Set((await readProofDays(ports.billing, due)).map(({ day }) => day))
  let rows = 0
  for (const [day, ofDay] of Map.groupBy(hours, hour => hour.slice(0, 10))) {
    if (written.has(day)) continue
    if (rows >= rowsMax) return false
    rows += await writeDay(ports, due, period, day, ofDay)
  }
  return true
}

/** An hour at a time is read, and one part held. */
async function writeDay(
  { billing, ledger, objects }: ProofPorts,
  due: ProofDue,
  period: Period,
  day: string,
  hours: readonly Hour[],
): Promise<number> {
  const keyOf = (part: number) => `${folderOf(due)}/${day}.${String(part).padStart(3, '0')}.csv.gz`
  const writer = createPartWriter(objects, keyOf, PROOF_HEADER)
  let units = 0
  for (const hour of hours) {
    const { records } = await readHour(ledger, due.accountId, hour)
    for (const request of requestsOf(records, period)) {
      units += request.units
      await writer.add(proofRow(request))
    }
  }
  const parts = await writer.end()
  const rows = parts.reduce((sum, part) => sum + part.rows, 0)
  await billing.put({ parts, rows, units, pk: partitionOf(due), sk: day }, isNew)
  return rows
}

const partitionOf = ({ invoiceId }: Pick<ProofDue, 'invoiceId'>): string => `proof#${invoiceId}`

/** In the order of days. */
export async function readProofDays(billing: Table, due: Pick<ProofDue, 'invoiceId'>): Promise<ProofDay[]> {
  const items = await billing.query({ pk: partitionOf(due) })
  return items
    .map(item => z.parse(daySchema, item))
    .map(({ sk, parts, rows, units }) => ({ day: sk, parts, rows, units }))
}

async function writeManifest(
  { billing, objects, plans }: ProofPorts,
  due: ProofDue,
  record: InvoiceRecord,
): Promise<void> {
  const plan = await plans.getVersion(record.planVersionId)
  const { proof, statement } = record
  if (!plan || !proof || !statement) throw new Error(`${due.invoiceId} has no plan`)
  const days = await readProofDays(billing, due)
  const owedUnits = proof.meteredUnits + proof.carriedInUnits - proof.carriedOutUnits - proof.waivedUnits
  const bill = describeBill({
    ...{ ...due, period: record.period, plan, proof, totalMinor: statement.totalMinor },
    recordedUnits: days.reduce((sum, { units }) => sum + units, 0),
    usageMinor: totalOf(rate(plan.usagePrice, owedUnits)),
  })
  const billKey = `${folderOf(due)}/${STATEMENT_FILE}`
  await objects.put(billKey, Buffer.from(bill), { contentType: 'text/csv' })
  const files = [
    ...days.flatMap(({ parts }) => parts.map(part => ({ name: nameOf(part.key), sha256: part.sha256 }))),
    { name: STATEMENT_FILE, sha256: sha256(bill) },
  ]
  // The form that `sha256sum --check` reads.
  const manifest = files.map(file => `${file.sha256}  ${file.name}\n`).join('')
  const manifestKey = manifestKeyOf(due)
  await objects.put(manifestKey, Buffer.from(manifest), { contentType: 'text/plain' })
  const rows = days.reduce((sum, day) => sum + day.rows, 0)
  const proofFiles = { manifestKey, sha256: sha256(manifest), rows }
  const changes = [{ set: 'proofFiles', to: proofFiles }] as const
  await billing.update(invoiceRecordKey(due.accountId, due.invoiceId), changes, [{ absent: 'proofFiles' }])
}

export const STATEMENT_FILE = 'statement.csv'
export const nameOf = (key: string): string => key.slice(key.lastIndexOf('/') + 1)
