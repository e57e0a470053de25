import type { InvoiceDetail, InvoiceSummary, PlanVersion, Settlement, StatementLine } from '#billing/contract'
import type { Period } from '#kernel/time'
import type { CreditNoteView, RefundView } from './close-adapter.ts'
import type { InvoiceRecord } from './invoice-record.ts'
import type { InvoiceLine, InvoiceView } from './views.ts'

/** Stripe's invoice and our record of its close, merged for people. */
export function summarize(invoice: InvoiceView, record: InvoiceRecord | undefined): InvoiceSummary {
  return {
    invoiceId: invoice.id,
    number: invoice.number,
    status: invoice.status,
    period: record?.period ?? periodOf(invoice),
    createdAt: invoice.createdAt,
    totalMinor: String(invoice.totalMinor),
    currency: invoice.currency,
    hostedUrl: invoice.hostedUrl,
    pdfUrl: invoice.pdfUrl,
    close: record?.close ?? null,
  }
}

export function detail(
  invoice: InvoiceView,
  record: InvoiceRecord | undefined,
  versions: readonly PlanVersion[],
): InvoiceDetail {
  const plan =
    versions.find(version => version.planVersionId === record?.planVersionId) ??
    versions.find(version => invoice.lines.some(line => isOf(version, line)))
  return {
    ...summarize(invoice, record),
    planName: plan?.name ?? '',
    unit: plan?.unit ?? 'unit',
    lines: invoice.lines.map(line => presentLine(line, versions)),
    statement: record?.statement ?? null,
    proof: record?.proof ?? null,
    proofFiles: record?.proofFiles
      ? { sha256: record.proofFiles.sha256, rows: record.proofFiles.rows }
      : null,
  }
}

/** What Stripe alone computes, and what happened to the invoice since: copied, never compared. */
export function settle(
  { settlement, totalMinor }: InvoiceView,
  creditNotes: readonly CreditNoteView[],
  refunds: readonly RefundView[],
): Settlement {
  const { subtotalMinor, discountMinor, creditsMinor, taxMinor } = settlement
  return {
    ...{ subtotalMinor: String(subtotalMinor), discountMinor: String(discountMinor) },
    ...{ creditsMinor: String(creditsMinor), taxMinor: String(taxMinor), totalMinor: String(totalMinor) },
    fromBalanceMinor: String(settlement.fromBalanceMinor),
    ...{ paidMinor: String(settlement.paidMinor), remainingMinor: String(settlement.remainingMinor) },
    creditNotes: creditNotes.map(({ planId: _, ...note }) => note),
    refunds: [...refunds],
  }
}

/** A first invoice is about the period that it pays in advance: that of its lines. */
function periodOf({ lines, period }: InvoiceView): Period {
  return period.start < period.end ? period : (lines[0]?.period ?? period)
}

const isOf = ({ stripe }: PlanVersion, { priceId }: InvoiceLine): boolean =>
  stripe !== null && priceId !== null && [stripe.flatPriceId, stripe.meteredPriceId].includes(priceId)

function presentLine(line: InvoiceLine, versions: readonly PlanVersion[]): StatementLine {
  const plan = versions.find(version => isOf(version, line))
  const isFlat = plan?.stripe?.flatPriceId === line.priceId
  return {
    kind: !plan ? 'other' : isFlat ? 'flat_fee' : 'tier',
    description: line.description,
    quantity: line.quantity,
    unitPriceMinor: line.unitPriceMinor ?? '',
    amountMinor: String(line.amountMinor),
    period: line.period,
  }
}
