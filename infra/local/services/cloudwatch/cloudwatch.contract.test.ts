import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ContractCloud, contractCloud, ownName, signedFetch } from '../../testing/contract-cloud.ts'
import { localOnly, ON_AWS } from '../../testing/contract-target.ts'

const AlarmName = ownName('errors')
const settings = {
  AlarmName,
  AlarmDescription: 'What to do',
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  Dimensions: [{ Name: 'FunctionName', Value: 'nobody' }],
  EvaluationPeriods: 1,
  MetricName: 'Errors',
  Namespace: 'AWS/Lambda',
  Period: 300,
  Statistic: 'Sum',
  Threshold: 1,
  TreatMissingData: 'missing',
}
let cloud: ContractCloud

/** The JSON protocol, which the AWS CLI and boto3 speak to CloudWatch. */
async function call(operation: string, input: object) {
  const fetch = signedFetch('monitoring', 'monitoring', cloud.endpoint)
  return await fetch('POST', '/', input, {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': `GraniteServiceVersion20100801.${operation}`,
  })
}

beforeAll(async () => {
  cloud = await contractCloud({
    Resources: { Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: settings } },
  })
  if (ON_AWS) await call('PutMetricAlarm', settings)
}, 120_000)

afterAll(async () => {
  if (ON_AWS) await call('DeleteAlarms', { AlarmNames: [AlarmName] })
  await cloud.stop()
})

test('an alarm is found by its name and described', async () => {
  const { status, body } = await call('DescribeAlarms', { AlarmNames: [AlarmName] })
  expect(status).toBe(200)
  expect(body.MetricAlarms).toMatchObject([
    { ...settings, ActionsEnabled: true, AlarmActions: [], StateValue: 'INSUFFICIENT_DATA' },
  ])
  expect(body.MetricAlarms[0].AlarmArn).toMatch(new RegExp(`:alarm:${AlarmName}$`))
})

test('an alarm that does not exist is not found', async () => {
  const { body } = await call('DescribeAlarms', { AlarmNames: [ownName('none')] })
  expect(body.MetricAlarms ?? []).toEqual([])
})

test('too large a page is refused', async () => {
  expect((await call('DescribeAlarms', { MaxRecords: 101 })).status).toBe(400)
})

localOnly('metrics are not evaluated here')('metrics cannot be asked for', async () => {
  const { status, body } = await call('GetMetricData', {})
  expect(status).toBe(501)
  expect(body.message).toContain('GetMetricData')
})
