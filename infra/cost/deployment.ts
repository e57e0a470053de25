import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod/mini'

/** A month has 30 days here. */
const MINUTES_A_MONTH = 30n * 24n * 60n

/** What the synthesized templates say that costs money. */
export type Deployment = {
  readonly functions: readonly {
    readonly name: string
    readonly memoryMb: bigint
    readonly timeoutSeconds: bigint
    readonly architecture: 'arm64' | 'x86_64'
    /** START, END and REPORT lines are written unless the system log level keeps them away. */
    readonly platformLines: boolean
  }[]
  readonly schedules: readonly { readonly target: string; readonly runsAMonth: bigint }[]
  readonly restApi: {
    readonly accessLog: boolean
    /** Methods with metrics of their own. */
    readonly meteredMethods: bigint
    /** Zero: no answer is kept. */
    readonly authorizerTtlSeconds: bigint
  }
  readonly tables: readonly { readonly name: string; readonly onDemand: boolean; readonly backup: boolean }[]
  readonly logGroups: ReadonlyMap<string, bigint>
  readonly subscribers: readonly { readonly logGroup: string; readonly target: string }[]
  readonly machines: readonly { readonly name: string; readonly states: bigint }[]
  readonly alarms: bigint
  readonly secrets: bigint
  readonly buckets: bigint
  readonly httpApis: bigint
}

const resourceSchema = z.object({
  Type: z.string(),
  Properties: z.optional(z.record(z.string(), z.unknown())),
})
const templateSchema = z.object({ Resources: z.optional(z.record(z.string(), resourceSchema)) })
export type Template = z.output<typeof templateSchema>
type Resource = {
  readonly id: string
  readonly template: Template
  readonly properties: Record<string, unknown>
}

/** All templates of an assembly. */
export const readTemplates = (assemblyDir: string): Template[] =>
  readdirSync(assemblyDir)
    .filter(file => file.endsWith('.template.json'))
    .sort()
    .map(file => z.parse(templateSchema, JSON.parse(readFileSync(join(assemblyDir, file), 'utf8'))))

/** Throws when a template holds something that costs money and that this does not understand. */
export function readDeployment(templates: readonly Template[]): Deployment {
  const all = (type: string): Resource[] =>
    templates.flatMap(template =>
      Object.entries(template.Resources ?? {})
        .filter(([, resource]) => resource.Type === type)
        .map(([id, { Properties }]) => ({ id, template, properties: Properties ?? {} })),
    )
  const count = (type: string) => BigInt(all(type).length)
  const stage = z.parse(stageSchema, all('AWS::ApiGateway::Stage')[0]?.properties ?? {})
  const authorizer = z.parse(authorizerSchema, all('AWS::ApiGateway::Authorizer')[0]?.properties ?? {})
  const hasMetrics = stage.MethodSettings?.some(({ MetricsEnabled }) => MetricsEnabled === true) ?? false
  return {
    functions: all('AWS::Lambda::Function').map(readFunction),
    schedules: all('AWS::Scheduler::Schedule').map(readSchedule),
    restApi: {
      accessLog: stage.AccessLogSetting !== undefined,
      meteredMethods: hasMetrics ? count('AWS::ApiGateway::Method') : 0n,
      authorizerTtlSeconds: BigInt(authorizer.AuthorizerResultTtlInSeconds ?? 300),
    },
    tables: all('AWS::DynamoDB::GlobalTable').map(readTable),
    logGroups: new Map(all('AWS::Logs::LogGroup').map(readLogGroup)),
    subscribers: all('AWS::Logs::SubscriptionFilter').map(readSubscriber),
    machines: all('AWS::StepFunctions::StateMachine').map(readMachine),
    alarms: count('AWS::CloudWatch::Alarm'),
    secrets: count('AWS::SecretsManager::Secret'),
    buckets: count('AWS::S3::Bucket'),
    httpApis: count('AWS::ApiGatewayV2::Api'),
  }
}

const stageSchema = z.object({
  AccessLogSetting: z.optional(z.unknown()),
  MethodSettings: z.optional(z.array(z.object({ MetricsEnabled: z.optional(z.boolean()) }))),
})
const authorizerSchema = z.object({ AuthorizerResultTtlInSeconds: z.optional(z.int()) })
const arnOf = z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) })

