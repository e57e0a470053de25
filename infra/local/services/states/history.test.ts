import { expect, test } from 'vitest'
import { createClock } from '../../clock.ts'
import { type InvokeResult, type LocalCloud, ServiceError } from '../../contract.ts'
import { createStatesService } from './index.ts'

const START = Date.UTC(2026, 10, 22, 15, 0, 0)
const ROLE = 'arn:aws:iam::000000000000:role/machine'
const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:m'
const EXECUTION = 'arn:aws:states:us-east-1:000000000000:execution:m:run'
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:step'

type Answer = (payload: string) => Promise<InvokeResult>
const echo: Answer = async payload => ({ payload, requestId: 'r' })

/**
 * A machine on a clock of its own; `published` is what the default bus heard. An impatient clock does not wait for work
 * in flight, as a live one does not.
 */
function machine(definition: object, answer: Answer = echo, startAt = START, patient = true) {
  const clock = createClock({ mode: 'frozen', startAt })
  const published: { detail: Record<string, unknown> }[] = []
  const calls: string[] = []
  const cloud: Partial<LocalCloud> = {
    clock: patient ? clock : { ...clock, busy: () => () => undefined },
    region: 'us-east-1',
    accountId: '000000000000',
    journal: () => {},
    async deliver(_target, event) {
      published.push(event as (typeof published)[number])
    },
    invoke(_arn, payload) {
      calls.push(payload)
      return answer(payload)
    },
  }
  const service = createStatesService(cloud as LocalCloud)
  const properties = { StateMachineName: 'm', RoleArn: ROLE, DefinitionString: JSON.stringify(definition) }
  const type = 'AWS::StepFunctions::StateMachine'
  service.resources[type]?.({ stackName: 's', logicalId: 'M', type, properties, assemblyDir: '/' })
  const context = { identity: { kind: 'root' } as const, requestId: 'r', authorize: () => {} }
  const call = async (operation: string, input: object = {}) =>
    (await service.operations[operation]?.({ executionArn: EXECUTION, ...input }, context)) as Record<
      string,
      unknown
    >
  const start = async (input: unknown = {}) => {
    const run = service.operations.StartExecution
    await run?.({ stateMachineArn: MACHINE, name: 'run', input: JSON.stringify(input) }, context)
    await clock.whenIdle()
  }
  const history = async (query: object = {}) =>
    (await call('GetExecutionHistory', query)).events as {
      id: number
      type: string
      previousEventId: number
    }[]
  const types = async () => (await history()).map(event => event.type)
  return { clock, service, published, calls, call, start, history, types }
}

const invoke = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke' }
const branch = (name: string, state: object) => ({
  StartAt: name,
  States: { [name]: { End: true, ...state } },
})
const failing: Answer = async () => ({
  payload: '{"errorType":"Broken","errorMessage":"no"}',
  functionError: 'Unhandled',
  requestId: 'r',
})

test('the events of a task say what was called, with which limits, and what came back', async () => {
  const definition = branch('S', {
    ...invoke,
    Parameters: { FunctionName: FUNCTION, Payload: { a: 1 } },
    ResultSelector: { 'b.$': '$.Payload.a' },
    TimeoutSeconds: 30,
    HeartbeatSeconds: 10,
  })
  const { start, history } = machine(definition)
  await start()
  const kind = { resourceType: 'lambda', resource: 'invoke' }
  expect(await history()).toMatchObject([
    { id: 1, previousEventId: 0, executionStartedEventDetails: { input: '{}', roleArn: ROLE } },
    {
      id: 2,
      previousEventId: 0,
      stateEnteredEventDetails: { name: 'S', inputDetails: { truncated: false } },
    },
    {
      id: 3,
      type: 'TaskScheduled',
      previousEventId: 2,
      taskScheduledEventDetails: {
        ...kind,
        region: 'us-east-1',
        parameters: `{"FunctionName":"${FUNCTION}","Payload":{"a":1}}`,
        timeoutInSeconds: 30,
        heartbeatInSeconds: 10,
      },
    },
    { type: 'TaskStarted', taskStartedEventDetails: kind },
    { type: 'TaskSucceeded', taskSucceededEventDetails: { ...kind, outputDetails: { truncated: false } } },
    { type: 'TaskStateExited', stateExitedEventDetails: { name: 'S', output: '{"b":1}' } },
    { type: 'ExecutionSucceeded', executionSucceededEventDetails: { output: '{"b":1}' } },
  ])
})

test('the history can be read backwards, page by page and without data', async () => {
  const { start, history, call } = machine(branch('S', { Type: 'Pass', Result: 'secret' }))
  await start('secret')
  expect((await history({ reverseOrder: true })).map(event => event.id)).toEqual([4, 3, 2, 1])
  const first = await call('GetExecutionHistory', { maxResults: 3 })
  const rest = await history({ maxResults: 3, nextToken: first.nextToken })
  expect(rest.map(event => event.id)).toEqual([4])
  expect(JSON.stringify(await history({ includeExecutionData: false }))).not.toContain('secret')
})

