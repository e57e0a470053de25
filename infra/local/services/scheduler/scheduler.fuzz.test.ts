import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ServiceError } from '../../contract.ts'
import { callWith, inputs } from '../../testing/fuzz.ts'
import { call, fakeCloud, provision, START } from '../../testing/recording-cloud.ts'
import { parseExpression } from './expression/parse.ts'
import { createSchedulerService } from './index.ts'

const name = fc.constantFrom('tick', 'default', 'none', 'constructor', '__proto__')
const page = { MaxResults: fc.integer({ min: -1, max: 101 }).map(String), NextToken: fc.base64String() }

const OPERATIONS: Record<string, Record<string, fc.Arbitrary<unknown>>> = {
  GetSchedule: { Name: name, groupName: name },
  GetScheduleGroup: { Name: name },
  ListScheduleGroups: { NamePrefix: name, ...page },
  ListSchedules: {
    ScheduleGroup: name,
    NamePrefix: name,
    State: fc.constantFrom('ENABLED', 'DISABLED', 'x'),
    ...page,
  },
}

test('whatever is sent, Scheduler answers or refuses, and its schedules stay', async () => {
  const scheduler = createSchedulerService(fakeCloud())
  expect(Object.keys(OPERATIONS).sort()).toEqual(Object.keys(scheduler.operations).sort())
  await provision(scheduler, 'AWS::Scheduler::Schedule', 'S', {
    Name: 'tick',
    FlexibleTimeWindow: { Mode: 'OFF' },
    ScheduleExpression: 'rate(1 hour)',
    Target: { Arn: 'arn:aws:lambda:us-east-1:000000000000:function:f', RoleArn: 'arn:aws:iam::0:role/r' },
  })
  const step = fc
    .constantFrom(...Object.keys(OPERATIONS))
    .chain(operation => fc.tuple(fc.constant(operation), inputs(OPERATIONS[operation] ?? {})))
  await fc.assert(
    fc.asyncProperty(step, async ([operation, input]) => {
      await callWith(scheduler, operation, input)
      expect(await call(scheduler, 'ListSchedules', {})).toMatchObject({ Schedules: [{ Name: 'tick' }] })
    }),
    { numRuns: 600 },
  )
})

test('an expression is refused, or every occurrence comes after the one before', () => {
  const field = fc.constantFrom('*', '?', '0', '5', '0/15', '1-5', 'L', 'MON', '2#1', '6L', '99', 'x', '2026')
  const expression = fc.oneof(
    fc.array(field, { minLength: 5, maxLength: 7 }).map(fields => `cron(${fields.join(' ')})`),
    fc
      .tuple(fc.integer({ min: 0, max: 99 }), fc.constantFrom('minute', 'minutes', 'day', 'week'))
      .map(([n, unit]) => `rate(${n} ${unit})`),
    fc.string(),
  )
  const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'Mars/Olympus')
  fc.assert(
    fc.property(expression, zone, (text, timezone) => {
      try {
        const next = parseExpression(text, timezone, START)
        let at: number | undefined = START
        for (let n = 0; n < 3 && at !== undefined; n += 1) {
          const following: number | undefined = next(at)
          if (following !== undefined) expect(following).toBeGreaterThan(at)
          at = following
        }
      } catch (error) {
        expect(error).toBeInstanceOf(ServiceError)
      }
    }),
    { numRuns: 500 },
  )
})
