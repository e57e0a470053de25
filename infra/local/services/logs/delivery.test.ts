import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { ServiceError } from '../../contract.ts'
import { fakeCloud, provision, START } from '../../testing/recording-cloud.ts'
import { createLogsService } from './index.ts'

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:record-usage'
const MINUTE_MS = 60_000
const busy = new ServiceError('TooManyRequestsException', 'Rate exceeded', 429)
const denied = new ServiceError('AccessDeniedException', 'no', 403)

/** A subscription whose destination answers with these failures, one after the other, and then takes batches. */
async function subscribed(...failures: Error[]) {
  const taken: string[] = []
  const cloud = fakeCloud({
    invokeAsync(_arn, payload) {
      const failure = failures.shift()
      if (failure) throw failure
      const data = String(JSON.parse(payload).awslogs.data)
      const { logEvents } = JSON.parse(gunzipSync(Buffer.from(data, 'base64')).toString())
      taken.push(logEvents.map((event: { message: string }) => event.message).join())
    },
  })
  const logs = createLogsService(cloud)
  await provision(logs, 'AWS::Logs::LogGroup', 'Group', { LogGroupName: '/api' })
  const filter = { LogGroupName: '/api', DestinationArn: FUNCTION, FilterPattern: '' }
  await provision(logs, 'AWS::Logs::SubscriptionFilter', 'Filter', filter)
  const print = async (message: string) => {
    logs.append('/api', 's', [{ message, timestamp: cloud.clock.now() }])
    await cloud.clock.whenIdle()
  }
  return { cloud, logs, taken, print }
}

test('a batch that the function throttles is sent again until it is taken', async () => {
  const { cloud, taken, print } = await subscribed(busy, busy)
  await print('a')
  expect(taken).toEqual([])
  await cloud.clock.advanceTo(START + MINUTE_MS)
  expect(taken).toEqual(['a'])
})

test('a batch that nobody takes for a day is lost, and the journal says so', async () => {
  const { cloud, taken, print } = await subscribed(...Array.from({ length: 1_000 }, () => busy))
  await print('a')
  await cloud.clock.advanceTo(START + 25 * 60 * MINUTE_MS)
  expect(taken).toEqual([])
  expect(cloud.journaled.filter(summary => summary.includes('lost after a day'))).toHaveLength(1)
})

test('a refusal turns the subscription off for ten minutes, and what is logged meanwhile is skipped', async () => {
  const { cloud, taken, print } = await subscribed(denied)
  await print('refused')
  await print('skipped')
  await cloud.clock.advanceTo(START + 10 * MINUTE_MS)
  await print('taken')
  expect(taken).toEqual(['taken'])
})

test.each([
  [{ kind: 'drop' }, []],
  [{ kind: 'duplicate' }, ['a', 'a']],
  [{ kind: 'fail', status: 500 }, ['a']],
  [{ kind: 'fail', when: 'after' }, ['a', 'a']],
  [{ kind: 'delay', ms: 30_000 }, ['a']],
])('a batch struck by the fault %j arrives as %j', async (effect, arrives) => {
  const { cloud, taken, print } = await subscribed()
  cloud.faults.add({ service: 'logs', operation: 'DeliverBatch', resource: '/api', effect })
  await print('a')
  await cloud.clock.advanceTo(START + MINUTE_MS)
  expect(taken).toEqual(arrives)
})

test('lines and what was not delivered yet survive a restart', async () => {
  const before = await subscribed(busy)
  await before.print('a')
  const kept: unknown = structuredClone(before.logs.snapshot?.())
  const timers = structuredClone(before.cloud.clock.timers())
  const after = await subscribed()
  await after.logs.restore?.(kept)
  after.cloud.clock.restoreTimers(timers)
  await after.cloud.clock.advanceTo(START + MINUTE_MS)
  expect(after.taken).toEqual(['a'])
  expect(after.logs.lines({ group: '/api' }).map(line => line.message)).toEqual(['a'])
  await after.print('b')
  expect(after.logs.lines({}).map(line => line.message)).toEqual(['a', 'b'])
})
