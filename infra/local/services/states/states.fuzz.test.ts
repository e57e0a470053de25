import fc from 'fast-check'
import { expect, test } from 'vitest'
import { callWith, inputs, junk } from '../../testing/fuzz.ts'
import { call, fakeCloud, provision } from '../../testing/recording-cloud.ts'
import { createStatesService } from './index.ts'

const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:m'
const EXECUTION = MACHINE.replace('stateMachine', 'execution')
const machine = fc.constantFrom(MACHINE, `${MACHINE}x`, `${MACHINE}:1`, 'arn:', '__proto__')
const execution = fc.constantFrom(`${EXECUTION}:a`, `${EXECUTION}:b`, EXECUTION, MACHINE, 'constructor')
const page = { maxResults: fc.integer({ min: -1, max: 1_001 }), nextToken: fc.base64String() }
const included = fc.constantFrom('ALL_DATA', 'METADATA_ONLY', 'x')

const field = fc.constantFrom(
  'Next',
  'Seconds',
  'Choices',
  'Branches',
  'Retry',
  'Catch',
  'Parameters',
  'Resource',
  'ItemProcessor',
  'ResultPath',
  '__proto__',
)
const state = fc
  .tuple(
    fc.constantFrom('Pass', 'Task', 'Choice', 'Wait', 'Succeed', 'Fail', 'Parallel', 'Map', 'constructor'),
    fc.dictionary(
      field,
      fc.oneof(junk, fc.constantFrom('S', '$.a', '$$.x', 'States.UUID()', [{ ErrorEquals: ['E'] }])),
    ),
  )
  .map(([Type, fields]) => ({ Type, End: true, ...fields }))
const definition = fc.oneof(
  fc.record({
    StartAt: fc.constantFrom('S', 'toString'),
    States: fc.dictionary(fc.constantFrom('S', 'T', '__proto__'), state),
  }),
  junk,
)

const OPERATIONS: Record<string, Record<string, fc.Arbitrary<unknown>>> = {
  DescribeExecution: { executionArn: execution, includedData: included },
  DescribeStateMachine: { stateMachineArn: machine, includedData: included },
  DescribeStateMachineForExecution: { executionArn: execution, includedData: included },
  GetExecutionHistory: {
    executionArn: execution,
    reverseOrder: fc.boolean(),
    includeExecutionData: fc.boolean(),
    ...page,
  },
  ListExecutions: {
    stateMachineArn: machine,
    statusFilter: fc.constantFrom('RUNNING', 'x'),
    redriveFilter: fc.constantFrom('REDRIVEN', 'x'),
    ...page,
  },
  ListStateMachines: page,
  RedriveExecution: { executionArn: execution, clientToken: fc.string() },
  StartExecution: {
    stateMachineArn: machine,
    name: fc.constantFrom('a', 'b', 'a b', '__proto__'),
    input: fc.oneof(fc.json(), fc.string()),
    traceHeader: fc.string(),
  },
  StopExecution: { executionArn: execution, error: fc.string(), cause: fc.string() },
  ValidateStateMachineDefinition: {
    definition: definition.map(value => JSON.stringify(value)),
    type: fc.constantFrom('STANDARD', 'EXPRESS'),
    severity: fc.constantFrom('ERROR', 'x'),
    maxResults: fc.integer(),
  },
}

test('every operation is fuzzed', () => {
  const states = createStatesService(fakeCloud())
  expect(Object.keys(OPERATIONS).sort()).toEqual(Object.keys(states.operations).sort())
})

test('whatever is sent, Step Functions answers or refuses, and each execution keeps a whole history', async () => {
  const DefinitionString = JSON.stringify({
    StartAt: 'C',
    States: {
      C: { Type: 'Choice', Choices: [{ Variable: '$.n', IsPresent: true, Next: 'W' }], Default: 'P' },
      W: { Type: 'Wait', SecondsPath: '$.n', Next: 'P' },
      P: { Type: 'Pass', ResultPath: '$.r', End: true },
    },
  })
  const step = fc
    .constantFrom(...Object.keys(OPERATIONS))
    .chain(operation => fc.tuple(fc.constant(operation), inputs(OPERATIONS[operation] ?? {})))
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 10 }), async steps => {
      const cloud = fakeCloud()
      const states = createStatesService(cloud)
      const properties = {
        StateMachineName: 'm',
        RoleArn: 'arn:aws:iam::000000000000:role/r',
        DefinitionString,
      }
      await provision(states, 'AWS::StepFunctions::StateMachine', 'M', properties)
      await call(states, 'StartExecution', { stateMachineArn: MACHINE, name: 'a', input: '{"n":5}' })
      for (const [operation, input] of steps) await callWith(states, operation, input)
      await cloud.clock.whenIdle()
      structuredClone(states.snapshot?.())
      for (const { arn } of states.executions()) {
        const { events } = await call<{ events: { id: number }[] }>(states, 'GetExecutionHistory', {
          executionArn: arn,
        })
        expect(events.map(event => event.id)).toEqual(events.map((_, index) => index + 1))
        expect(states.execution(arn)?.visits.length).toBeGreaterThan(0)
      }
    }),
    { numRuns: 200 },
  )
})