test.each([
  [{ TimeoutSeconds: 60 }, 'States.Timeout', 60],
  [{ TimeoutSecondsPath: '$.limit' }, 'States.Timeout', 20],
  [{ TimeoutSeconds: 60, HeartbeatSeconds: 5 }, 'States.HeartbeatTimeout', 5],
])('a task with %j that never answers fails with %s after %i seconds', async (limits, error, seconds) => {
  const definition = branch('S', { Type: 'Task', Resource: FUNCTION, ...limits })
  const { start, call, clock, types } = machine(definition, () => new Promise(() => {}), START, false)
  await start({ limit: 20 })
  await clock.advanceTo(START + seconds * 1000 - 1)
  expect((await call('DescribeExecution')).status).toBe('RUNNING')
  await clock.advanceTo(START + seconds * 1000)
  await clock.whenIdle()
  expect(await call('DescribeExecution')).toMatchObject({ status: 'FAILED', error })
  expect(await types()).toContain('LambdaFunctionTimedOut')
})

test('a failing branch aborts what its siblings are doing, the innermost first', async () => {
  const inner = branch('Inner', { Type: 'Wait', Seconds: 100 })
  const Branches = [
    branch('Fails', { Type: 'Task', Resource: FUNCTION }),
    branch('Waits', { Type: 'Wait', Seconds: 100 }),
    branch('Nested', { Type: 'Parallel', Branches: [inner] }),
  ]
  const { start, types } = machine(branch('P', { Type: 'Parallel', Branches }), failing)
  await start()
  expect((await types()).slice(-6)).toEqual([
    'LambdaFunctionFailed',
    'WaitStateAborted',
    'WaitStateAborted',
    'ParallelStateAborted',
    'ParallelStateFailed',
    'ExecutionFailed',
  ])
})

test('a failing iteration of a map aborts the others', async () => {
  const ItemProcessor = {
    StartAt: 'C',
    States: {
      C: { Type: 'Choice', Choices: [{ Variable: '$', NumericEquals: 1, Next: 'F' }], Default: 'W' },
      F: { Type: 'Fail', Error: 'Odd' },
      W: { Type: 'Wait', Seconds: 9, End: true },
    },
  }
  const { start, types } = machine(branch('M', { Type: 'Map', ItemProcessor }))
  await start([2, 1])
  expect((await types()).slice(-5)).toEqual([
    'MapIterationFailed',
    'WaitStateAborted',
    'MapIterationAborted',
    'MapStateFailed',
    'ExecutionFailed',
  ])
})

