import { FUNCTIONS, LOG_GROUPS } from '#infra/names'
import type { Deployment } from './deployment.ts'
import { costOf, type Picodollars } from './money.ts'
import { PRICES, type PriceName } from './prices.ts'
import { ASSUMPTIONS, DURATIONS, REQUEST_UNITS, type Workload } from './workload.ts'

export type CostLine = {
  readonly service: string
  readonly item: string
  readonly price: PriceName
  /** Requests, bytes, MB·ms, …: what the price counts. */
  readonly count: bigint
  readonly cost: Picodollars
}
export type Estimate = { readonly lines: readonly CostLine[]; readonly total: Picodollars }

/** What a month of the workload costs on this deployment. */
export function estimate(deployment: Deployment, workload: Workload): Estimate {
  const counted = [
    ...gateway(deployment, workload),
    ...lambda(deployment, workload),
    ...tables(deployment, workload),
    ...logs(deployment, workload),
    ...rest(deployment, workload),
  ].filter(({ count }) => count > 0n)
  const costs = shareTiers(counted)
  const lines = counted.map((line, i) => ({ ...line, cost: costs[i] ?? 0n }))
  return { lines, total: lines.reduce((sum, { cost }) => sum + cost, 0n) }
}

type Counted = Omit<CostLine, 'cost'>

/** A price's tiers are filled by all that has the price together; each line is charged what it adds. */
function shareTiers(lines: readonly Counted[]): Picodollars[] {
  const filled = new Map<PriceName, bigint>()
  return lines.map(({ price, count }) => {
    const before = filled.get(price) ?? 0n
    filled.set(price, before + count)
    return costOf(PRICES[price], before + count) - costOf(PRICES[price], before)
  })
}

const refused = ({ calls }: Workload) => (calls * ASSUMPTIONS.refusedPerThousand) / 1_000n
const requests = (workload: Workload) => workload.calls + refused(workload)
const pages = ({ accounts }: Workload) => accounts * ASSUMPTIONS.pagesPerAccount
const facts = ({ accounts }: Workload) => accounts * ASSUMPTIONS.factsPerAccount

function gateway({ restApi, httpApis }: Deployment, workload: Workload): Counted[] {
  const service = 'API Gateway'
  return [
    { service, item: 'REST API requests', price: 'restRequests', count: requests(workload) },
    {
      ...{ service, item: 'portal and webhook requests', price: 'httpRequests' },
      count: httpApis > 0n ? pages(workload) + facts(workload) : 0n,
    },
    { service, item: 'answers sent', price: 'dataOut', count: requests(workload) * ASSUMPTIONS.answerBytes },
    {
      ...{ service, item: 'detailed metrics of methods', price: 'metrics' },
      count: restApi.meteredMethods * ASSUMPTIONS.metricsPerMethod,
    },
  ]
}

/** How often a function runs a month, and for how many milliseconds together. */
type Runs = { readonly count: bigint; readonly ms: bigint }

function runsOf(name: string, deployment: Deployment, workload: Workload): Runs {
  const scheduled = scheduledRuns(deployment, name)
  const idle = { count: scheduled, ms: scheduled * DURATIONS.idleRunMs }
  const each = (count: bigint, ms: bigint): Runs => ({ count, ms: count * ms })
  switch (name) {
    case FUNCTIONS.authorizer:
      return each(authorizerMisses(deployment, workload), DURATIONS.authorizerMs)
    case FUNCTIONS.api:
      return each(workload.calls, DURATIONS.callMs)
    case FUNCTIONS.recordUsage:
      return deliveries(deployment, workload)
    case FUNCTIONS.rollUp:
      return add(idle, { count: 0n, ms: rolledUp(deployment, workload) * DURATIONS.rollUpAccountMs })
    case FUNCTIONS.reportUsage:
      return add(idle, { count: 0n, ms: reported(deployment, workload) * DURATIONS.reportAccountMs })
    case FUNCTIONS.portal:
      return each(pages(workload), DURATIONS.pageMs)
    case FUNCTIONS.billing:
      return each(pages(workload), DURATIONS.pageMs)
    case FUNCTIONS.stripeWebhook:
    case FUNCTIONS.startWorkflow:
      return each(facts(workload), DURATIONS.factMs)
    case FUNCTIONS.closeInvoiceStep:
      return each(closeTransitions(deployment, workload), DURATIONS.stepMs)
    default:
      return idle
  }
}

