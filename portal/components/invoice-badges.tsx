import type { InvoiceSummary } from '#billing/contract'
import type { Tone } from './form.tsx'
import { Badge } from './parts.tsx'

const STATUSES: Readonly<Record<InvoiceSummary['status'], readonly [string, Tone | undefined]>> = {
  draft: ['Draft', undefined],
  open: ['To be paid', 'warn'],
  paid: ['Paid', 'good'],
  void: ['Void', undefined],
  uncollectible: ['Uncollectible', 'bad'],
}

const isKnown = (status: string): status is InvoiceSummary['status'] => Object.hasOwn(STATUSES, status)

/** Stripe's status of an invoice. */
export function InvoiceStatus({ status }: { status: string }) {
  const [name, tone] = isKnown(status) ? STATUSES[status] : [status, undefined]
  return <Badge tone={tone}>{name}</Badge>
}

const CLOSES: Readonly<Record<NonNullable<InvoiceSummary['close']>, readonly [string, Tone | undefined]>> = {
  draining: ['Waiting for late usage', undefined],
  reporting: ['Reporting usage', undefined],
  finalizing: ['Being finalized', undefined],
  comparing: ['Being compared', undefined],
  equal: ['Matches your calls', 'good'],
  carried_over: ['Rest carried over', 'warn'],
  credited: ['Difference credited', 'warn'],
  accepted: ['Checked by hand', 'warn'],
  held: ['Held: we check a difference', 'bad'],
}

/** Where the comparison of an invoice with the metered usage stands. */
export function CloseBadge({ close }: { close: InvoiceSummary['close'] }) {
  if (close === null) return <span class="muted">No usage on it</span>
  const [name, tone] = CLOSES[close]
  return <Badge tone={tone}>{name}</Badge>
}
