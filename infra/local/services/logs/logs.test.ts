import { gunzipSync } from 'node:zlib'
import type {
  DescribeLogGroupsResponse,
  FilterLogEventsResponse,
  GetLogEventsResponse,
} from '@aws-sdk/client-cloudwatch-logs'
import { describe, expect, test } from 'vitest'
import { call, fakeCloud, provision, START } from '../../testing/recording-cloud.ts'
import { createLogsService } from './index.ts'

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:record-usage'
const DAY_MS = 86_400_000

async function subscribed(pattern: string) {
  const cloud = fakeCloud()
  const logs = createLogsService(cloud)
  await provision(logs, 'AWS::Logs::LogGroup', 'Group', { LogGroupName: '/api', RetentionInDays: 60 })
  const filter = { LogGroupName: '/api', DestinationArn: FUNCTION, FilterPattern: pattern }
  const { ref } = await provision(logs, 'AWS::Logs::SubscriptionFilter', 'Filter', filter)
  return { cloud, logs, filterName: ref }
}

const line = (message: string, timestamp = START) => ({ message, timestamp })

// biome-ignore lint/suspicious/noExplicitAny: the decoded payload is compared as a whole.
function decode(event: any) {
  return JSON.parse(gunzipSync(Buffer.from(event.awslogs.data, 'base64')).toString())
}

describe('a subscription', () => {
  test('gets matching lines of one stream as one gzipped DATA_MESSAGE, before the cloud is idle', async () => {
    const { cloud, logs, filterName } = await subscribed('{ $.units > 0 }')
    logs.append('/api', 's1', [line('{"units":1}'), line('{"units":0}'), line('{"units":2}', START + 5)])
    await cloud.clock.whenIdle()
    expect(cloud.invoked).toHaveLength(1)
    expect(cloud.invoked[0]).toMatchObject({
      functionArn: FUNCTION,
      sourceArn: 'arn:aws:logs:us-east-1:000000000000:log-group:/api:*',
      principal: 'logs.amazonaws.com',
    })
    const message = decode(cloud.invoked[0]?.event)
    expect(message).toMatchObject({
      messageType: 'DATA_MESSAGE',
      owner: '000000000000',
      logGroup: '/api',
      logStream: 's1',
      subscriptionFilters: [filterName],
      logEvents: [
        { timestamp: START, message: '{"units":1}' },
        { timestamp: START + 5, message: '{"units":2}' },
      ],
    })
    const ids = message.logEvents.map((event: { id: string }) => event.id)
    expect(new Set(ids).size).toBe(2)
    expect(ids[0]).toMatch(/^\d{56}$/)
  })

  test('gets at most 100 lines in a batch and none twice', async () => {
    const { cloud, logs } = await subscribed('')
    logs.append(
      '/api',
      's1',
      Array.from({ length: 250 }, (_, i) => line(`n${i}`)),
    )
    await cloud.clock.whenIdle()
    const batches = cloud.invoked.map(({ event }) =>
      decode(event).logEvents.map((one: { message: string }) => one.message),
    )
    expect(batches.map(batch => batch.length)).toEqual([100, 100, 50])
    expect(new Set(batches.flat()).size).toBe(250)
  })

  test('never mixes streams', async () => {
    const { cloud, logs } = await subscribed('')
    logs.append('/api', 's1', [line('a')])
    logs.append('/api', 's2', [line('b')])
    await cloud.clock.whenIdle()
    expect(cloud.invoked.map(({ event }) => decode(event).logStream)).toEqual(['s1', 's2'])
  })

  test('is refused while logs may not invoke the function', async () => {
    const denied = fakeCloud({
      authorize: () => {
        throw new Error('AccessDenied')
      },
    })
    const logs = createLogsService(denied)
    await provision(logs, 'AWS::Logs::LogGroup', 'Group', { LogGroupName: '/api' })
    const filter = { LogGroupName: '/api', DestinationArn: FUNCTION, FilterPattern: '' }
    await expect(provision(logs, 'AWS::Logs::SubscriptionFilter', 'Filter', filter)).rejects.toThrow(
      'AccessDenied',
    )
  })
})

describe('reading', () => {
  test('filters by time and pattern, oldest first, page by page', async () => {
    const { logs } = await subscribed('')
    logs.append('/api', 's1', [
      line('late ERROR', START + 9),
      line('early ERROR', START + 1),
      line('fine', START + 5),
    ])
    const input = {
      logGroupName: '/api',
      filterPattern: 'ERROR',
      startTime: START + 1,
      endTime: START + 9,
      limit: 1,
    }
    const first = await call<FilterLogEventsResponse>(logs, 'FilterLogEvents', input)
    expect(first.events?.map(event => event.message)).toEqual(['early ERROR'])
    const second = await call<FilterLogEventsResponse>(logs, 'FilterLogEvents', {
      ...input,
      nextToken: first.nextToken,
    })
    expect(second.events?.map(event => event.message)).toEqual(['late ERROR'])
    expect(second.nextToken).toBeUndefined()
  })

  test('of one stream gives the newest events, or the oldest when asked to start from the head', async () => {
    const { logs } = await subscribed('')
    logs.append('/api', 's1', [line('1', START), line('2', START + 1), line('3', START + 2)])
    const input = { logGroupName: '/api', logStreamName: 's1', limit: 2 }
    const newest = await call<GetLogEventsResponse>(logs, 'GetLogEvents', input)
    expect(newest.events?.map(event => event.message)).toEqual(['2', '3'])
    const oldest = await call<GetLogEventsResponse>(logs, 'GetLogEvents', { ...input, startFromHead: true })
    expect(oldest.events?.map(event => event.message)).toEqual(['1', '2'])
    const rest = await call<GetLogEventsResponse>(logs, 'GetLogEvents', {
      ...input,
      nextToken: oldest.nextForwardToken,
    })
    expect(rest.events?.map(event => event.message)).toEqual(['3'])
  })

  test('does not show what the retention has expired', async () => {
    const { cloud, logs } = await subscribed('')
    logs.append('/api', 's1', [line('old')])
    await cloud.clock.advanceTo(START + 61 * DAY_MS)
    logs.append('/api', 's1', [line('new', cloud.clock.now())])
    const { events } = await call<FilterLogEventsResponse>(logs, 'FilterLogEvents', { logGroupName: '/api' })
    expect(events?.map(event => event.message)).toEqual(['new'])
  })

  test('of a group that is not there, or with an unknown parameter, is refused', async () => {
    const { logs } = await subscribed('')
    await expect(call(logs, 'FilterLogEvents', { logGroupName: '/x' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    })
    await expect(call(logs, 'FilterLogEvents', { logGroupName: '/api', unmask: true })).rejects.toThrow(
      'unmask',
    )
  })
})

test('a line for an unknown group makes the group', async () => {
  const logs = createLogsService(fakeCloud())
  logs.append('/aws/lambda/new', 's', [line('hello')])
  const { logGroups } = await call<DescribeLogGroupsResponse>(logs, 'DescribeLogGroups', {})
  expect(logGroups?.map(group => group.logGroupName)).toEqual(['/aws/lambda/new'])
})

test('a retention that CloudWatch Logs does not offer is refused', async () => {
  const logs = createLogsService(fakeCloud())
  await expect(provision(logs, 'AWS::Logs::LogGroup', 'G', { RetentionInDays: 45 })).rejects.toThrow('45')
})