const add = (a: Runs, b: Runs): Runs => ({ count: a.count + b.count, ms: a.ms + b.ms })

const scheduledRuns = ({ schedules }: Deployment, name: string): bigint =>
  schedules.filter(({ target }) => target === name).reduce((sum, { runsAMonth }) => sum + runsAMonth, 0n)

/** One for each key and stretch that an answer is kept; every call without it. */
function authorizerMisses({ restApi }: Deployment, { calls, keyMinutes }: Workload): bigint {
  const { authorizerTtlSeconds } = restApi
  return authorizerTtlSeconds === 0n ? calls : min(calls, (keyMinutes * 60n) / authorizerTtlSeconds)
}

function deliveries({ subscribers }: Deployment, workload: Workload): Runs {
  const { deliveriesAMonth } = ASSUMPTIONS
  const isSubscribed = (logGroup: string) => (subscribers.some(one => one.logGroup === logGroup) ? 1n : 0n)
  const usage = isSubscribed(LOG_GROUPS.apiFunction) * workload.calls
  const access = isSubscribed(LOG_GROUPS.access) * refused(workload)
  const count = min(usage, deliveriesAMonth) + min(access, deliveriesAMonth)
  const us =
    (usage + access) * DURATIONS.deliveryLineUs + batches(workload, usage) * DURATIONS.deliveryBatchUs
  return { count, ms: count * DURATIONS.deliveryMs + us / 1_000n }
}

const batches = (workload: Workload, usageLines: bigint): bigint => (usageLines > 0n ? workload.batches : 0n)

/** Accounts rolled up and reported, every time anew: a rarer schedule does fewer of them. */
const rolledUp = (deployment: Deployment, { accountMinutes }: Workload): bigint =>
  min(accountMinutes, (accountMinutes * scheduledRuns(deployment, FUNCTIONS.rollUp)) / 43_200n)
const reported = (deployment: Deployment, { accountHours }: Workload): bigint =>
  min(accountHours, (accountHours * scheduledRuns(deployment, FUNCTIONS.reportUsage)) / 720n)

function lambda(deployment: Deployment, workload: Workload): Counted[] {
  const service = 'Lambda'
  return deployment.functions.flatMap(({ name, memoryMb, architecture }): Counted[] => {
    const { count, ms } = runsOf(name, deployment, workload)
    const price = architecture === 'arm64' ? 'lambdaArm' : 'lambdaX86'
    return [
      { service, item: `${name}: requests`, price: 'lambdaRequests', count },
      { service, item: `${name}: GB-seconds at ${memoryMb} MB`, price, count: ms * memoryMb },
    ]
  })
}

function tables(deployment: Deployment, workload: Workload): Counted[] {
  const service = 'DynamoDB'
  if (deployment.tables.some(({ onDemand }) => !onDemand))
    throw new Error('only tables in on-demand mode have a price here')
  const ledgerBytes =
    workload.batches * ASSUMPTIONS.batchBytes + workload.accountHours * ASSUMPTIONS.hourTotalBytes
  const backedUp = deployment.tables.some(({ name, backup }) => name.endsWith('ledger') && backup)
  const idleRuns = deployment.schedules.reduce((sum, { runsAMonth }) => sum + runsAMonth, 0n)
  const capped = (workload.calls * ASSUMPTIONS.cappedPerHundred) / 100n
  const recorded = batches(workload, deployment.subscribers.length > 0 ? workload.calls : 0n)
  const work: [string, bigint, { readonly reads: bigint; readonly writes: bigint }][] = [
    ['authorizer', authorizerMisses(deployment, workload), REQUEST_UNITS.authorizerMiss],
    ['calls with a hard limit', capped, REQUEST_UNITS.cappedCall],
    ['record-usage', recorded, REQUEST_UNITS.batch],
    ['roll-up', rolledUp(deployment, workload), REQUEST_UNITS.rollUpAccount],
    ['report-usage', reported(deployment, workload), REQUEST_UNITS.reportAccount],
    ['jobs that find nothing', idleRuns, REQUEST_UNITS.idleRun],
    ['portal', pages(workload), REQUEST_UNITS.page],
  ]
  return [
    ...work.flatMap(([item, times, { reads, writes }]): Counted[] => [
      { service, item: `${item}: writes`, price: 'tableWrites', count: times * writes },
      { service, item: `${item}: reads`, price: 'tableReads', count: times * reads },
    ]),
    {
      service,
      item: 'storage of one month of ledger, for a month',
      price: 'tableStorage',
      count: ledgerBytes,
    },
    { service, item: 'its point-in-time recovery', price: 'tableBackup', count: backedUp ? ledgerBytes : 0n },
  ]
}

