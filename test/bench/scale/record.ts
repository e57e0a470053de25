import { gzipSync } from 'node:zlib'
import type { AccessRecord, UsageEvent } from '#api/contract'
import { recordUsage } from '../../../billing/ledger/record-usage.ts'
import { type Figure, grouped, megabytes, peakRss, perSecond, seconds } from '../figures.ts'
import { ledgerPath, type Place } from './place.ts'
import { openSqliteLedger } from './sqlite-ledger.ts'
import { type Delivery, deliver } from './traffic.ts'

/** Deliveries of log lines → ledger, through the function that Lambda runs. Packing the deliveries is not counted. */
export async function record(place: Place): Promise<readonly Figure[]> {
  const ledger = openSqliteLedger(ledgerPath(place))
  const sendPoison = async () => {
    throw new Error('a line was not understood')
  }
  let [lines, busyMs] = [0, 0]
  for (const delivery of deliver(place.traffic))
    for (const payload of payloadsOf(delivery)) {
      const startedAt = performance.now()
      const { usage, access } = await recordUsage({ ledger, sendPoison }, payload)
      busyMs += performance.now() - startedAt
      lines += usage + access
    }
  const { items, bodyBytes } = ledger.count()
  const tableMs = ledger.busyMs()
  ledger.close()
  return [
    ['record-usage: lines taken', grouped(lines)],
    ['record-usage', `${perSecond(lines, busyMs, 'lines')} in ${seconds(busyMs)}`],
    ['  of which in the table', seconds(tableMs)],
    ['  without the table', perSecond(lines, busyMs - tableMs, 'lines')],
    ['  batches and markers', `${grouped(items)} items, ${megabytes(bodyBytes)} of gzip`],
    ['  peak memory', peakRss()],
  ]
}

/** One delivery for each log group, as CloudWatch Logs sends them. */
function payloadsOf({ usage, access }: Delivery): unknown[] {
  const groups = [
    { logGroup: '/aws/lambda/tollgate-api', messages: usage.map(usageMessage) },
    { logGroup: 'tollgate/api-access', messages: access.map(accessMessage) },
  ]
  return groups
    .filter(({ messages }) => messages.length > 0)
    .map(({ logGroup, messages }) => {
      const logEvents = messages.map((message, i) => ({ id: String(i), message }))
      const delivery = { messageType: 'DATA_MESSAGE', logGroup, logStream: 'bench', logEvents }
      return { awslogs: { data: gzipSync(JSON.stringify(delivery), { level: 1 }).toString('base64') } }
    })
}

/** As `api/metering/usage-line.ts` prints it: the metric with its metadata. */
const usageMessage = ({ id, account, key, route, units, status, usedAt, durationMs }: UsageEvent): string =>
  JSON.stringify({
    _aws: { Timestamp: usedAt, CloudWatchMetrics: METRICS },
    ...{ service: 'api', route, plan: 'starter', calls: 1, units },
    ...{ id, account, key, status: String(status), usedAt: String(usedAt), durationMs: String(durationMs) },
  })
const METRICS = [
  {
    Namespace: 'Tollgate',
    Dimensions: [['service', 'route', 'plan']],
    Metrics: [
      { Name: 'calls', Unit: 'Count' },
      { Name: 'units', Unit: 'Count' },
    ],
  },
]

const accessMessage = (access: AccessRecord): string =>
  JSON.stringify({ ...access, error: 'THROTTLED', latencyMs: '7' })
