import fc from 'fast-check'
import { expect, test } from 'vitest'
import { callWith, inputs } from '../../testing/fuzz.ts'
import { call, fakeCloud, provision, START } from '../../testing/recording-cloud.ts'
import { createCloudWatchService } from './index.ts'

const TOPIC = 'arn:aws:sns:us-east-1:000000000000:alarms'

async function withAlarms(...names: string[]) {
  const service = createCloudWatchService(fakeCloud())
  for (const AlarmName of names) {
    await provision(service, 'AWS::CloudWatch::Alarm', AlarmName, {
      AlarmName,
      AlarmActions: [TOPIC],
      ComparisonOperator: 'GreaterThanThreshold',
      Dimensions: [{ Name: 'FunctionName', Value: 'api' }],
      EvaluationPeriods: '1',
      MetricName: 'Errors',
      Namespace: 'AWS/Lambda',
      Period: 300,
      Statistic: 'Sum',
      Threshold: 1,
    })
  }
  const list = async (query: object) => {
    const answer = await call<{ MetricAlarms: { AlarmName: string }[]; NextToken?: string }>(
      service,
      'DescribeAlarms',
      query,
    )
    return { names: answer.MetricAlarms.map(alarm => alarm.AlarmName), ...answer }
  }
  return { service, list }
}

test('an alarm is described as its template has it, and has never been judged', async () => {
  const { list } = await withAlarms('errors')
  expect((await list({})).MetricAlarms).toEqual([
    {
      AlarmName: 'errors',
      AlarmArn: 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:errors',
      AlarmConfigurationUpdatedTimestamp: new Date(START),
      ActionsEnabled: true,
      AlarmActions: [TOPIC],
      OKActions: [],
      InsufficientDataActions: [],
      ComparisonOperator: 'GreaterThanThreshold',
      Dimensions: [{ Name: 'FunctionName', Value: 'api' }],
      EvaluationPeriods: 1,
      MetricName: 'Errors',
      Namespace: 'AWS/Lambda',
      Period: 300,
      Statistic: 'Sum',
      Threshold: 1,
      StateValue: 'INSUFFICIENT_DATA',
      StateReason: 'Unchecked: Initial alarm creation',
      StateUpdatedTimestamp: new Date(START),
      StateTransitionedTimestamp: new Date(START),
    },
  ])
})

test('alarms are found by name, prefix, state and action, page by page', async () => {
  const { list } = await withAlarms('b', 'a1', 'a2')
  const first = await list({ MaxRecords: 2 })
  expect(first.names).toEqual(['a1', 'a2'])
  expect((await list({ MaxRecords: 2, NextToken: first.NextToken })).names).toEqual(['b'])
  expect((await list({ AlarmNames: ['b', 'constructor'] })).names).toEqual(['b'])
  expect((await list({ AlarmNamePrefix: 'a' })).names).toEqual(['a1', 'a2'])
  expect((await list({ StateValue: 'ALARM' })).names).toEqual([])
  expect((await list({ ActionPrefix: 'arn:aws:sns' })).names).toHaveLength(3)
  expect((await list({ AlarmTypes: ['CompositeAlarm'] })).names).toEqual([])
})

test('a property that no alarm has stops the start', async () => {
  const service = createCloudWatchService(fakeCloud())
  await expect(provision(service, 'AWS::CloudWatch::Alarm', 'A', { Colour: 'red' })).rejects.toThrow('Colour')
})

test('whatever is sent, CloudWatch answers or refuses', async () => {
  const { service } = await withAlarms('errors')
  const members = {
    AlarmNames: fc.array(fc.string()),
    AlarmNamePrefix: fc.string(),
    AlarmTypes: fc.array(fc.constantFrom('MetricAlarm', 'Odd')),
    StateValue: fc.constantFrom('OK', 'odd'),
    ActionPrefix: fc.string(),
    MaxRecords: fc.integer({ min: -1, max: 101 }),
    NextToken: fc.base64String(),
  }
  await fc.assert(
    fc.asyncProperty(inputs(members), input =>
      callWith(service, 'DescribeAlarms', input).then(() => undefined),
    ),
    {
      numRuns: 500,
    },
  )
})
