import { existsSync } from 'node:fs'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Validations } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { AwsSolutionsChecks } from 'cdk-nag'
import { beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../../infra/aws/app.ts'
import { RUNBOOK_SECTIONS } from '../../infra/aws/constructs/alarms.ts'
import { API_STAGE, FUNCTIONS, STACKS } from '../../infra/aws/names.ts'
import { ROOT } from '../style/sources.ts'

// biome-ignore lint/suspicious/noExplicitAny: templates are JSON.
type Json = any
type Resource = { Type: string; Properties: Json; DeletionPolicy?: string }

let templates: Record<string, Template>
let findings: { ruleName: string; description: string }[]

beforeAll(async () => {
  const outdir = await mkdtemp(join(tmpdir(), 'tollgate-templates-'))
  const app = createApp(outdir)
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
  try {
    app.synth()
  } catch (error) {
    if ((error as Error).name !== 'ValidationFailed' && !String(error).includes('Validation failed'))
      throw error
  }
  process.exitCode = 0 // a finding sets it; the test below reports findings
  const report = join(outdir, 'validation-report.json')
  findings = existsSync(report)
    ? JSON.parse(await readFile(report, 'utf8')).pluginReports.flatMap((plugin: Json) => plugin.violations)
    : []
  const entries = await Promise.all(
    Object.values(STACKS).map(async name => {
      const text = await readFile(join(outdir, `${name}.template.json`), 'utf8')
      return [name, Template.fromJSON(JSON.parse(text))] as const
    }),
  )
  templates = Object.fromEntries(entries)
})

const resources = (type: string): [string, Resource][] =>
  Object.values(templates).flatMap(
    template => Object.entries(template.findResources(type)) as [string, Resource][],
  )
const statements = (): Json[] =>
  resources('AWS::IAM::Policy').flatMap(([, policy]) => policy.Properties.PolicyDocument.Statement)
const asArray = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value])

