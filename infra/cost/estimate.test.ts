import { describe, expect, test } from 'vitest'
import { FUNCTIONS, LOG_GROUPS } from '#infra/names'
import { type Deployment, readDeployment, runsOf, type Template } from './deployment.ts'
import { type CostLine, estimate } from './estimate.ts'
import { costOf, formatUsd } from './money.ts'
import { PRICES } from './prices.ts'
import { ASSUMPTIONS, type Workload } from './workload.ts'

const lambda = (FunctionName: string, more: object = {}) => ({
  Type: 'AWS::Lambda::Function',
  Properties: { FunctionName, MemorySize: 512, Architectures: ['arm64'], ...more },
})
const schedule = (target: string, ScheduleExpression: string) => ({
  Type: 'AWS::Scheduler::Schedule',
  Properties: { ScheduleExpression, Target: { Arn: { 'Fn::GetAtt': [target, 'Arn'] } } },
})
const method = { Type: 'AWS::ApiGateway::Method', Properties: {} }
const alarm = { Type: 'AWS::CloudWatch::Alarm', Properties: {} }

/** A small stack with everything that the estimate reads. */
const resources = {
  Authorizer: lambda(FUNCTIONS.authorizer),
  Api: lambda(FUNCTIONS.api),
  RecordUsage: lambda(FUNCTIONS.recordUsage, { MemorySize: 1024 }),
  RollUp: lambda(FUNCTIONS.rollUp),
  ReportUsage: lambda(FUNCTIONS.reportUsage),
  RollUpSchedule: schedule('RollUp', 'rate(1 minute)'),
  ReportUsageSchedule: schedule('ReportUsage', 'rate(1 hour)'),
  Stage: {
    Type: 'AWS::ApiGateway::Stage',
    Properties: { AccessLogSetting: {}, MethodSettings: [{ MetricsEnabled: true }] },
  },
  Keys: { Type: 'AWS::ApiGateway::Authorizer', Properties: { AuthorizerResultTtlInSeconds: 60 } },
  Method: method,
  UsageLines: {
    Type: 'AWS::Logs::SubscriptionFilter',
    Properties: {
      LogGroupName: LOG_GROUPS.apiFunction,
      DestinationArn: { 'Fn::GetAtt': ['RecordUsage', 'Arn'] },
    },
  },
  Ledger: {
    Type: 'AWS::DynamoDB::GlobalTable',
    Properties: {
      ...{ TableName: 'tollgate-ledger', BillingMode: 'PAY_PER_REQUEST' },
      Replicas: [{ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }],
    },
  },
  Logs: {
    Type: 'AWS::Logs::LogGroup',
    Properties: { LogGroupName: LOG_GROUPS.apiFunction, RetentionInDays: 60 },
  },
  CloseInvoice: {
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: {
      StateMachineName: 'tollgate-close-invoice',
      DefinitionString: {
        'Fn::Join': ['', ['{"A":{"Type":"Task"},"B":{"Type":"Wait"},"C":{"Type":"Succeed"}}']],
      },
    },
  },
  Alarm: alarm,
  Secret: { Type: 'AWS::SecretsManager::Secret', Properties: {} },
  HttpApi: { Type: 'AWS::ApiGatewayV2::Api', Properties: {} },
} satisfies Template['Resources']

const workload: Workload = {
  ...{ calls: 100_000_000n, accounts: 2_000n, accountMinutes: 30_000_000n },
  ...{ keyMinutes: 40_000_000n, accountHours: 1_400_000n, batches: 60_000_000n },
}

type Resources = NonNullable<Template['Resources']>
const deploymentOf = (changed: Resources = {}, removed: readonly string[] = []): Deployment => {
  const kept = Object.entries({ ...resources, ...changed }).filter(([id]) => !removed.includes(id))
  return readDeployment([{ Resources: Object.fromEntries(kept) }])
}
const linesOf = (deployment: Deployment): Map<string, CostLine> =>
  new Map(estimate(deployment, workload).lines.map(line => [`${line.service} / ${line.item}`, line]))

