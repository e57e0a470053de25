import { gunzipSync } from 'node:zlib'
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { mockClient } from 'aws-sdk-client-mock'
import { beforeEach, expect, test } from 'vitest'
import { instant } from '#kernel/time'
import { replayUsage } from './replay-usage.ts'

const logs = mockClient(CloudWatchLogsClient)
const lambda = mockClient(LambdaClient)
const line = (id: string, logStreamName = 'one') => ({
  ...{ eventId: id, timestamp: 5, message: `{"id":"${id}"}`, logStreamName },
})
const replay = () =>
  replayUsage({
    logs: new CloudWatchLogsClient(),
    lambda: new LambdaClient(),
    recordUsageFunction: 'record',
    sources: [
      { logGroup: 'api', filterPattern: 'units' },
      { logGroup: 'access', filterPattern: 'status' },
    ],
    period: { start: instant(0), end: instant(1_000) },
  })
const delivered = () =>
  lambda.commandCalls(InvokeCommand).map(({ args: [command] }) => {
    const { awslogs } = JSON.parse(String(command.input.Payload)) as { awslogs: { data: string } }
    return JSON.parse(gunzipSync(Buffer.from(awslogs.data, 'base64')).toString()) as Record<string, unknown>
  })

beforeEach(() => {
  logs.reset()
  lambda.reset()
  lambda.on(InvokeCommand).resolves({})
  logs.on(FilterLogEventsCommand).resolves({ events: [] })
})

test('every page of every source is delivered by stream, like a subscription does', async () => {
  const asked = { logGroupName: 'api', filterPattern: 'units', startTime: 0, endTime: 999 }
  logs
    .on(FilterLogEventsCommand, asked)
    .resolves({ events: [line('a'), line('b', 'two'), line('c')], nextToken: 'more' })
    .on(FilterLogEventsCommand, { ...asked, nextToken: 'more' })
    .resolves({ events: [line('d')] })
    .on(FilterLogEventsCommand, { ...asked, logGroupName: 'access', filterPattern: 'status' })
    .resolves({ events: [line('e')] })
  expect(await replay()).toEqual({ lines: 5, deliveries: 4 })
  expect(
    delivered().map(({ messageType, logGroup, logStream, logEvents }) => [
      ...[messageType, logGroup, logStream],
      (logEvents as { id: string }[]).map(({ id }) => id).join(),
    ]),
  ).toEqual([
    ['DATA_MESSAGE', 'api', 'one', 'a,c'],
    ['DATA_MESSAGE', 'api', 'two', 'b'],
    ['DATA_MESSAGE', 'api', 'one', 'd'],
    ['DATA_MESSAGE', 'access', 'one', 'e'],
  ])
})

test('a delivery that was not taken stops the replay with the reason', async () => {
  logs.on(FilterLogEventsCommand).resolves({ events: [line('a')] })
  lambda
    .on(InvokeCommand)
    .resolves({ FunctionError: 'Unhandled', Payload: Buffer.from('the ledger is down') as never })
  await expect(replay()).rejects.toThrow('record did not take 1 lines of api: the ledger is down')
})
