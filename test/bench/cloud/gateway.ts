import { MINUTE_MS } from '#kernel/time'
import { accountIdOfEmail } from '../../support/account.ts'
import { advance, billingOf, expectOk, operatorCall } from '../../support/tollgate.ts'
import { type Note, percentile, timed } from '../figures.ts'
import { EMAIL, type Running } from './start.ts'

const REQUESTS = 1_500 // below the burst of Scale, so that the token bucket stays out of the figures
const CONCURRENCY = 16

/** Requests through gateway, authorizer and api function. */
export async function gateway({ tollgate, customer }: Running, note: Note): Promise<void> {
  const accountId = await accountIdOfEmail(tollgate, EMAIL)
  const before = await unitsUsed({ tollgate, customer }, accountId)
  const latencies: number[] = []
  const startedAt = performance.now()
  await inParallel(REQUESTS, CONCURRENCY, async i => {
    const sentAt = performance.now()
    const { status } = await customer.call('/v1/email', { email: `p${i}@example.com` })
    if (status !== 200) throw new Error(`status ${status}`)
    latencies.push(performance.now() - sentAt)
  })
  const seconds = (performance.now() - startedAt) / 1_000
  const [p50, p99] = [0.5, 0.99].map(share => percentile(latencies, share).toFixed(1))
  note('gateway → authorizer → api, requests per second', (REQUESTS / seconds).toFixed(0))
  note('  latency p50 / p99', `${p50} / ${p99} ms at ${CONCURRENCY} connections`)
  await timed(note, `  ${REQUESTS} calls in the totals after their minute`, () =>
    advance(tollgate, 2 * MINUTE_MS),
  )
  const units = (await unitsUsed({ tollgate, customer }, accountId)) - before
  if (units < REQUESTS) throw new Error(`${units} of ${REQUESTS} calls are in the totals`)
}

/** What the customer sees on the usage page. */
export async function unitsUsed({ tollgate }: Running, accountId: string): Promise<number> {
  const call = operatorCall(tollgate)
  return expectOk(await billingOf(tollgate).getSubscription({ accountId }, call)).unitsUsed
}

export async function inParallel(
  count: number,
  width: number,
  work: (i: number) => Promise<void>,
): Promise<void> {
  let next = 0
  const lane = async () => {
    while (next < count) await work(next++)
  }
  await Promise.all(Array.from({ length: width }, lane))
}