/** Names of the lines that differ by more than rounding, with what they cost before and after. */
function difference(after: Deployment): Record<string, string[]> {
  const [a, b] = [linesOf(deploymentOf()), linesOf(after)]
  const names = [...new Set([...a.keys(), ...b.keys()])]
  const shown = (name: string, places: number) =>
    [a, b].map(lines => formatUsd(lines.get(name)?.cost ?? 0n, places))
  const changed = names.filter(name => new Set(shown(name, 6)).size > 1)
  return Object.fromEntries(changed.map(name => [name, shown(name, 2)]))
}

test('the lines are what hand-made arithmetic says', () => {
  const usd = Object.fromEntries(
    [...linesOf(deploymentOf())].map(([name, { cost }]) => [name, formatUsd(cost)]),
  )
  expect(usd).toMatchObject({
    // 101 M requests × 3.50
    'API Gateway / REST API requests': '353.50',
    // 100 M × 25 ms × 0.5 GB = 1,250,000 GB-s × 0.0000133334
    [`Lambda / ${FUNCTIONS.api}: GB-seconds at 512 MB`]: '16.67',
    [`Lambda / ${FUNCTIONS.api}: requests`]: '20.00',
    // 40 M × 15 ms × 0.5 GB = 300,000 GB-s
    [`Lambda / ${FUNCTIONS.authorizer}: GB-seconds at 512 MB`]: '4.00',
    // 60 M batches × 2 write units × 0.625 per million
    'DynamoDB / record-usage: writes': '75.00',
    // 100 M × 586 bytes / 2^30 × 0.50
    'CloudWatch / usage lines': '27.29',
    'CloudWatch / alarms': '0.10',
    // one method of five metrics, 36 of usage lines
    'API Gateway / detailed metrics of methods': '1.50',
    'CloudWatch / metrics of usage lines': '10.80',
    // 2,000 closes × (3 states + 5 loops of 3) × 0.025 per thousand
    'Step Functions / closes': '0.90',
    'Secrets Manager / secrets': '0.40',
    'EventBridge / schedule of tollgate-roll-up': '0.04',
  })
})

describe('the templates decide', () => {
  test('twice the memory of the api function is twice its GB-seconds and nothing else', () => {
    expect(difference(deploymentOf({ Api: lambda(FUNCTIONS.api, { MemorySize: 1024 }) }))).toEqual({
      [`Lambda / ${FUNCTIONS.api}: GB-seconds at 512 MB`]: ['16.67', '0.00'],
      [`Lambda / ${FUNCTIONS.api}: GB-seconds at 1024 MB`]: ['0.00', '33.33'],
    })
  })

  test('without the schedule of reporting, its runs and all that they do are gone and nothing else', () => {
    expect(Object.keys(difference(deploymentOf({}, ['ReportUsageSchedule']))).sort()).toEqual([
      'CloudWatch / platform lines of tollgate-report-usage',
      'DynamoDB / jobs that find nothing: reads',
      'DynamoDB / report-usage: reads',
      'DynamoDB / report-usage: writes',
      'EventBridge / schedule of tollgate-report-usage',
      'Lambda / tollgate-report-usage: GB-seconds at 512 MB',
      'Lambda / tollgate-report-usage: requests',
      'Secrets Manager / reads',
    ])
  })

  test('a longer kept authorizer answer makes the authorizer cheaper', () => {
    const longer = { Type: resources.Keys.Type, Properties: { AuthorizerResultTtlInSeconds: 300 } }
    expect(difference(deploymentOf({ Keys: longer }))).toEqual({
      'CloudWatch / platform lines of tollgate-authorizer': ['7.60', '1.52'],
      'DynamoDB / authorizer: reads': ['10.00', '2.00'],
      'Lambda / tollgate-authorizer: GB-seconds at 512 MB': ['4.00', '0.80'],
      'Lambda / tollgate-authorizer: requests': ['8.00', '1.60'],
    })
  })

  test.each<[string, Resources, readonly string[], readonly string[]]>([
    ['an alarm', { Second: alarm }, [], ['CloudWatch / alarms']],
    [
      'a month of retention less',
      {
        Logs: {
          Type: 'AWS::Logs::LogGroup',
          Properties: { ...resources.Logs.Properties, RetentionInDays: 30 },
        },
      },
      [],
      ['CloudWatch / logs kept'],
    ],
    [
      'a quieter system log',
      { Api: lambda(FUNCTIONS.api, { LoggingConfig: { SystemLogLevel: 'WARN' } }) },
      [],
      ['CloudWatch / platform lines of tollgate-api', 'CloudWatch / logs kept'],
    ],
    ['a second method', { Second: method }, [], ['API Gateway / detailed metrics of methods']],
    ['no secret', {}, ['Secret'], ['Secrets Manager / reads', 'Secrets Manager / secrets']],
    [
      'a bucket',
      { Exports: { Type: 'AWS::S3::Bucket', Properties: {} } },
      [],
      ['S3 / one month of exports, for a month', 'S3 / writes of exports'],
    ],
  ])('%s changes its own lines', (_, changed, removed, lines) => {
    const after = difference(deploymentOf(changed, removed))
    expect(Object.keys(after).filter(name => !lines.includes(name))).toEqual([])
    expect(Object.keys(after)).not.toEqual([])
  })

  test('x86 functions cost what x86 costs', () => {
    const x86 = deploymentOf({ Api: lambda(FUNCTIONS.api, { Architectures: ['x86_64'] }) })
    const line = linesOf(x86).get(`Lambda / ${FUNCTIONS.api}: GB-seconds at 512 MB`)
    expect(line?.cost).toBe(costOf(PRICES.lambdaX86, 100_000_000n * 25n * 512n))
  })

  test('what has no price here is refused', () => {
    const provisioned = { ...resources.Ledger.Properties, BillingMode: 'PROVISIONED' }
    const ledger = { Type: resources.Ledger.Type, Properties: provisioned }
    expect(() => estimate(deploymentOf({ Ledger: ledger }), workload)).toThrow('on-demand')
  })
})

