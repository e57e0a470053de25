import { parseArgs } from 'node:util'
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { type Period, parseInstant } from '#kernel/time'
import { replayUsage } from '../billing/cli/replay-usage.ts'
import { REFUSED_LINES, USAGE_LINES } from './aws/constructs/usage-log.ts'
import { FUNCTIONS, LOG_GROUPS } from './aws/names.ts'

/** Where usage is logged, and which lines of it: what the subscriptions deliver. */
export const USAGE_SOURCES = [
  { logGroup: LOG_GROUPS.apiFunction, filterPattern: USAGE_LINES },
  { logGroup: LOG_GROUPS.access, filterPattern: REFUSED_LINES },
] as const

const USAGE = 'npm run replay-usage -- --from 2026-11-22T00:00:00Z --to 2026-11-23T00:00:00Z'

/** `npm run replay-usage`: feeds logged usage through the ledger once more. Needs AWS credentials. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { from: { type: 'string' }, to: { type: 'string' } } })
  const period = readPeriod(values.from, values.to)
  const { lines, deliveries } = await replayUsage({
    logs: new CloudWatchLogsClient(),
    lambda: new LambdaClient(),
    recordUsageFunction: FUNCTIONS.recordUsage,
    sources: USAGE_SOURCES,
    period,
  })
  console.log(
    `${lines} lines were fed through in ${deliveries} deliveries. Those already known changed nothing.`,
  )
}

function readPeriod(from: string | undefined, to: string | undefined): Period {
  if (from === undefined || to === undefined) throw new Error(`Say from when to when: ${USAGE}`)
  const period = { start: parseInstant(from), end: parseInstant(to) }
  if (period.end <= period.start) throw new Error('--to must be after --from')
  return period
}

if (import.meta.main)
  await main().catch(error => {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  })
