import { MINUTE_MS, SECOND_MS } from '#kernel/time'
import { accountIdOfEmail } from '../../support/account.ts'
import { advance, billingOf, expectOk, operatorCall } from '../../support/tollgate.ts'
import { type Note, spread } from '../figures.ts'
import { unitsUsed } from './gateway.ts'
import { EMAIL, type Running } from './start.ts'

/** Calls at different seconds of a minute, so that the schedule of roll-up would show. */
const CALLS = 12
const OFFSET_MS = 65 * SECOND_MS
const GIVE_UP_MS = 10 * MINUTE_MS

/**
 * Time on the local clock from a call until its units are in what the customer sees: the standing (as the bill, the cap
 * and the reports know it) and the chart. Both fold what roll-up has not seen yet from events, so they wait for the log's
 * batches only. What CloudWatch takes to deliver comes on top of it on AWS.
 */
export async function freshness(running: Running, note: Note): Promise<void> {
  const { tollgate, customer } = running
  const accountId = await accountIdOfEmail(tollgate, EMAIL)
  const standing = () => unitsUsed(running, accountId)
  const chart = async () => {
    const call = operatorCall(tollgate)
    const { hours } = expectOk(await billingOf(tollgate).getUsage({ accountId }, call))
    return hours.reduce((sum, { units }) => sum + units, 0)
  }
  const took = { standing: [] as number[], chart: [] as number[] }
  for (let i = 0; i < CALLS; i++) {
    await advance(tollgate, OFFSET_MS)
    const before = { standing: await standing(), chart: await chart() }
    const calledAt = tollgate.clock.now()
    const { status } = await customer.call('/v1/email', { email: `f${i}@example.com` })
    if (status !== 200) throw new Error(`status ${status}`)
    const until = async (show: () => Promise<number>, shownBefore: number) => {
      while ((await show()) === shownBefore) {
        if (tollgate.clock.now() - calledAt > GIVE_UP_MS) throw new Error('the call never became visible')
        await advance(tollgate, SECOND_MS)
      }
      return (tollgate.clock.now() - calledAt) / SECOND_MS
    }
    took.standing.push(await until(standing, before.standing))
    took.chart.push(await until(chart, before.chart))
  }
  for (const [name, seconds] of Object.entries(took)) {
    const { min, median, max } = spread(seconds)
    note(`from a call to the ${name} that shows it, min / median / max`, `${min} / ${median} / ${max} s`)
  }
}