function logs(deployment: Deployment, workload: Workload): Counted[] {
  const service = 'CloudWatch'
  const [api] = deployment.functions.filter(({ name }) => name === FUNCTIONS.api)
  const usageBytes = api ? workload.calls * ASSUMPTIONS.usageLineBytes : 0n
  const accessBytes = deployment.restApi.accessLog ? requests(workload) * ASSUMPTIONS.accessLineBytes : 0n
  const invocations = deployment.functions
    .filter(({ platformLines }) => platformLines)
    .map(({ name }) => ({
      name,
      bytes: runsOf(name, deployment, workload).count * ASSUMPTIONS.platformLineBytes,
    }))
  const kept = [
    { logGroup: LOG_GROUPS.apiFunction, bytes: usageBytes },
    { logGroup: LOG_GROUPS.access, bytes: accessBytes },
    ...invocations.map(({ name, bytes }) => ({ logGroup: `/aws/lambda/${name}`, bytes })),
  ].reduce((sum, { logGroup, bytes }) => sum + (bytes * (deployment.logGroups.get(logGroup) ?? 0n)) / 30n, 0n)
  return [
    { service, item: 'usage lines', price: 'lambdaLogs', count: usageBytes },
    ...invocations.map(({ name, bytes }): Counted => {
      return { service, item: `platform lines of ${name}`, price: 'lambdaLogs', count: bytes }
    }),
    { service, item: 'access lines', price: 'accessLogs', count: accessBytes },
    {
      ...{ service, item: 'events of closes', price: 'vendedLogs' },
      count: closeTransitions(deployment, workload) * ASSUMPTIONS.transitionBytes,
    },
    {
      service,
      item: 'logs kept',
      price: 'logStorage',
      count: (kept * ASSUMPTIONS.compressedPerHundred) / 100n,
    },
    { service, item: 'metrics of usage lines', price: 'metrics', count: api ? ASSUMPTIONS.usageMetrics : 0n },
    { service, item: 'alarms', price: 'alarms', count: deployment.alarms },
  ]
}

/** One close for each account and month. */
function closeTransitions({ machines }: Deployment, { accounts }: Workload): bigint {
  const close = machines.find(({ name }) => name === 'tollgate-close-invoice')
  return close ? accounts * (close.states + 3n * ASSUMPTIONS.machineLoops) : 0n
}

function rest(deployment: Deployment, workload: Workload): Counted[] {
  const scheduled = deployment.schedules.map(({ target, runsAMonth }): Counted => {
    return { service: 'EventBridge', item: `schedule of ${target}`, price: 'schedules', count: runsAMonth }
  })
  const exported = deployment.buckets > 0n ? workload.batches * ASSUMPTIONS.batchBytes : 0n
  return [
    ...scheduled,
    { service: 'EventBridge', item: 'facts on the bus', price: 'busEvents', count: facts(workload) },
    {
      ...{ service: 'Step Functions', item: 'closes', price: 'transitions' },
      count: closeTransitions(deployment, workload),
    },
    { service: 'Secrets Manager', item: 'secrets', price: 'secrets', count: deployment.secrets },
    {
      ...{ service: 'Secrets Manager', item: 'reads', price: 'secretReads' },
      count: deployment.secrets * scheduledRuns(deployment, FUNCTIONS.reportUsage),
    },
    { service: 'S3', item: 'one month of exports, for a month', price: 'objectStorage', count: exported },
    {
      ...{ service: 'S3', item: 'writes of exports', price: 'objectWrites' },
      count: deployment.buckets > 0n ? workload.accounts : 0n,
    },
    { service: 'Cognito', item: 'people', price: 'people', count: workload.accounts },
  ]
}

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b)
