import * as z from 'zod/mini'
import { ASSEMBLY_DIR } from '../../../infra/aws/assembly.ts'
import { loadAssembly, type Stack } from '../../../infra/local/template/assembly.ts'
import { type Json, resolve, type Scope } from '../../../infra/local/template/intrinsics.ts'

/** What the synthesized templates say about the parts that a simulation runs. */
export type Assembly = {
  /** Seconds that a function may run, by its name. */
  readonly timeouts: ReadonlyMap<string, number>
  readonly machines: readonly {
    readonly name: string
    readonly definition: string
    readonly roleArn: string
  }[]
  readonly schedules: readonly { readonly functionName: string; readonly everyMs: number }[]
  readonly rules: readonly Rule[]
  /** What the parameters of the stacks are unless somebody says otherwise. */
  readonly parameters: ReadonlyMap<string, string>
}
export type Rule = {
  readonly functionName: string
  readonly sources: readonly string[]
  /** Null: any. */
  readonly types: readonly string[] | null
}

export const REGION = 'us-east-1'
export const ACCOUNT = '000000000000'
export const machineArn = (name: string): string => `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:${name}`
const functionArn = (name: string): string => `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`
export const functionNameOf = (arn: string): string => arn.slice(arn.lastIndexOf(':') + 1)

/** Reads `.build/cdk.out`; the templates must have been synthesized. */
export function readAssembly(dir = ASSEMBLY_DIR): Assembly {
  const stacks = loadAssembly(dir)
  const resources = stacks.flatMap(resourcesOf)
  const of = <T>(type: string, schema: z.ZodMiniType<T>): T[] =>
    resources.filter(one => one.type === type).map(({ properties }) => z.parse(schema, properties))
  return {
    parameters: new Map(
      stacks.flatMap(({ template }) =>
        Object.entries(template.Parameters ?? {}).map(
          ([name, { Default }]) => [name, String(Default ?? '')] as const,
        ),
      ),
    ),
    timeouts: new Map(
      of('AWS::Lambda::Function', functionSchema).map(one => [one.FunctionName, one.Timeout ?? 3]),
    ),
    machines: of('AWS::StepFunctions::StateMachine', machineSchema).map(one => ({
      name: one.StateMachineName,
      definition: one.DefinitionString,
      roleArn: one.RoleArn,
    })),
    schedules: of('AWS::Scheduler::Schedule', scheduleSchema).map(one => ({
      functionName: functionNameOf(one.Target.Arn),
      everyMs: intervalOf(one.ScheduleExpression),
    })),
    rules: of('AWS::Events::Rule', ruleSchema).flatMap(({ EventPattern, Targets }) =>
      Targets.map(({ Arn }) => ({
        functionName: functionNameOf(Arn),
        sources: EventPattern.source,
        types: EventPattern['detail-type'] ?? null,
      })),
    ),
  }
}

const functionSchema = z.object({ FunctionName: z.string(), Timeout: z.optional(z.int()) })
const machineSchema = z.object({
  StateMachineName: z.string(),
  DefinitionString: z.string(),
  RoleArn: z.string(),
})
const scheduleSchema = z.object({ ScheduleExpression: z.string(), Target: z.object({ Arn: z.string() }) })
const ruleSchema = z.object({
  EventPattern: z.object({ source: z.array(z.string()), 'detail-type': z.optional(z.array(z.string())) }),
  Targets: z.array(z.object({ Arn: z.string() })),
})

function resourcesOf({ template }: Stack): { type: string; properties: Json }[] {
  const resources = template.Resources ?? {}
  const names = new Map<string, string>()
  for (const [id, { Properties }] of Object.entries(resources)) {
    const name = Properties?.FunctionName
    if (typeof name === 'string') names.set(id, name)
  }
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::Partition': 'aws',
    'AWS::Region': REGION,
    'AWS::AccountId': ACCOUNT,
  }
  const scope: Scope = {
    ref: name => pseudo[name] ?? names.get(name) ?? name,
    getAtt: (id, attribute) => {
      const name = names.get(id)
      return attribute === 'Arn' && name !== undefined ? functionArn(name) : `${id}.${attribute}`
    },
    importValue: name => name,
    condition: () => true,
    mapping: (name, first, second) => `${name}.${first}.${second}`,
  }
  const simulated = /^AWS::(Lambda::Function|StepFunctions::StateMachine|Scheduler::Schedule|Events::Rule)$/
  return Object.values(resources)
    .filter(({ Type }) => simulated.test(Type))
    .map(({ Type, Properties = {} }) => ({ type: Type, properties: resolve(Properties, scope) }))
}

const UNITS_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const

/** `rate(15 minutes)`; a cron expression counts as a day. */
function intervalOf(expression: string): number {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? []
  if (unit === 'minute' || unit === 'hour' || unit === 'day') return Number(count) * UNITS_MS[unit]
  return UNITS_MS.day
}
