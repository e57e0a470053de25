import { listReports, sumDelivered } from '../../stripe/reporting/outbox.ts'
import { readSegment } from '../../stripe/reporting/report-segment.ts'
import { CloseHeld } from '../errors.ts'
import { type ClosePorts, type CloseState, loadClosing } from './state.ts'

/** At one try a minute: two hours. Stripe's summaries lag by seconds to minutes. */
const TRIES_MAX = 120

/** `settled` once Stripe's summary equals what was reported; `pending` before that. */
export async function settleSummary(ports: ClosePorts, state: CloseState): Promise<CloseState> {
  const { segment, target } = await loadClosing(ports, state)
  const reportedUnits = sumDelivered(await listReports(ports.billing, segment))
  const summaryUnits = await readSegment(ports.stripe, segment, target)
  if (summaryUnits === reportedUnits) return { ...state, outcome: 'settled' }
  const settleTries = (state.settleTries ?? 0) + 1
  if (settleTries >= TRIES_MAX)
    throw new CloseHeld(
      `Stripe's summary stays at ${count(summaryUnits)} units, reported are ${count(reportedUnits)}.`,
    )
  return { ...state, outcome: 'pending', settleTries }
}

const count = (units: number): string => units.toLocaleString('en-US')
