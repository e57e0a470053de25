import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  DescribeSubscriptionFiltersCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ContractCloud, contractCloud, ownName } from '../../testing/contract-cloud.ts'
import { clientConfig, ON_AWS } from '../../testing/contract-target.ts'

const logGroupName = ownName('logs')
const logStreamName = 'one'
const MESSAGES = ['{"status":200}', '{"status":404}', 'an ERROR here', '{"status":500}']
let cloud: ContractCloud
let client: CloudWatchLogsClient

beforeAll(async () => {
  const Group = { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: logGroupName } }
  cloud = await contractCloud({ Resources: { Group } })
  client = new CloudWatchLogsClient(clientConfig(cloud.endpoint))
  if (!ON_AWS) {
    cloud.putLogs(logGroupName, logStreamName, MESSAGES)
    return
  }
  await client.send(new CreateLogGroupCommand({ logGroupName }))
  await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName }))
  const logEvents = MESSAGES.map((message, n) => ({ message, timestamp: Date.now() + n }))
  await client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }))
  await expect.poll(() => found(''), { timeout: 60_000, interval: 2_000 }).toHaveLength(MESSAGES.length)
}, 120_000)

afterAll(async () => {
  if (ON_AWS) await client.send(new DeleteLogGroupCommand({ logGroupName }))
  client.destroy()
  await cloud.stop()
})

async function found(filterPattern: string): Promise<(string | undefined)[]> {
  const answer = await client.send(new FilterLogEventsCommand({ logGroupName, filterPattern }))
  return (answer.events ?? []).map(event => event.message)
}

test.each([
  ['', MESSAGES],
  ['ERROR', [MESSAGES[2]]],
  ['-ERROR', [MESSAGES[0], MESSAGES[1], MESSAGES[3]]],
  ['{ $.status >= 400 }', [MESSAGES[1], MESSAGES[3]]],
  ['{ $.status = 4* }', [MESSAGES[1]]],
  ['{ $.status = 200 || $.status = 500 }', [MESSAGES[0], MESSAGES[3]]],
  ['[first, word = ERROR, last]', [MESSAGES[2]]],
])('the pattern %j finds %j', async (pattern, messages) => {
  expect(await found(pattern)).toEqual(messages)
})

test('events are read page by page, none twice', async () => {
  const messages: (string | undefined)[] = []
  let nextToken: string | undefined
  do {
    const page = await client.send(new FilterLogEventsCommand({ logGroupName, limit: 3, nextToken }))
    messages.push(...(page.events ?? []).map(event => event.message))
    nextToken = page.nextToken
  } while (nextToken)
  expect(messages).toEqual(MESSAGES)
})

test('a stream is read from its head or its tail, and its end repeats its token', async () => {
  const stream = { logGroupName, logStreamName, limit: 2 }
  const head = await client.send(new GetLogEventsCommand({ ...stream, startFromHead: true }))
  expect(head.events?.map(event => event.message)).toEqual(MESSAGES.slice(0, 2))
  const tail = await client.send(new GetLogEventsCommand(stream))
  expect(tail.events?.map(event => event.message)).toEqual(MESSAGES.slice(2))
  const nextToken = tail.nextForwardToken
  const end = await client.send(new GetLogEventsCommand({ ...stream, nextToken }))
  expect(end).toMatchObject({ events: [], nextForwardToken: nextToken })
  const back = await client.send(new GetLogEventsCommand({ ...stream, nextToken: tail.nextBackwardToken }))
  expect(back.events?.map(event => event.message)).toEqual(MESSAGES.slice(0, 2))
})

test('groups, streams and subscriptions are described', async () => {
  await client.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 7 }))
  const groups = await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName }))
  expect(groups.logGroups).toMatchObject([{ logGroupName, retentionInDays: 7, logGroupClass: 'STANDARD' }])
  const streams = await client.send(
    new DescribeLogStreamsCommand({ logGroupName, orderBy: 'LastEventTime', descending: true }),
  )
  expect(streams.logStreams).toMatchObject([{ logStreamName }])
  const filters = await client.send(new DescribeSubscriptionFiltersCommand({ logGroupName }))
  expect(filters.subscriptionFilters).toEqual([])
})

test.each([
  [
    'an unknown group',
    () => client.send(new FilterLogEventsCommand({ logGroupName: 'none' })),
    'ResourceNotFoundException',
  ],
  [
    'an unknown stream',
    () => client.send(new GetLogEventsCommand({ logGroupName, logStreamName: 'none' })),
    'ResourceNotFoundException',
  ],
  [
    'a retention that is not offered',
    () => client.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 2 })),
    'InvalidParameterException',
  ],
  [
    'a broken pattern',
    () => client.send(new FilterLogEventsCommand({ logGroupName, filterPattern: '{ $.a = }' })),
    'InvalidParameterException',
  ],
  [
    'a prefix with the order by time',
    () =>
      client.send(
        new DescribeLogStreamsCommand({ logGroupName, orderBy: 'LastEventTime', logStreamNamePrefix: 'o' }),
      ),
    'InvalidParameterException',
  ],
  [
    'a page of 51 groups',
    () => client.send(new DescribeLogGroupsCommand({ limit: 51 })),
    'InvalidParameterException',
  ],
])('%s is refused', async (_what, run, name) => {
  await expect(run()).rejects.toMatchObject({ name })
})
