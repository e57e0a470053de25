import { expect, test } from 'vitest'
import { call, fakeCloud, provision, START } from '../../testing/recording-cloud.ts'
import { createSchedulerService } from './index.ts'

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:roll-up'
const ROLE = 'arn:aws:iam::000000000000:role/scheduler'
const properties = {
  Name: 'roll-up',
  FlexibleTimeWindow: { Mode: 'OFF' },
  ScheduleExpression: 'cron(0 * * * ? *)',
  Target: {
    Arn: FUNCTION,
    RoleArn: ROLE,
    Input: '{"at":"<aws.scheduler.scheduled-time>","by":"<aws.scheduler.schedule-arn>"}',
  },
}

async function scheduled(more: Record<string, unknown> = {}) {
  const cloud = fakeCloud()
  const scheduler = createSchedulerService(cloud)
  await provision(scheduler, 'AWS::Scheduler::Schedule', 'S', { ...properties, ...more })
  return { cloud, scheduler }
}

test('a schedule hands every occurrence to its target with the scheduled time', async () => {
  const { cloud } = await scheduled()
  await cloud.clock.advanceTo(START + 2 * 3_600_000)
  const by = 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/roll-up'
  expect(cloud.delivered.map(({ event }) => event)).toEqual([
    { at: '2026-01-01T01:00:00Z', by },
    { at: '2026-01-01T02:00:00Z', by },
  ])
  expect(cloud.delivered[0]).toMatchObject({ arn: FUNCTION, principal: 'scheduler.amazonaws.com' })
})

test('a disabled schedule never runs, and one with an end stops there', async () => {
  const disabled = await scheduled({ State: 'DISABLED' })
  await disabled.cloud.clock.advanceTo(START + 5 * 3_600_000)
  expect(disabled.cloud.delivered).toEqual([])
  const ending = await scheduled({ StartDate: '2026-01-01T02:00:00Z', EndDate: '2026-01-01T04:00:00Z' })
  await ending.cloud.clock.advanceTo(START + 9 * 3_600_000)
  expect(ending.cloud.delivered.map(({ event }) => (event as { at: string }).at)).toEqual([
    '2026-01-01T02:00:00Z',
    '2026-01-01T03:00:00Z',
  ])
})

test('a schedule can be listed and read', async () => {
  const { scheduler } = await scheduled()
  const { Schedules } = await call<{ Schedules: { Name: string }[] }>(scheduler, 'ListSchedules', {})
  expect(Schedules.map(one => one.Name)).toEqual(['roll-up'])
  expect(await call(scheduler, 'GetSchedule', { Name: 'roll-up' })).toMatchObject({
    ScheduleExpression: 'cron(0 * * * ? *)',
    State: 'ENABLED',
  })
  await expect(call(scheduler, 'GetSchedule', { Name: 'other' })).rejects.toMatchObject({ status: 404 })
})

test('a flexible window, an unknown group and an unknown property are refused', async () => {
  await expect(scheduled({ FlexibleTimeWindow: { Mode: 'FLEXIBLE' } })).rejects.toThrow(
    'FlexibleTimeWindow FLEXIBLE',
  )
  await expect(scheduled({ GroupName: 'none' })).rejects.toThrow('Schedule group none does not exist')
  await expect(scheduled({ KmsKeyArn: 'x' })).rejects.toThrow('KmsKeyArn')
})

test('groups and schedules are listed page by page', async () => {
  const { scheduler } = await scheduled()
  await provision(scheduler, 'AWS::Scheduler::ScheduleGroup', 'G', { Name: 'alpha' })
  await provision(scheduler, 'AWS::Scheduler::Schedule', 'T', { ...properties, GroupName: 'alpha' })
  const names = async (operation: string, list: string, more = {}) => {
    const found: string[] = []
    for (let NextToken: unknown, more_ = true; more_; more_ = NextToken !== undefined) {
      const page = await call(scheduler, operation, { MaxResults: '1', NextToken, ...more })
      found.push(...(page[list] as { Name: string }[]).map(one => one.Name))
      NextToken = page.NextToken
    }
    return found
  }
  expect(await names('ListScheduleGroups', 'ScheduleGroups')).toEqual(['alpha', 'default'])
  expect(await names('ListSchedules', 'Schedules')).toEqual(['roll-up', 'roll-up'])
  expect(await names('ListSchedules', 'Schedules', { ScheduleGroup: 'alpha' })).toEqual(['roll-up'])
})

test('a dead letter can say which schedule, when and which run', async () => {
  const targets: unknown[] = []
  const cloud = fakeCloud({ deliver: async target => void targets.push(target) })
  const scheduler = createSchedulerService(cloud)
  await provision(scheduler, 'AWS::Scheduler::Schedule', 'S', properties)
  await cloud.clock.advanceTo(START + 3_600_000)
  expect(targets).toMatchObject([
    {
      deadLetterAttributes: {
        SCHEDULE_ARN: 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/roll-up',
        SCHEDULED_TIME: '2026-01-01T01:00:00Z',
        EXECUTION_ID: expect.stringMatching(/^[\da-f-]{36}$/),
      },
    },
  ])
})

test.each([
  ['drop', []],
  ['duplicate', ['01', '01']],
])('an occurrence struck by the fault %s comes as %j', async (kind, hours) => {
  const { cloud } = await scheduled()
  cloud.faults.add({ service: 'scheduler', operation: 'Run', resource: 'roll-up', effect: { kind } })
  await cloud.clock.advanceTo(START + 3_600_000)
  expect(cloud.delivered.map(({ event }) => (event as { at: string }).at.slice(11, 13))).toEqual(hours)
})

test('a rate keeps its beat over a restart', async () => {
  const rate = { ScheduleExpression: 'rate(40 minutes)' }
  const before = await scheduled(rate)
  const kept: unknown = structuredClone(before.scheduler.snapshot?.())
  const cloud = fakeCloud()
  await cloud.clock.advanceTo(START + 50 * 60_000)
  const scheduler = createSchedulerService(cloud)
  await provision(scheduler, 'AWS::Scheduler::Schedule', 'S', { ...properties, ...rate })
  await scheduler.restore?.(kept)
  for (const minutes of [90, 130]) await cloud.clock.advanceTo(START + minutes * 60_000)
  expect(cloud.delivered.map(({ event }) => (event as { at: string }).at)).toEqual([
    '2026-01-01T01:20:00Z',
    '2026-01-01T02:00:00Z',
  ])
})