const functionSchema = z.object({
  FunctionName: z.string(),
  MemorySize: z._default(z.int(), 128),
  Timeout: z._default(z.int(), 3),
  Architectures: z._default(z.tuple([z.enum(['arm64', 'x86_64'])]), ['x86_64']),
  LoggingConfig: z.optional(z.object({ SystemLogLevel: z.optional(z.string()) })),
})
function readFunction({ properties }: Resource) {
  const { FunctionName, MemorySize, Timeout, Architectures, LoggingConfig } = z.parse(
    functionSchema,
    properties,
  )
  return {
    name: FunctionName,
    memoryMb: BigInt(MemorySize),
    timeoutSeconds: BigInt(Timeout),
    architecture: Architectures[0],
    platformLines: LoggingConfig?.SystemLogLevel !== 'WARN',
  }
}

/** Name of the function that an ARN in the same template stands for. */
function functionBehind(template: Template, arn: unknown): string {
  const [id] = z.parse(arnOf, arn)['Fn::GetAtt']
  return z.parse(functionSchema, template.Resources?.[id]?.Properties).FunctionName
}

const scheduleSchema = z.object({
  ScheduleExpression: z.string(),
  State: z._default(z.string(), 'ENABLED'),
  Target: z.object({ Arn: z.unknown() }),
})
function readSchedule({ template, properties }: Resource) {
  const { ScheduleExpression, State, Target } = z.parse(scheduleSchema, properties)
  const runsAMonth = State === 'ENABLED' ? runsOf(ScheduleExpression) : 0n
  return { target: functionBehind(template, Target.Arn), runsAMonth }
}

const RATE_MINUTES: Readonly<Record<string, bigint>> = { minute: 1n, hour: 60n, day: 1_440n }

/** `rate(5 minutes)`, or a `cron(…)` of every month whose minutes, hours and days of the month are lists, steps or stars. */
export function runsOf(expression: string): bigint {
  const [, every, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? []
  const minutes = RATE_MINUTES[unit]
  if (every !== undefined && minutes !== undefined) return MINUTES_A_MONTH / (BigInt(every) * minutes)
  const [, ...fields] = /^cron\((\S+) (\S+) (\S+) \* [*?] \*\)$/.exec(expression) ?? []
  const counts = [60n, 24n, 30n].map((all, i) => timesOf(fields[i] ?? '', all))
  if (counts.includes(0n)) throw new Error(`it is not known how often ${expression} runs a month`)
  return counts.reduce((product, count) => product * count, 1n)
}

/** How many of `all` values a field of a cron expression names; zero when that is not known. */
function timesOf(field: string, all: bigint): bigint {
  if (field === '*' || field === '?') return all
  const [, from, step] = /^(\d+|\*)\/([1-9]\d*)$/.exec(field) ?? []
  if (from !== undefined && step !== undefined) {
    const left = all - (from === '*' ? 0n : BigInt(from))
    return (left + BigInt(step) - 1n) / BigInt(step)
  }
  return /^\d+(,\d+)*$/.test(field) ? BigInt(field.split(',').length) : 0n
}

const tableSchema = z.object({
  TableName: z.string(),
  BillingMode: z.optional(z.string()),
  Replicas: z.array(
    z.object({
      PointInTimeRecoverySpecification: z.optional(z.object({ PointInTimeRecoveryEnabled: z.boolean() })),
    }),
  ),
})
function readTable({ properties }: Resource) {
  const { TableName, BillingMode, Replicas } = z.parse(tableSchema, properties)
  const backup = Replicas[0]?.PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled ?? false
  return { name: TableName, onDemand: BillingMode === 'PAY_PER_REQUEST', backup }
}

const logGroupSchema = z.object({ LogGroupName: z.string(), RetentionInDays: z.int() })
function readLogGroup({ properties }: Resource): [string, bigint] {
  const { LogGroupName, RetentionInDays } = z.parse(logGroupSchema, properties)
  return [LogGroupName, BigInt(RetentionInDays)]
}

const subscriberSchema = z.object({ LogGroupName: z.string(), DestinationArn: z.unknown() })
function readSubscriber({ template, properties }: Resource) {
  const { LogGroupName, DestinationArn } = z.parse(subscriberSchema, properties)
  return { logGroup: LogGroupName, target: functionBehind(template, DestinationArn) }
}

const machineSchema = z.object({ StateMachineName: z.string(), DefinitionString: z.unknown() })
/** States are counted in the definition's text, whose ARNs CloudFormation puts in later. */
function readMachine({ properties }: Resource) {
  const { StateMachineName, DefinitionString } = z.parse(machineSchema, properties)
  const states = JSON.stringify(DefinitionString).match(/\\"Type\\":/g)?.length ?? 0
  return { name: StateMachineName, states: BigInt(states) }
}