describe('sums', () => {
  test('the total is the sum of the lines, and lines of one price share its tiers', () => {
    const { lines, total } = estimate(deploymentOf(), { ...workload, calls: 40_000_000_000n })
    expect(lines.reduce((sum, { cost }) => sum + cost, 0n)).toBe(total)
    const logs = lines.filter(({ price }) => price === 'lambdaLogs')
    expect(logs.length).toBeGreaterThan(1)
    expect(logs.reduce((sum, { cost }) => sum + cost, 0n)).toBe(
      costOf(
        PRICES.lambdaLogs,
        logs.reduce((sum, { count }) => sum + count, 0n),
      ),
    )
  })

  test('more calls never cost less', () => {
    const totals = [0n, 1n, 10n, 100n, 1_000n, 10_000n].map(
      millions => estimate(deploymentOf(), { ...workload, calls: millions * 1_000_000n }).total,
    )
    expect(totals.every((total, i) => total >= (totals[i - 1] ?? 0n))).toBe(true)
  })
})

describe('schedules', () => {
  test.each([
    ['rate(1 minute)', 43_200n],
    ['rate(15 minutes)', 2_880n],
    ['rate(1 hour)', 720n],
    ['rate(1 day)', 30n],
    ['cron(0 3 * * ? *)', 30n],
    ['cron(30 * * * ? *)', 720n],
    ['cron(0 4 2 * ? *)', 1n],
    ['cron(30 3,4,5 * * ? *)', 90n],
    ['cron(0/5 * * * ? *)', 8_640n],
    ['cron(3/25 */8 * * ? *)', 270n],
  ])('%s runs %s times a month', (expression, runs) => {
    expect(runsOf(expression)).toBe(runs)
  })

  test.each(['rate(0 weeks)', 'cron(0 3 ? 1 MON *)', 'cron(0 3 L * ? *)', 'at(2026-11-22T00:00:00)'])(
    '%s is not guessed at',
    expression => {
      expect(() => runsOf(expression)).toThrow(expression)
    },
  )
})

test('capped calls are a share of all', () => {
  const line = linesOf(deploymentOf()).get('DynamoDB / calls with a hard limit: writes')
  expect(line?.count).toBe(((workload.calls * ASSUMPTIONS.cappedPerHundred) / 100n) * 2n)
})