describe('templates', () => {
  it('pass the AWS Solutions checks, each acknowledgement with its reason', () => {
    expect(findings.map(finding => `${finding.ruleName}: ${finding.description}`)).toEqual([])
  })

  it('run every function on Node 24, arm64, with a log group that forgets', () => {
    const functions = resources('AWS::Lambda::Function')
    expect(functions.map(([, fn]) => fn.Properties.FunctionName).sort()).toEqual(
      Object.values(FUNCTIONS).sort(),
    )
    const groups = resources('AWS::Logs::LogGroup')
    for (const [id, group] of groups) expect(group.Properties.RetentionInDays, id).toBeGreaterThan(0)
    for (const [id, { Properties: properties }] of functions) {
      expect(properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] })
      const group = [properties.LoggingConfig?.LogGroup.Ref, `/aws/lambda/${properties.FunctionName}`]
      expect(
        groups.map(([groupId, one]) => [groupId, one.Properties.LogGroupName]),
        id,
      ).toContainEqual(group)
    }
  })

  it('give no function a wildcard action, and a wildcard resource only where ids are made at run time', () => {
    const actions = statements().flatMap(statement => asArray<string>(statement.Action))
    expect(actions.filter(action => action.includes('*'))).toEqual([])
    const everything = statements().filter(statement => asArray(statement.Resource).includes('*'))
    const allowed = new Set([
      // Tracing and log delivery of state machines have no resource level.
      'xray:PutTraceSegments',
      'logs:CreateLogDelivery',
    ])
    expect(everything.filter(statement => !allowed.has(asArray<string>(statement.Action)[0] ?? ''))).toEqual(
      [],
    )
  })

  it('keep tables, people and the API stage when a stack goes', () => {
    const kept = ['AWS::DynamoDB::GlobalTable', 'AWS::Cognito::UserPool', 'AWS::ApiGateway::Stage'].flatMap(
      resources,
    )
    expect(kept).toHaveLength(6)
    for (const [id, resource] of kept) expect(resource.DeletionPolicy, id).toBe('Retain')
    expect(resources('AWS::ApiGateway::Stage')[0]?.[1].Properties.StageName).toBe(API_STAGE)
    for (const [id, table] of resources('AWS::DynamoDB::GlobalTable')) {
      expect(table.Properties.BillingMode, id).toBe('PAY_PER_REQUEST')
      for (const replica of table.Properties.Replicas) {
        expect(replica.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled, id).toBe(true)
      }
    }
  })

  it('make no usage plan and no gateway key: those are made at run time', () => {
    for (const type of ['AWS::ApiGateway::UsagePlan', 'AWS::ApiGateway::ApiKey'])
      expect(resources(type)).toEqual([])
  })

  it('send every call but two through the authorizer and the gateway key', () => {
    const methods = resources('AWS::ApiGateway::Method').map(([, method]) => method.Properties)
    const open = methods.filter(method => method.AuthorizationType !== 'CUSTOM')
    expect(open).toHaveLength(2)
    expect(
      methods.filter(method => method.ApiKeyRequired === true && method.AuthorizationType === 'CUSTOM'),
    ).toHaveLength(2) // `/` and `/{proxy+}`
    expect(resources('AWS::ApiGateway::RestApi')[0]?.[1].Properties.ApiKeySourceType).toBe('AUTHORIZER')
  })

  it('answer in problem documents whenever API Gateway answers itself', () => {
    const statusOf = Object.fromEntries(
      resources('AWS::ApiGateway::GatewayResponse').map(([, response]) => {
        const problem = JSON.parse(response.Properties.ResponseTemplates['application/json'])
        expect(Object.keys(problem)).toEqual(
          expect.arrayContaining(['type', 'title', 'code', 'detail', 'requestId']),
        )
        if (problem.status !== undefined) expect(String(problem.status)).toBe(response.Properties.StatusCode)
        expect(response.Properties.ResponseParameters['gatewayresponse.header.Content-Type']).toBe(
          "'application/problem+json'",
        )
        return [response.Properties.ResponseType, response.Properties.StatusCode]
      }),
    )
    expect(statusOf).toMatchObject({
      UNAUTHORIZED: '401',
      ACCESS_DENIED: '402',
      THROTTLED: '429',
      REQUEST_TOO_LARGE: '413',
      MISSING_AUTHENTICATION_TOKEN: '404',
      AUTHORIZER_FAILURE: '503',
      AUTHORIZER_CONFIGURATION_ERROR: '503',
      INVALID_API_KEY: '503',
    })
  })

  it('give every task a timeout, retries with full jitter and, but for the last resort, a catch', () => {
    const machines = resources('AWS::StepFunctions::StateMachine')
    expect(machines).toHaveLength(5)
    for (const [, machine] of machines) {
      const [, parts] = machine.Properties.DefinitionString['Fn::Join'] as [string, unknown[]]
      const definition = JSON.parse(
        parts.map(part => (typeof part === 'string' ? part : 'token')).join(''),
      ) as Json
      expect(definition.TimeoutSeconds).toBeGreaterThan(0)
      for (const [name, state] of Object.entries<Json>(definition.States)) {
        if (state.Type !== 'Task') continue
        expect(state.TimeoutSeconds, name).toBeGreaterThan(0)
        expect(state.Retry[0].JitterStrategy, name).toBe('FULL')
        if (name !== 'Fail') expect(state.Catch?.[0].ErrorEquals, name).toEqual(['States.ALL'])
      }
    }
  })

  it('put a dead-letter queue behind every rule and schedule', () => {
    for (const [id, rule] of resources('AWS::Events::Rule')) {
      for (const target of rule.Properties.Targets) expect(target.DeadLetterConfig?.Arn, id).toBeDefined()
    }
    for (const [id, schedule] of resources('AWS::Scheduler::Schedule')) {
      expect(schedule.Properties.Target.DeadLetterConfig?.Arn, id).toBeDefined()
    }
  })

  it('describe every alarm in the runbook, and the runbook no other', async () => {
    const runbook = await readFile(join(ROOT, 'infra/runbook.md'), 'utf8')
    const sections = [...runbook.matchAll(/^## (.+)$/gm)].map(([, title]) => title)
    expect(sections.sort()).toEqual([...RUNBOOK_SECTIONS].sort())
    const linked = new Set(
      resources('AWS::CloudWatch::Alarm').map(([id, alarm]) => {
        expect(alarm.Properties.AlarmActions, id).toHaveLength(1)
        const description = JSON.stringify(alarm.Properties.AlarmDescription)
        return /runbook\.md#([a-z0-9-]+)/.exec(description)?.[1]
      }),
    )
    expect([...linked].sort()).toEqual([...RUNBOOK_SECTIONS].sort())
  })
})