test('a mistake of the definition says in which state it was made, and nothing catches it', async () => {
  const Catch = [{ ErrorEquals: ['States.Runtime'], Next: 'S' }]
  const state = { Type: 'Task', Resource: FUNCTION, Parameters: { 'a.$': '$.gone' }, Catch }
  const { start, call } = machine(branch('S', state))
  await start({ here: 1 })
  const found = await call('DescribeExecution')
  expect(found).toMatchObject({ status: 'FAILED', error: 'States.Runtime' })
  expect(found.cause).toMatch(
    /^An error occurred while executing the state 'S' \(entered at the event id #2\)\. .*\$\.gone/,
  )
})

test('what Lambda refuses is named after its exception', async () => {
  const refused: [Error, string][] = [
    [new ServiceError('TooManyRequestsException', 'Rate Exceeded.', 429), 'Lambda.TooManyRequestsException'],
    [new ServiceError('ResourceNotFoundException', 'gone', 404), 'Lambda.ResourceNotFoundException'],
    [new ServiceError('AccessDeniedException', 'no', 403), 'Lambda.AWSLambdaException'],
    [new ServiceError('ServiceException', 'broken', 500), 'Lambda.ServiceException'],
  ]
  for (const [error, name] of refused) {
    const { start, call } = machine(branch('S', { Type: 'Task', Resource: FUNCTION }), async () => {
      throw error
    })
    await start()
    expect(await call('DescribeExecution')).toMatchObject({ status: 'FAILED', error: name })
  }
})

test('the default bus hears when an execution starts, ends and is redriven', async () => {
  const { start, published, call, clock } = machine(
    branch('S', { Type: 'Task', Resource: FUNCTION }),
    failing,
  )
  await start({ a: 1 })
  await call('RedriveExecution')
  await clock.whenIdle()
  expect(
    published.map(event => [event.detail.status, event.detail.error, event.detail.redriveCount]),
  ).toEqual([
    ['RUNNING', null, 0],
    ['FAILED', 'Broken', 0],
    ['RUNNING', null, 1],
    ['FAILED', 'Broken', 1],
  ])
  expect(published[1]).toMatchObject({
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    resources: [EXECUTION],
    detail: { executionArn: EXECUTION, input: '{"a":1}', stopDate: START, redriveStatus: 'REDRIVABLE' },
  })
})

test('a redrive with the same token happens once', async () => {
  const { start, call, clock, calls } = machine(branch('S', { Type: 'Task', Resource: FUNCTION }), failing)
  await start()
  const first = await call('RedriveExecution', { clientToken: 't' })
  await clock.whenIdle()
  expect(await call('RedriveExecution', { clientToken: 't' })).toEqual(first)
  await clock.whenIdle()
  expect(calls).toHaveLength(2)
})

test('executions run on after a restart: waits end on time, retries go on, done branches stay done', async () => {
  const Retry = [{ ErrorEquals: ['Broken'], IntervalSeconds: 30, MaxAttempts: 1 }]
  const map = {
    Type: 'Map',
    MaxConcurrency: 1,
    ItemProcessor: branch('Each', { Type: 'Wait', SecondsPath: '$' }),
  }
  const definition = branch('P', {
    Type: 'Parallel',
    Branches: [
      branch('Done', { Type: 'Pass', Result: 'done' }),
      branch('Retried', { Type: 'Task', Resource: FUNCTION, Retry }),
      branch('Items', { ...map, ItemsPath: '$.items' }),
    ],
  })
  const before = machine(definition, failing)
  await before.start({ items: [10, 20, 30] })
  await before.clock.advanceTo(START + 15_000)
  const kept: unknown = structuredClone(before.service.snapshot?.())
  const after = machine(definition, async () => ({ payload: '"retried"', requestId: 'r' }), START + 15_000)
  await after.service.restore?.(kept)
  await after.clock.whenIdle()
  await after.clock.advanceTo(START + 59_999)
  expect((await after.call('DescribeExecution')).status).toBe('RUNNING')
  await after.clock.advanceTo(START + 60_000)
  expect(await after.call('DescribeExecution')).toMatchObject({
    status: 'SUCCEEDED',
    output: '["done","retried",[10,20,30]]',
    stopDate: (START + 60_000) / 1000,
  })
  const types = await after.types()
  expect(types.filter(type => type === 'MapIterationSucceeded')).toHaveLength(3)
  expect(types.filter(type => type === 'PassStateEntered')).toHaveLength(1)
})

test("a machine's own timeout counts from its start, also over a restart", async () => {
  const definition = { ...branch('W', { Type: 'Wait', Seconds: 100 }), TimeoutSeconds: 60 }
  const before = machine(definition)
  await before.start()
  const kept: unknown = structuredClone(before.service.snapshot?.())
  const after = machine(definition, echo, START + 50_000)
  await after.service.restore?.(kept)
  await after.clock.advanceTo(START + 60_000)
  expect(await after.call('DescribeExecution')).toMatchObject({
    status: 'TIMED_OUT',
    error: 'States.Timeout',
  })
})

test('an execution is described on the graph of its machine: where it was, when, and where it failed', async () => {
  const definition = {
    StartAt: 'C',
    States: {
      C: { Type: 'Choice', Choices: [{ Variable: '$.n', NumericEquals: 1, Next: 'W' }], Default: 'T' },
      W: { Type: 'Wait', Seconds: 5, Next: 'T' },
      T: {
        Type: 'Task',
        Resource: FUNCTION,
        End: true,
        Retry: [{ ErrorEquals: ['Broken'], MaxAttempts: 1, IntervalSeconds: 1 }],
      },
    },
  }
  const { start, service, clock } = machine(definition, failing)
  await start({ n: 1 })
  expect(service.execution(EXECUTION)).toMatchObject({ currentStates: ['W'], failedStates: [] })
  await clock.advanceTo(START + 60_000)
  const view = service.execution(EXECUTION)
  expect(view?.visits).toEqual([
    { state: 'C', enteredAt: START, leftAt: START, failures: 0 },
    { state: 'W', enteredAt: START, leftAt: START + 5_000, failures: 0 },
    { state: 'T', enteredAt: START + 5_000, failures: 2 },
  ])
  expect(view).toMatchObject({ currentStates: [], failedStates: ['T'], error: 'Broken' })
  const [graph] = service.machines()
  expect(graph?.graph.states.map(state => [state.name, state.transitions, state.isEnd])).toEqual([
    [
      'C',
      [
        { to: 'W', label: '$.n NumericEquals 1' },
        { to: 'T', label: 'default' },
      ],
      false,
    ],
    ['W', [{ to: 'T' }], false],
    ['T', [], true],
  ])
  expect(service.execution('constructor')).toBeUndefined()
})
