import type { Instant } from '#kernel/time'
import { noteOnInvoice } from '../../stripe/invoice-record.ts'
import { freeze, measureSegment } from '../../stripe/reporting/measure-segment.ts'
import { reportSegment } from '../../stripe/reporting/report-segment.ts'
import { withLease } from '../lease.ts'
import { type ClosePorts, type CloseState, leaseHolder, loadClosing } from './state.ts'

/** Freezes what the segment owes and reports the difference. What arrives from now on is carried over. */
export async function reportFinal(ports: ClosePorts, state: CloseState, now: Instant): Promise<CloseState> {
  const { segment, plan, target } = await loadClosing(ports, state)
  await withLease(ports.billing, state.accountId, leaseHolder(state), now, async () => {
    const measured = await freeze(ports.billing, segment, await measureSegment(ports, segment, plan, now))
    const to = { billing: ports.billing, meter: ports.stripe }
    await reportSegment(to, segment, target, measured.owedUnits, now)
  })
  await noteOnInvoice(ports.billing, state, { close: 'reporting' })
  return { ...state, outcome: 'reported', settleTries: 0 }
}
