import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type ContractCloud,
  contractCloud,
  fromEnvironment,
  ownName,
  signedFetch,
} from '../../testing/contract-cloud.ts'
import { localOnly, ON_AWS } from '../../testing/contract-target.ts'

const name = ownName('tick')
const settings = {
  FlexibleTimeWindow: { Mode: 'OFF' },
  ScheduleExpression: 'cron(0 3 ? * MON *)',
  ScheduleExpressionTimezone: 'Europe/Berlin',
  State: 'DISABLED',
}
let cloud: ContractCloud
let fetch: ReturnType<typeof signedFetch>

beforeAll(async () => {
  const trust = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: 'scheduler.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ],
  }
  const target = {
    Arn: 'arn:aws:lambda:us-east-1:000000000000:function:nobody',
    RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
    Input: '{}',
  }
  cloud = await contractCloud({
    Resources: {
      Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust } },
      Tick: { Type: 'AWS::Scheduler::Schedule', Properties: { Name: name, ...settings, Target: target } },
    },
  })
  fetch = signedFetch('scheduler', 'scheduler', cloud.endpoint)
  if (!ON_AWS) return
  const Target = {
    Arn: fromEnvironment('TOLLGATE_CONTRACT_FUNCTION_ARN'),
    RoleArn: fromEnvironment('TOLLGATE_CONTRACT_SCHEDULER_ROLE_ARN'),
    Input: '{}',
  }
  const made = await fetch('POST', `/schedules/${name}`, { ...settings, Target, ClientToken: name })
  if (made.status !== 200) throw new Error(JSON.stringify(made.body))
}, 120_000)

afterAll(async () => {
  if (ON_AWS) await fetch('DELETE', `/schedules/${name}?clientToken=${name}`)
  await cloud.stop()
})

test('a schedule is described with what was asked for and what is assumed', async () => {
  const { status, body } = await fetch('GET', `/schedules/${name}`)
  expect(status).toBe(200)
  expect(body).toMatchObject({
    ...settings,
    Name: name,
    GroupName: 'default',
    ActionAfterCompletion: 'NONE',
    Target: { Input: '{}', RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 } },
  })
  expect(body.CreationDate).toEqual(expect.any(Number))
})

test('schedules are listed by prefix, state and group', async () => {
  const query = `/schedules?ScheduleGroup=default&NamePrefix=${name}&MaxResults=10`
  expect((await fetch('GET', `${query}&State=DISABLED`)).body.Schedules).toMatchObject([
    { Name: name, GroupName: 'default', State: 'DISABLED', Target: { Arn: expect.any(String) } },
  ])
  expect((await fetch('GET', `${query}&State=ENABLED`)).body.Schedules).toEqual([])
})

test('the default group is always there', async () => {
  expect((await fetch('GET', '/schedule-groups?NamePrefix=default')).body.ScheduleGroups).toMatchObject([
    { Name: 'default', State: 'ACTIVE' },
  ])
  expect((await fetch('GET', '/schedule-groups/default')).body).toMatchObject({ Name: 'default' })
})

test.each([
  ['an unknown schedule', '/schedules/none-such', 404, 'ResourceNotFoundException'],
  ['an unknown group', '/schedule-groups/none-such', 404, 'ResourceNotFoundException'],
  ['too large a page', '/schedules?MaxResults=101', 400, 'ValidationException'],
  ['an unknown state', '/schedules?State=ODD', 400, 'ValidationException'],
])('%s is refused', async (_what, path, status, code) => {
  const answer = await fetch('GET', path)
  expect(answer.status).toBe(status)
  expect(answer.headers.get('x-amzn-errortype')?.split(':')[0]).toBe(code)
})

localOnly('schedules come from templates')('a schedule cannot be made at run time', async () => {
  expect((await fetch('POST', '/schedules/other', {})).status).toBe(501)
})
