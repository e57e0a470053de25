import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { asRoot } from '../../endpoint/testing/sign.ts'
import { createIam } from '../../iam/iam.ts'
import { roleId } from '../../iam/role-id.ts'
import { type Served, serve } from '../../testing/serve.ts'
import { createIamService } from './index.ts'

const ACCOUNT = '000000000000'
const TRUST = {
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
}
const OWN = {
  Statement: [
    { Effect: 'Allow', Action: 'dynamodb:*', Resource: 'arn:aws:dynamodb:*:*:table/a' },
    { Effect: 'Deny', Action: 'dynamodb:DeleteTable', Resource: '*' },
    {
      Effect: 'Allow',
      Action: 'ses:SendEmail',
      Resource: '*',
      Condition: { StringEquals: { 'ses:FromAddress': 'a@b.c' } },
    },
  ],
}
const BASIC = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'

let served: Served

beforeEach(async () => {
  served = await serve(() => {
    const service = createIamService(ACCOUNT, createIam(ACCOUNT))
    const provision = (type: string, logicalId: string, properties: object) =>
      service.resources[type]?.({ stackName: 's', logicalId, type, properties, assemblyDir: '/nowhere' })
    provision('AWS::IAM::Role', 'Api', {
      RoleName: 'api',
      Path: '/tollgate/',
      AssumeRolePolicyDocument: TRUST,
      Policies: [{ PolicyName: 'own', PolicyDocument: OWN }],
      ManagedPolicyArns: [BASIC],
    })
    provision('AWS::IAM::Role', 'Other', { RoleName: 'other', AssumeRolePolicyDocument: TRUST })
    return [service]
  })
})
afterEach(() => served.close())

async function ask(form: Record<string, string>) {
  const response = await fetch(served.url, {
    method: 'POST',
    headers: { ...asRoot('iam'), 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  })
  const text = await response.text()
  const all = (tag: string) =>
    [...text.matchAll(new RegExp(`<${tag}>(.*?)</${tag}>`, 'g'))].map(match => match[1])
  return { status: response.status, text, all }
}

const ARN = `arn:aws:iam::${ACCOUNT}:role/tollgate/api`

describe('roles', () => {
  test('are listed by name, in pages and by path', async () => {
    expect((await ask({ Action: 'ListRoles' })).all('RoleName')).toEqual(['api', 'other'])
    const first = await ask({ Action: 'ListRoles', MaxItems: '1' })
    expect([first.all('RoleName'), first.all('IsTruncated')]).toEqual([['api'], ['true']])
    const second = await ask({ Action: 'ListRoles', MaxItems: '1', Marker: first.all('Marker')[0] ?? '' })
    expect([second.all('RoleName'), second.all('IsTruncated')]).toEqual([['other'], ['false']])
    expect((await ask({ Action: 'ListRoles', PathPrefix: '/tollgate/' })).all('RoleName')).toEqual(['api'])
  })

  test('show who may assume them', async () => {
    const { all } = await ask({ Action: 'GetRole', RoleName: 'api' })
    expect([all('Arn'), all('Path'), all('RoleId')]).toEqual([[ARN], ['/tollgate/'], [roleId(ARN)]])
    expect(JSON.parse(decodeURIComponent(all('AssumeRolePolicyDocument')[0] ?? ''))).toEqual(TRUST)
  })

  test('show their policies', async () => {
    const inline = await ask({ Action: 'ListRolePolicies', RoleName: 'api' })
    expect(inline.text).toContain('<PolicyNames><member>own</member></PolicyNames>')
    const attached = await ask({ Action: 'ListAttachedRolePolicies', RoleName: 'api' })
    expect([attached.all('PolicyArn'), attached.all('PolicyName')]).toEqual([
      [BASIC],
      ['AWSLambdaBasicExecutionRole'],
    ])
    const { all } = await ask({ Action: 'GetRolePolicy', RoleName: 'api', PolicyName: 'own' })
    expect(JSON.parse(decodeURIComponent(all('PolicyDocument')[0] ?? ''))).toEqual(OWN)
  })
})

test('a role’s policies can be asked what they would say', async () => {
  const { all } = await ask({
    Action: 'SimulatePrincipalPolicy',
    PolicySourceArn: ARN,
    'ActionNames.member.1': 'dynamodb:PutItem',
    'ActionNames.member.2': 'dynamodb:DeleteTable',
    'ActionNames.member.3': 'sqs:SendMessage',
    'ActionNames.member.4': 'ses:SendEmail',
    'ResourceArns.member.1': 'arn:aws:dynamodb:us-east-1:000000000000:table/a',
    'ContextEntries.member.1.ContextKeyName': 'ses:FromAddress',
    'ContextEntries.member.1.ContextKeyType': 'string',
    'ContextEntries.member.1.ContextKeyValues.member.1': 'a@b.c',
  })
  expect(all('EvalDecision')).toEqual(['allowed', 'explicitDeny', 'implicitDeny', 'allowed'])
})

test.each([
  [
    'an unknown role',
    { Action: 'GetRole', RoleName: 'x' },
    404,
    'NoSuchEntity',
    'The role with name x cannot be found.',
  ],
  [
    'an unknown policy',
    { Action: 'GetRolePolicy', RoleName: 'api', PolicyName: 'x' },
    404,
    'NoSuchEntity',
    'The role policy with name x cannot be found.',
  ],
  ['a page of nothing', { Action: 'ListRoles', MaxItems: '0' }, 400, 'ValidationError', 'maxItems'],
  ['no role at all', { Action: 'GetRole' }, 404, 'NoSuchEntity', 'undefined'],
  ['a simulation of nobody', { Action: 'SimulatePrincipalPolicy' }, 404, 'NoSuchEntity', 'undefined'],
  [
    'what is not there',
    { Action: 'CreateUser', UserName: 'x' },
    501,
    'NotSupportedByLocalCloud',
    'CreateUser of iam',
  ],
])('%s is refused', async (_name, form, status, code, message) => {
  const refused = await ask(form as Record<string, string>)
  expect([refused.status, refused.all('Code')]).toEqual([status, [code]])
  expect(refused.text).toContain(message)
})

test('what an environment signed is still its own after a restart, and never root’s', () => {
  const before = createIam(ACCOUNT)
  const key = before.accessKeyFor(ARN, 'api', 'environment-1')
  const saved = structuredClone(createIamService(ACCOUNT, before).snapshot?.())
  const after = createIam(ACCOUNT)
  createIamService(ACCOUNT, after).restore?.(saved)
  expect(after.identityOf(key)).toMatchObject({ kind: 'role', roleArn: ARN })
  expect(() => after.authorize(after.identityOf(key), 's3:GetObject', 'arn:aws:s3:::a/b')).toThrow(
    'not authorized',
  )
})
