// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the syntax of policy variables
import { beforeEach, describe, expect, test } from 'vitest'
import type { Identity } from '../contract.ts'
import { createIam, type Iam } from './iam.ts'

const ACCOUNT = '000000000000'
const ROLE = `arn:aws:iam::${ACCOUNT}:role/api`
const TABLE = `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/access`
const FUNCTION = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:api`
const role: Identity = { kind: 'role', roleArn: ROLE, sessionName: 'api' }
const trust = (service: string, more = {}) => ({
  Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole', ...more }],
})

let iam: Iam

beforeEach(() => {
  iam = createIam(ACCOUNT)
  iam.createRole(ROLE, trust('lambda.amazonaws.com'))
})

function allowed(
  identity: Identity,
  action: string,
  resource: string,
  conditions?: Record<string, string>,
): boolean {
  try {
    iam.authorize(identity, action, resource, conditions)
    return true
  } catch (error) {
    expect((error as { code?: string }).code).toBe('AccessDeniedException')
    return false
  }
}

function grant(...statements: readonly Record<string, unknown>[]): void {
  iam.putRolePolicy(ROLE, 'own', { Version: '2012-10-17', Statement: statements })
}

describe('a role', () => {
  test('may do nothing that no policy allows, and the refusal names who, what and where', () => {
    expect(() => iam.authorize(role, 'dynamodb:PutItem', TABLE)).toThrow(
      `User: arn:aws:sts::${ACCOUNT}:assumed-role/api/api is not authorized to perform: dynamodb:PutItem on resource: ${TABLE}`,
    )
  })

  const cases: readonly (readonly [string, string, string, string, boolean])[] = [
    ['the action itself', 'dynamodb:PutItem', TABLE, 'dynamodb:PutItem', true],
    ['an action in other letters', 'DynamoDB:putitem', TABLE, 'dynamodb:PutItem', true],
    ['an action wildcard', 'dynamodb:Put*', TABLE, 'dynamodb:PutItem', true],
    ['a one-letter wildcard', 'dynamodb:?utItem', TABLE, 'dynamodb:PutItem', true],
    ['another action', 'dynamodb:GetItem', TABLE, 'dynamodb:PutItem', false],
    ['the wildcard resource', 'dynamodb:PutItem', '*', 'dynamodb:PutItem', true],
    ['a resource prefix', 'dynamodb:PutItem', `${TABLE.slice(0, -3)}*`, 'dynamodb:PutItem', true],
    ['another resource', 'dynamodb:PutItem', `${TABLE}/index/*`, 'dynamodb:PutItem', false],
    ['a resource that is only a prefix', 'dynamodb:PutItem', TABLE.slice(0, -1), 'dynamodb:PutItem', false],
  ]
  test.each(cases)('with a grant of %s', (_name, granted, resource, action, expected) => {
    grant({ Effect: 'Allow', Action: granted, Resource: resource })
    expect(allowed(role, action, TABLE)).toBe(expected)
  })

  test('is denied by an explicit Deny whatever else allows it', () => {
    grant(
      { Effect: 'Allow', Action: '*', Resource: '*' },
      { Effect: 'Deny', Action: 'dynamodb:Delete*', Resource: '*' },
    )
    expect(allowed(role, 'dynamodb:PutItem', TABLE)).toBe(true)
    expect(allowed(role, 'dynamodb:DeleteItem', TABLE)).toBe(false)
  })

  test('may also be allowed by the policy of the resource', () => {
    iam.setResourcePolicy(FUNCTION, {
      Statement: [
        { Effect: 'Allow', Principal: { AWS: ROLE }, Action: 'lambda:InvokeFunction', Resource: FUNCTION },
      ],
    })
    expect(allowed(role, 'lambda:InvokeFunction', FUNCTION)).toBe(true)
    expect(allowed({ ...role, roleArn: `${ROLE}-other` }, 'lambda:InvokeFunction', FUNCTION)).toBe(false)
  })

  test('with a condition may act only while it holds', () => {
    grant({
      Effect: 'Allow',
      Action: 'ses:SendEmail',
      Resource: '*',
      Condition: { StringEquals: { 'ses:FromAddress': 'billing@example.com' } },
    })
    expect(allowed(role, 'ses:SendEmail', '*', { 'ses:FromAddress': 'billing@example.com' })).toBe(true)
    expect(allowed(role, 'ses:SendEmail', '*', { 'ses:FromAddress': 'other@example.com' })).toBe(false)
    expect(allowed(role, 'ses:SendEmail', '*')).toBe(false)
  })
})

describe('an AWS service', () => {
  const rule = `arn:aws:events:us-east-1:${ACCOUNT}:rule/tollgate/starter`
  const events: Identity = { kind: 'service', principal: 'events.amazonaws.com', sourceArn: rule }

  test.each([
    ['ArnLike', `arn:aws:events:us-east-1:${ACCOUNT}:rule/tollgate/*`, true],
    ['ArnEquals', rule, true],
    ['ArnLike', `arn:aws:events:us-east-1:${ACCOUNT}:rule/other/*`, false],
  ])('may call what the resource policy allows with %s %s: %s %s', (operator, pattern, expected) => {
    iam.setResourcePolicy(FUNCTION, {
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'lambda:InvokeFunction',
          Resource: FUNCTION,
          Condition: { [operator]: { 'AWS:SourceArn': pattern } },
        },
      ],
    })
    expect(allowed(events, 'lambda:InvokeFunction', FUNCTION)).toBe(expected)
    expect(allowed({ ...events, principal: 'logs.amazonaws.com' }, 'lambda:InvokeFunction', FUNCTION)).toBe(
      false,
    )
  })

  test('is not stopped by a Deny for calls without TLS, but by any other', () => {
    const queue = `arn:aws:sqs:us-east-1:${ACCOUNT}:dead`
    const allow = { Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: queue }
    const insecure = { Bool: { 'aws:SecureTransport': 'false' } }
    const deny = { Effect: 'Deny', Principal: '*', Action: 'sqs:*', Resource: queue }
    iam.setResourcePolicy(queue, { Statement: [allow, { ...deny, Condition: insecure }] })
    expect(allowed(events, 'sqs:SendMessage', queue)).toBe(true)
    iam.setResourcePolicy(queue, { Statement: [allow, deny] })
    expect(allowed(events, 'sqs:SendMessage', queue)).toBe(false)
  })

  test('may assume only the roles that trust it', () => {
    expect(iam.canAssume(ROLE, 'lambda.amazonaws.com')).toBe(true)
    expect(iam.canAssume(ROLE, 'scheduler.amazonaws.com')).toBe(false)
    iam.createRole(
      `${ROLE}2`,
      trust('scheduler.amazonaws.com', { Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } } }),
    )
    iam.createRole(
      `${ROLE}3`,
      trust('scheduler.amazonaws.com', { Condition: { StringEquals: { 'aws:SourceAccount': '1' } } }),
    )
    expect(iam.canAssume(`${ROLE}2`, 'scheduler.amazonaws.com')).toBe(true)
    expect(iam.canAssume(`${ROLE}3`, 'scheduler.amazonaws.com')).toBe(false)
  })
})

test('an access key leads to its role, an unknown one to root, which may do everything', () => {
  expect(iam.identityOf(iam.accessKeyFor(ROLE, 'api', 'stream'))).toEqual({
    ...role,
    environmentId: 'stream',
  })
  expect(iam.identityOf('local')).toEqual({ kind: 'root' })
  expect(allowed({ kind: 'root' }, 'dynamodb:DeleteTable', TABLE)).toBe(true)
})

test('grants that nothing used are reported by action', () => {
  grant({ Effect: 'Allow', Action: ['dynamodb:PutItem', 'dynamodb:GetItem'], Resource: TABLE })
  allowed(role, 'dynamodb:GetItem', TABLE)
  expect(iam.unusedGrants()).toEqual([
    { holder: ROLE, policy: 'own', actions: ['dynamodb:PutItem'], resources: [TABLE] },
  ])
})

test.each([
  ['NotAction', { Effect: 'Allow', NotAction: 's3:*', Resource: '*' }],
  [
    'StringEqualsIfExists',
    { Effect: 'Allow', Action: '*', Resource: '*', Condition: { StringEqualsIfExists: { a: 'b' } } },
  ],
  ['policy variables', { Effect: 'Allow', Action: '*', Resource: 'arn:aws:s3:::${aws:username}' }],
  ['Federated', { Effect: 'Allow', Principal: { Federated: 'x' }, Action: '*', Resource: '*' }],
])('a policy with %s is refused by name', (name, statement) => {
  expect(() => grant(statement)).toThrow(name)
})
