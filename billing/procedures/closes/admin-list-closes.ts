import type { CloseSummary, closeProcedures } from '#billing/contract'
import { ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import { type Instant, instant, toIso, utcMonthOf } from '#kernel/time'
import { listClosing } from '../../stripe/closing.ts'
import { getInvoiceRecord, type InvoiceRecord } from '../../stripe/invoice-record.ts'
import { type CloseRef, closesOfMonth, heldCloses } from '../../workflows/close-invoice/close-log.ts'
import { refuseNonAdmin } from '../authorise.ts'
import type { BillingDeps } from '../deps.ts'

const MONTHS = 3
const LATEST_MAX = 100

/** Closes of all accounts: what is held, what is under way, what is awaited, and the latest. */
export const adminListCloses =
  (deps: Pick<BillingDeps, 'billing'>): Handlers<typeof closeProcedures>['adminListCloses'] =>
  async (_input, call) => {
    const refusal = refuseNonAdmin(call)
    if (refusal) return refusal
    const held = await summarizeAll(deps, await heldCloses(deps.billing))
    const latest = await summarizeAll(deps, await listLatest(deps, call.now))
    const open = latest.filter(({ close, closedAt }) => closedAt === null && close !== 'held')
    const known = new Set([...held, ...latest].map(({ accountId, period }) => `${accountId}#${period.end}`))
    const awaited = (await listClosing(deps.billing, call.now))
      .filter(({ accountId, end }) => !known.has(`${accountId}#${end}`))
      .map(({ accountId, end }) => ({ accountId, end }))
    return ok({ held, open, awaited, recent: latest.filter(({ closedAt }) => closedAt !== null) })
  }

async function listLatest({ billing }: Pick<BillingDeps, 'billing'>, now: Instant): Promise<CloseRef[]> {
  const found: CloseRef[] = []
  let { start } = utcMonthOf(now)
  for (let i = 0; i < MONTHS && found.length < LATEST_MAX; i++) {
    found.push(...(await closesOfMonth(billing, toIso(start).slice(0, 7), LATEST_MAX - found.length)))
    start = utcMonthOf(instant(start - 1)).start
  }
  return found
}

async function summarizeAll(
  { billing }: Pick<BillingDeps, 'billing'>,
  refs: readonly CloseRef[],
): Promise<CloseSummary[]> {
  const records = await Promise.all(
    refs.map(({ accountId, invoiceId }) => getInvoiceRecord(billing, accountId, invoiceId)),
  )
  return records.flatMap(record => (record ? [summaryOf(record)] : []))
}

export const summaryOf = (record: InvoiceRecord): CloseSummary => ({
  ...{ accountId: record.accountId, invoiceId: record.invoiceId, period: record.period },
  ...{ planVersionId: record.planVersionId, close: record.close },
  reason: record.close === 'held' ? (record.reason ?? null) : null,
  closedAt: record.closedAt ?? null,
  invoicedUnits: record.proof?.invoicedUnits ?? null,
  meteredUnits: record.proof?.meteredUnits ?? null,
})
