import fc from 'fast-check'
import { expect, test } from 'vitest'
import { callWith, inputs } from '../../testing/fuzz.ts'
import { call, fakeCloud, provision, START } from '../../testing/recording-cloud.ts'
import { compileFilterPattern } from './filter-pattern/compile.ts'
import { createLogsService } from './index.ts'

const group = fc.constantFrom(
  '/api',
  '/none',
  'constructor',
  'arn:aws:logs:us-east-1:000000000000:log-group:/api:*',
)
const stream = fc.constantFrom('s1', 's2', '__proto__')
const time = fc.integer({ min: -1, max: START + 1_000 })
const limit = fc.integer({ min: 0, max: 10_001 })
const token = fc.oneof(fc.string(), fc.constant(`f/${'0'.repeat(56)}/s`))
const pattern = fc.oneof(
  fc.string(),
  fc.constantFrom('ERROR', '{ $.a = 1 }', '[a, b]', '{ $.a = "*a*" || ( $.b NOT EXISTS ) }', '[..., x = 1*]'),
)
const which = { logGroupName: group, logGroupIdentifier: group }

const OPERATIONS: Record<string, Record<string, fc.Arbitrary<unknown>>> = {
  DeleteRetentionPolicy: { logGroupName: group },
  DescribeLogGroups: {
    logGroupNamePrefix: fc.string(),
    logGroupNamePattern: fc.string(),
    limit,
    nextToken: token,
  },
  DescribeLogStreams: {
    ...which,
    logStreamNamePrefix: stream,
    orderBy: fc.constantFrom('LogStreamName', 'LastEventTime', 'Odd'),
    descending: fc.boolean(),
    limit,
    nextToken: token,
  },
  DescribeSubscriptionFilters: {
    logGroupName: group,
    filterNamePrefix: fc.string(),
    limit,
    nextToken: token,
  },
  FilterLogEvents: {
    ...which,
    logStreamNames: fc.array(stream),
    startTime: time,
    endTime: time,
    filterPattern: pattern,
    limit,
    nextToken: token,
  },
  GetLogEvents: {
    ...which,
    logStreamName: stream,
    startTime: time,
    endTime: time,
    limit,
    nextToken: token,
    startFromHead: fc.boolean(),
  },
  PutRetentionPolicy: { logGroupName: group, retentionInDays: fc.integer({ min: -1, max: 40 }) },
}

test('every operation is fuzzed', () => {
  const logs = createLogsService(fakeCloud())
  expect(Object.keys(OPERATIONS).sort()).toEqual(Object.keys(logs.operations).sort())
})

test('whatever is sent, CloudWatch Logs answers or refuses, and loses no line', async () => {
  const cloud = fakeCloud()
  const logs = createLogsService(cloud)
  await provision(logs, 'AWS::Logs::LogGroup', 'G', { LogGroupName: '/api' })
  for (const name of ['s1', 's2', '__proto__']) {
    logs.append('/api', name, [
      { message: '{"a":1}', timestamp: START },
      { message: 'an ERROR', timestamp: START },
    ])
  }
  const step = fc
    .constantFrom(...Object.keys(OPERATIONS))
    .chain(operation => fc.tuple(fc.constant(operation), inputs(OPERATIONS[operation] ?? {})))
  await fc.assert(
    fc.asyncProperty(step, async ([operation, input]) => {
      await callWith(logs, operation, input)
      const { events } = await call<{ events: unknown[] }>(logs, 'FilterLogEvents', { logGroupName: '/api' })
      expect(events).toHaveLength(6)
    }),
    { numRuns: 1_000 },
  )
})

test('a pattern is compiled or refused, and a compiled one judges any line', () => {
  fc.assert(
    fc.property(pattern, fc.string(), fc.jsonValue(), (source, line, document) => {
      try {
        const matches = compileFilterPattern(source)
        expect(typeof matches(line)).toBe('boolean')
        expect(typeof matches(JSON.stringify(document))).toBe('boolean')
      } catch (error) {
        expect(String(error)).toMatch(/Invalid filter pattern|does not support/)
      }
    }),
    { numRuns: 1_000 },
  )
})
