import fc from 'fast-check'
import { expect, test } from 'vitest'
import { callWith, inputs, junk } from '../../testing/fuzz.ts'
import { call, fakeCloud, provision } from '../../testing/recording-cloud.ts'
import { createEventsService } from './index.ts'

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:starter'
const busName = fc.constantFrom(
  'facts',
  'default',
  'none',
  '__proto__',
  'arn:aws:events:us-east-1:000000000000:event-bus/facts',
)
const rule = fc.constantFrom('all', 'none', 'constructor')
const page = { Limit: fc.integer({ min: 0, max: 101 }), NextToken: fc.base64String() }
const operator = fc.constantFrom(
  'prefix',
  'suffix',
  'wildcard',
  'cidr',
  'numeric',
  'exists',
  'anything-but',
  'odd',
)
const pattern = fc.dictionary(
  fc.constantFrom('source', 'detail', '$or', '__proto__'),
  fc.array(fc.oneof(fc.string(), fc.integer(), fc.dictionary(operator, junk, { maxKeys: 1 })), {
    maxLength: 3,
  }),
)
const event = fc.record({
  id: fc.uuid(),
  account: fc.constant('000000000000'),
  source: fc.string(),
  time: fc.constant('2026-01-01T00:00:00Z'),
  region: fc.constant('us-east-1'),
  resources: fc.constant([]),
  'detail-type': fc.string(),
  detail: junk,
})
const entry = inputs({
  Source: fc.constantFrom('billing', 'aws.s3', ''),
  DetailType: fc.string(),
  Detail: fc.oneof(fc.json(), fc.string()),
  EventBusName: busName,
  Resources: fc.array(fc.string()),
  Time: fc.oneof(fc.integer(), fc.double()),
})

const OPERATIONS: Record<string, Record<string, fc.Arbitrary<unknown>>> = {
  DescribeEventBus: { Name: busName },
  DescribeRule: { Name: rule, EventBusName: busName },
  ListEventBuses: { NamePrefix: fc.string(), ...page },
  ListRuleNamesByTarget: { TargetArn: fc.constantFrom(FUNCTION, 'x'), EventBusName: busName, ...page },
  ListRules: { NamePrefix: fc.string(), EventBusName: busName, ...page },
  ListTargetsByRule: { Rule: rule, EventBusName: busName, ...page },
  PutEvents: { Entries: fc.array(entry, { maxLength: 11 }) },
  TestEventPattern: {
    EventPattern: fc.oneof(
      pattern.map(value => JSON.stringify(value)),
      fc.string(),
    ),
    Event: fc.oneof(
      event.map(value => JSON.stringify(value)),
      fc.json(),
    ),
  },
}

test('every operation is fuzzed', () => {
  const events = createEventsService(fakeCloud())
  expect(Object.keys(OPERATIONS).sort()).toEqual(Object.keys(events.operations).sort())
})

test('whatever is sent, EventBridge answers or refuses, and takes good events as before', async () => {
  const cloud = fakeCloud()
  const events = createEventsService(cloud)
  await provision(events, 'AWS::Events::EventBus', 'B', { Name: 'facts' })
  const EventPattern = { source: ['billing'], detail: { n: [{ numeric: ['>', 0] }] } }
  const target = { Id: 'T', Arn: FUNCTION, InputPath: '$.detail' }
  const properties = { Name: 'all', EventBusName: 'facts', EventPattern, Targets: [target] }
  await provision(events, 'AWS::Events::Rule', 'R', properties)
  const good = { EventBusName: 'facts', Source: 'billing', DetailType: 'd', Detail: '{"n":1}' }
  const step = fc
    .constantFrom(...Object.keys(OPERATIONS))
    .chain(operation => fc.tuple(fc.constant(operation), inputs(OPERATIONS[operation] ?? {})))
  await fc.assert(
    fc.asyncProperty(step, async ([operation, input]) => {
      await callWith(events, operation, input)
      await cloud.clock.whenIdle()
      cloud.delivered.length = 0
      await call(events, 'PutEvents', { Entries: [good] })
      await cloud.clock.whenIdle()
      expect(cloud.delivered.map(one => one.event)).toEqual([{ n: 1 }])
      JSON.stringify(structuredClone(events.snapshot?.()))
    }),
    { numRuns: 600 },
  )
})
