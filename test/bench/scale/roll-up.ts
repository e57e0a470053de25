import { hoursOf, plusMs, startOfHour } from '#kernel/time'
import { rollUp } from '../../../billing/jobs/roll-up.ts'
import { callAt, createTestDeps } from '../../../billing/procedures/testing/test-deps.ts'
import { type Figure, grouped, peakRss, perSecond, seconds } from '../figures.ts'
import { ledgerPath, type Place } from './place.ts'
import { openSqliteLedger } from './sqlite-ledger.ts'
import { MONTH } from './traffic.ts'

/**
 * Dirty hours → hour totals, hour after hour, by the job that Lambda runs. Billing knows none of the accounts here, so
 * that thresholds and caps stay out of the figure.
 */
export async function rollUpMonth(place: Place): Promise<readonly Figure[]> {
  const ledger = openSqliteLedger(ledgerPath(place))
  const deps = createTestDeps({ ledger })
  let [hours, busyMs, longestMs] = [0, 0, 0]
  for (const hour of hoursOf(MONTH)) {
    ledger.hour = hour
    const startedAt = performance.now()
    const result = await rollUp(deps, callAt(plusMs(startOfHour(hour), 60_000)))
    const tookMs = performance.now() - startedAt
    if (result.problems.length > 0) throw new Error(result.problems[0])
    hours += result.hours
    busyMs += tookMs
    longestMs = Math.max(longestMs, tookMs)
  }
  const tableMs = ledger.busyMs()
  ledger.close()
  const { events } = place.traffic
  return [
    ['roll-up: hours of accounts', grouped(hours)],
    ['roll-up', `${perSecond(events, busyMs, 'events')} in ${seconds(busyMs)}`],
    ['  of which in the table', seconds(tableMs)],
    ['  without the table', perSecond(events, busyMs - tableMs, 'events')],
    ['  longest run, a whole hour of all accounts at once', seconds(longestMs)],
    ['  peak memory', peakRss()],
  ]
}
