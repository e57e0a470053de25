import type { closeProcedures } from '#billing/contract'
import { ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import { readFrozen } from '../../stripe/reporting/measure-segment.ts'
import { listReports, sumDelivered } from '../../stripe/reporting/outbox.ts'
import { readSegment } from '../../stripe/reporting/report-segment.ts'
import { readHistory } from '../../workflows/close-invoice/close-log.ts'
import { pairLines } from '../../workflows/close-invoice/compare-invoice.ts'
import { refuseNonAdmin } from '../authorise.ts'
import { summaryOf } from './admin-list-closes.ts'
import { type CloseDeps, type LoadedClose, loadClose } from './load-close.ts'

/** One close with everything that it knows: measure, reports, Stripe's own sum, both sides' lines, and its history. */
export const adminGetClose =
  (deps: CloseDeps): Handlers<typeof closeProcedures>['adminGetClose'] =>
  async (input, call) => {
    const refusal = refuseNonAdmin(call)
    if (refusal) return refusal
    const loaded = await loadClose(deps, input)
    if (!loaded.ok) return loaded
    const { record, invoice, closing, work } = loaded.value
    const measure = closing ? await readFrozen(deps.billing, closing.segment) : undefined
    const reports = closing ? await listReports(deps.billing, closing.segment) : []
    const { decision } = record
    return ok({
      summary: summaryOf(record),
      planName: closing?.plan.name ?? '',
      ...{ unit: closing?.plan.unit ?? 'unit', currency: invoice.currency },
      invoice: {
        ...{ number: invoice.number, status: invoice.status, hostedUrl: invoice.hostedUrl },
        totalMinor: String(invoice.totalMinor),
      },
      measure: measure ?? null,
      reportedUnits: sumDelivered(reports),
      summaryUnits: closing ? await readSegment(deps.stripe, closing.segment, closing.target) : null,
      ...linesOf(loaded.value),
      proof: record.proof ?? null,
      decision: decision ? { repair: decision.repair, reason: decision.reason, at: decision.at } : null,
      history: await readHistory(deps.billing, input.invoiceId),
      work: work ? { state: work.state, attempt: work.attempt, since: work.since } : null,
    })
  }

/** As compared; before that Stripe's lines alone. */
function linesOf({ record, invoice, closing }: LoadedClose) {
  const statementTotalMinor = record.statement?.totalMinor ?? '0'
  if (record.compared) return { lines: record.compared, statementTotalMinor }
  const paired = closing ? pairLines(closing.plan, invoice, record.statement?.lines ?? []) : []
  return { lines: paired.map(({ stripe, ours, equal }) => ({ stripe, ours, equal })), statementTotalMinor }
}
