import { usageLineSchema } from '#api/contract'
import { MINUTE_MS } from '#kernel/time'
import { LOG_GROUPS } from '../../infra/aws/names.ts'
import { build, type Tollgate } from '../../infra/launch.ts'
import { accountIdOfEmail } from '../support/account.ts'
import {
  advance,
  billingOf,
  expectOk,
  newCustomer,
  operatorCall,
  startTollgate,
} from '../support/tollgate.ts'

/** `npm run bench`: prints what was measured on this machine; asserts nothing. */
const EMAIL = 'bench@example.com'
const REQUESTS = 1_500 // below the burst of Scale, so that the token bucket stays out of the figures
const CONCURRENCY = 16
const USAGE_LINES = 20_000

const figures: [string, string][] = []
await timed('bundle and synthesize', build)
let tollgate = undefined as unknown as Tollgate
await timed('provision, set up Stripe, publish the plans', async () => {
  tollgate = await startTollgate('2026-03-02T09:00:00Z')
})
try {
  await measure(tollgate)
} finally {
  await tollgate.stop()
}
const width = Math.max(...figures.map(([name]) => name.length))
for (const [name, figure] of figures) console.log(`${name.padEnd(width)}  ${figure}`)

async function measure(tollgate: Tollgate): Promise<void> {
  const customer = newCustomer(tollgate, EMAIL)
  await customer.signUp()
  await tollgate.clock.whenIdle()
  await customer.createKey('Bench')
  await customer.buy('scale')
  await advance(tollgate, 2 * MINUTE_MS)

  await customer.call('/v1/email', { email: 'warm@example.com' })
  const latencies: number[] = []
  const startedAt = performance.now()
  await inParallel(REQUESTS, async i => {
    const before = performance.now()
    const { status } = await customer.call('/v1/email', { email: `p${i}@example.com` })
    if (status !== 200) throw new Error(`status ${status}`)
    latencies.push(performance.now() - before)
  })
  const seconds = (performance.now() - startedAt) / 1000
  latencies.sort((a, b) => a - b)
  const percentile = (p: number) => (latencies[Math.floor(latencies.length * p)] ?? 0).toFixed(1)
  note('gateway → authorizer → api, requests per second', (REQUESTS / seconds).toFixed(0))
  note('  latency p50 / p99, ms', `${percentile(0.5)} / ${percentile(0.99)} at ${CONCURRENCY} connections`)

  const accountId = await accountIdOfEmail(tollgate, EMAIL)
  await timed(`${REQUESTS} calls visible in the totals after their minute`, () =>
    advance(tollgate, 2 * MINUTE_MS),
  )
  await meteringPath(tollgate, accountId)
  await timed('20 idle days on the clock', () => advance(tollgate, 20 * 24 * 60 * MINUTE_MS))
  note('memory (RSS), MB', (process.memoryUsage().rss / 2 ** 20).toFixed(0))
}

/** Feeds usage lines to the log group as the api function prints them, until the ledger has them. */
async function meteringPath(tollgate: Tollgate, accountId: string): Promise<void> {
  const now = tollgate.clock.now()
  const lines = Array.from({ length: USAGE_LINES }, (_, i) => ({
    timestamp: now,
    message: usageLine(accountId, i, now),
  }))
  const startedAt = performance.now()
  for (let i = 0; i < lines.length; i += 100)
    tollgate.cloud.putLogs(LOG_GROUPS.apiFunction, 'bench', lines.slice(i, i + 100))
  await tollgate.clock.whenIdle()
  note(
    'log line → ledger, events per second',
    ((USAGE_LINES / (performance.now() - startedAt)) * 1000).toFixed(0),
  )
  await timed('roll-up of those events', () => advance(tollgate, 2 * MINUTE_MS))
  const { unitsUsed } = expectOk(
    await billingOf(tollgate).getSubscription({ accountId }, operatorCall(tollgate)),
  )
  note('units in the totals', `${unitsUsed} (${REQUESTS + 1 + USAGE_LINES} expected)`)
}

function usageLine(account: string, i: number, usedAt: number): string {
  const line = {
    id: `bench-${i}`,
    account,
    key: `key_${'0'.repeat(22)}`,
    route: 'POST /v1/email',
    units: '1',
    status: '200',
    usedAt: String(usedAt),
    durationMs: '1',
  }
  usageLineSchema.parse(line)
  return JSON.stringify(line)
}

async function inParallel(count: number, work: (i: number) => Promise<void>): Promise<void> {
  let next = 0
  const lane = async () => {
    while (next < count) await work(next++)
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, lane))
}

async function timed(name: string, work: () => Promise<void>): Promise<void> {
  const startedAt = performance.now()
  await work()
  note(name, `${((performance.now() - startedAt) / 1000).toFixed(2)} s`)
}

function note(name: string, figure: string): void {
  figures.push([name, figure])
}
