import type { MeterProblem } from '#billing/contract'
import { markDue } from '../../accounts/due.ts'
import { addMeterProblem } from '../../stripe/reporting/meter-problems.ts'
import { markRejected, parseIdentifier } from '../../stripe/reporting/outbox.ts'
import { idle, type Route } from '../route.ts'

/**
 * Stripe refused meter events after it had taken them. Those that it names no longer count as delivered, so that
 * `report-usage` sends their units again under a new number, once, however often the notification comes. Those that it
 * does not name are found by the daily comparison with its summaries.
 */
export const meterError: Route = async (ports, eventId, now) => {
  const errors = await ports.stripe.getMeterErrors(eventId)
  const rejected: MeterProblem['rejected'] = []
  for (const identifier of new Set(errors.identifiers)) {
    const ref = parseIdentifier(identifier)
    const report = ref && (await markRejected(ports.billing, ref, now))
    if (!report) continue
    const { accountId, segmentStart, seq, deltaUnits: units } = report
    await markDue(ports.billing, 'report-due', accountId)
    rejected.push({ accountId, segmentStart, seq, units })
  }
  const { createdAt: receivedAt, meterId, count } = errors
  const codes = [...errors.codes]
  const unnamed = Math.max(0, count - errors.identifiers.length)
  await addMeterProblem(ports.billing, { eventId, receivedAt, meterId, codes, rejected, unnamed })
  return idle(`${rejected.length} rejected reports are sent again`)
}
