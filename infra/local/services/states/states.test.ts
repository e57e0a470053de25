import { expect, test } from 'vitest'
import { createClock } from '../../clock.ts'
import type { Identity, InvokeResult, LocalCloud } from '../../contract.ts'
import { createStatesService } from './index.ts'

const START = Date.UTC(2026, 10, 22, 15, 0, 0)
const DAY_MS = 86_400_000
const ROLE = 'arn:aws:iam::000000000000:role/machine'
const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:m'
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:step'

/** A function error as Lambda reports it, under the error's own name. */
class FunctionError extends Error {
  constructor(name: string) {
    super('it failed')
    this.name = name
  }
}

type Handler = (payload: unknown, attempt: number) => unknown

function harness(definition: object, handler: Handler = payload => payload) {
  const clock = createClock({ mode: 'frozen', startAt: START })
  const calls: { at: number; payload: unknown; identity: Identity; functionArn: string }[] = []
  const events: Record<string, unknown>[] = []
  const cloud: Partial<LocalCloud> = {
    clock,
    region: 'us-east-1',
    accountId: '000000000000',
    journal: () => {},
    authorize: () => {},
    async deliver(_target, event) {
      events.push(event as Record<string, unknown>)
    },
    async invoke(functionArn: string, text: string, identity: Identity): Promise<InvokeResult> {
      const payload: unknown = JSON.parse(text)
      calls.push({ at: clock.now() - START, payload, identity, functionArn })
      try {
        return { payload: JSON.stringify((await handler(payload, calls.length)) ?? null), requestId: 'r' }
      } catch (error) {
        if (!(error instanceof FunctionError)) throw error
        const failure = { errorType: error.name, errorMessage: error.message }
        return { payload: JSON.stringify(failure), functionError: 'Unhandled', requestId: 'r' }
      }
    },
  }
  const service = createStatesService(cloud as LocalCloud)
  const properties = { StateMachineName: 'm', RoleArn: ROLE, DefinitionString: JSON.stringify(definition) }
  const type = 'AWS::StepFunctions::StateMachine'
  service.resources[type]?.({ stackName: 's', logicalId: 'M', type, properties, assemblyDir: '/' })
  const context = { identity: { kind: 'root' } as const, requestId: 'r', authorize: () => {} }
  const call = async (operation: string, input: object) =>
    (await service.operations[operation]?.(input, context)) as Record<string, unknown>
  const start = async (input: unknown = {}, name = 'run') => {
    const started = await call('StartExecution', {
      stateMachineArn: MACHINE,
      name,
      input: JSON.stringify(input),
    })
    await clock.whenIdle()
    return String(started.executionArn)
  }
  const describe = (executionArn: string) => call('DescribeExecution', { executionArn })
  const outcome = async (input: unknown = {}) => {
    const found = await describe(await start(input))
    return found.output === undefined ? found : JSON.parse(String(found.output))
  }
  const history = async (executionArn: string) =>
    (
      (await call('GetExecutionHistory', { executionArn, maxResults: 1000 })).events as { type: string }[]
    ).map(event => event.type)
  const advance = (ms: number) => clock.advanceTo(clock.now() + ms)
  return { clock, calls, events, service, call, start, describe, outcome, history, advance }
}

const one = (state: object) => ({ StartAt: 'S', States: { S: { End: true, ...state } } })
const task = (more: object = {}) => ({ Type: 'Task', Resource: FUNCTION, End: true, ...more })

test('a task runs as the role of the machine and its result goes where the paths say', async () => {
  const state = task({
    Resource: 'arn:aws:states:::lambda:invoke',
    InputPath: '$.in',
    Parameters: {
      FunctionName: FUNCTION,
      Payload: { 'id.$': '$.id', 'who.$': '$$.Execution.Name', 'text.$': "States.Format('{}-{}', $.id, 7)" },
    },
    ResultSelector: { 'answer.$': '$.Payload.ok', 'status.$': '$.StatusCode' },
    ResultPath: '$.out.step',
    OutputPath: '$.out',
  })
  const machine = harness(one(state), () => ({ ok: 'yes' }))
  expect(await machine.outcome({ in: { id: 'a' }, out: { kept: 1 } })).toEqual({
    kept: 1,
    step: { answer: 'yes', status: 200 },
  })
  expect(machine.calls).toEqual([
    {
      at: 0,
      functionArn: FUNCTION,
      payload: { id: 'a', who: 'run', text: 'a-7' },
      identity: { kind: 'role', roleArn: ROLE, sessionName: 'run' },
    },
  ])
})

test('retries wait for their backoff on the local clock, capped, and then the catch takes the error', async () => {
  const Retry = [
    { ErrorEquals: ['Busy'], IntervalSeconds: 2, BackoffRate: 3, MaxAttempts: 3, MaxDelaySeconds: 10 },
  ]
  const Catch = [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'Caught' }]
  const definition = {
    StartAt: 'S',
    States: {
      S: { Type: 'Task', Resource: FUNCTION, Next: 'Done', Retry, Catch },
      Done: { Type: 'Succeed' },
      Caught: { Type: 'Pass', End: true },
    },
  }
  const machine = harness(definition, () => {
    throw new FunctionError('Busy')
  })
  const arn = await machine.start({ kept: true })
  expect(machine.calls.map(call => call.at)).toEqual([0])
  await machine.advance(60_000)
  expect(machine.calls.map(call => call.at)).toEqual([0, 2_000, 8_000, 18_000])
  const found = await machine.describe(arn)
  expect(JSON.parse(String(found.output))).toEqual({
    kept: true,
    failure: { Error: 'Busy', Cause: '{"errorType":"Busy","errorMessage":"it failed"}' },
  })
})

test('full jitter never waits longer than the backoff', async () => {
  const Retry = [
    { ErrorEquals: ['Busy'], IntervalSeconds: 4, BackoffRate: 1, MaxAttempts: 20, JitterStrategy: 'FULL' },
  ]
  const machine = harness(one(task({ Retry })), (_payload, attempt) => {
    if (attempt <= 20) throw new FunctionError('Busy')
    return 'ok'
  })
  const arn = await machine.start()
  await machine.advance(80_000)
  const gaps = machine.calls.map(call => call.at).map((at, index, all) => at - (all[index - 1] ?? 0))
  expect(gaps.every(gap => gap >= 0 && gap <= 4_000)).toBe(true)
  expect(new Set(gaps).size).toBeGreaterThan(5)
  expect((await machine.describe(arn)).status).toBe('SUCCEEDED')
})

test('a wait of 30 days ends after 30 days and not before', async () => {
  const machine = harness(one({ Type: 'Wait', SecondsPath: '$.seconds' }))
  const arn = await machine.start({ seconds: 30 * 86_400 })
  await machine.advance(30 * DAY_MS - 1)
  expect((await machine.describe(arn)).status).toBe('RUNNING')
  expect(machine.service.executions()[0]?.currentStates).toEqual(['S'])
  await machine.advance(1)
  expect(await machine.describe(arn)).toMatchObject({
    status: 'SUCCEEDED',
    stopDate: (START + 30 * DAY_MS) / 1000,
  })
})

test('a wait until a time that is past does not wait', async () => {
  const machine = harness(one({ Type: 'Wait', TimestampPath: '$.at' }))
  expect(await machine.outcome({ at: '2020-01-01T00:00:00Z' })).toEqual({ at: '2020-01-01T00:00:00Z' })
})

const rules: [rule: object, input: object, holds: boolean][] = [
  [{ Variable: '$.a', StringEquals: 'x' }, { a: 'x' }, true],
  [{ Variable: '$.a', StringEquals: '1' }, { a: 1 }, false],
  [{ Variable: '$.a', StringMatches: 'inv_*-*' }, { a: 'inv_1-2' }, true],
  [{ Variable: '$.a', StringMatches: 'a\\*' }, { a: 'ab' }, false],
  [{ Variable: '$.a', NumericGreaterThanEqualsPath: '$.b' }, { a: 2, b: 2 }, true],
  [{ Variable: '$.a', NumericLessThan: 2 }, { a: 2 }, false],
  [{ Variable: '$.a', BooleanEquals: true }, { a: true }, true],
  [{ Variable: '$.a', TimestampLessThan: '2026-11-22T15:00:00+01:00' }, { a: '2026-11-22T13:59:59Z' }, true],
  [{ Variable: '$.a', IsPresent: false }, {}, true],
  [{ Variable: '$.a', IsNull: true }, { a: null }, true],
  [
    { And: [{ Variable: '$.a', IsNumeric: true }, { Not: { Variable: '$.a', NumericEquals: 3 } }] },
    { a: 4 },
    true,
  ],
  [
    {
      Or: [
        { Variable: '$.a', NumericEquals: 1 },
        { Variable: '$.a', NumericEquals: 2 },
      ],
    },
    { a: 3 },
    false,
  ],
]

test.each(rules)('the choice rule %j on %j is %s', async (rule, input, holds) => {
  const definition = {
    StartAt: 'C',
    States: {
      C: { Type: 'Choice', Choices: [{ ...rule, Next: 'Yes' }], Default: 'No' },
      Yes: { Type: 'Pass', Result: true, End: true },
      No: { Type: 'Pass', Result: false, End: true },
    },
  }
  expect(await harness(definition).outcome(input)).toBe(holds)
})

test('branches run side by side and the state ends when the slowest has', async () => {
  const branch = (seconds: number) => ({
    StartAt: `W${seconds}`,
    States: {
      [`W${seconds}`]: { Type: 'Wait', Seconds: seconds, Next: `P${seconds}` },
      [`P${seconds}`]: { Type: 'Pass', Result: seconds, End: true },
    },
  })
  const machine = harness(one({ Type: 'Parallel', Branches: [branch(20), branch(10)] }))
  const arn = await machine.start()
  await machine.advance(19_999)
  expect((await machine.describe(arn)).status).toBe('RUNNING')
  await machine.advance(1)
  expect((await machine.describe(arn)).output).toBe('[20,10]')
})

test('a failing branch ends its siblings and is caught by the parallel state', async () => {
  const failing = { StartAt: 'F', States: { F: { Type: 'Fail', ErrorPath: '$.code', Cause: 'because' } } }
  const waiting = { StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 1000, Next: 'T' }, T: task() } }
  const definition = {
    StartAt: 'P',
    States: {
      P: {
        Type: 'Parallel',
        Branches: [failing, waiting],
        End: true,
        Catch: [{ ErrorEquals: ['E7'], Next: 'C' }],
      },
      C: { Type: 'Pass', End: true },
    },
  }
  const machine = harness(definition)
  expect(await machine.outcome({ code: 'E7' })).toEqual({ Error: 'E7', Cause: 'because' })
  await machine.advance(2_000_000)
  expect(machine.calls).toEqual([])
})

test('a map keeps the order of its items and its concurrency limit', async () => {
  let running = 0
  let most = 0
  const state = {
    Type: 'Map',
    ItemsPath: '$.items',
    MaxConcurrency: 2,
    ItemSelector: { 'value.$': '$$.Map.Item.Value', 'index.$': '$$.Map.Item.Index', 'all.$': '$.tag' },
    ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, StartAt: 'T', States: { T: task() } },
  }
  const machine = harness(one(state), async payload => {
    running += 1
    most = Math.max(most, running)
    await Promise.resolve()
    running -= 1
    return payload
  })
  const items = ['a', 'b', 'c', 'd', 'e']
  const expected = items.map((value, index) => ({ value, index, all: 't' }))
  expect(await machine.outcome({ items, tag: 't' })).toEqual(expected)
  expect(most).toBe(2)
  expect(await harness(one(state)).outcome({ items: [], tag: 't' })).toEqual([])
})

test('States.ALL does not catch a path that leads nowhere', async () => {
  const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'S' }]
  const machine = harness(one(task({ Parameters: { 'a.$': '$.missing' }, Catch })))
  expect(await machine.outcome({})).toMatchObject({ status: 'FAILED', error: 'States.Runtime' })
})

test('a result above 256 KiB fails the execution', async () => {
  const machine = harness(one(task({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'S' }] })), () =>
    'x'.repeat(262_144),
  )
  expect(await machine.outcome()).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' })
})

test('a machine that runs longer than its timeout is timed out', async () => {
  const machine = harness({ ...one({ Type: 'Wait', Seconds: 100 }), TimeoutSeconds: 60 })
  const arn = await machine.start()
  await machine.advance(100_000)
  expect(await machine.describe(arn)).toMatchObject({
    status: 'TIMED_OUT',
    stopDate: (START + 60_000) / 1000,
  })
})

test('the same name and input while running is the same execution, any other reuse within 90 days is refused', async () => {
  const machine = harness(one({ Type: 'Wait', Seconds: 10 }))
  const first = await machine.start({ a: 1 })
  expect(await machine.start({ a: 1 })).toBe(first)
  await expect(machine.start({ a: 2 })).rejects.toMatchObject({ code: 'ExecutionAlreadyExists' })
  await machine.advance(10_000)
  await expect(machine.start({ a: 1 })).rejects.toMatchObject({ code: 'ExecutionAlreadyExists' })
  await machine.advance(91 * DAY_MS)
  expect(await machine.start({ a: 1 })).toBe(first)
})

test('a stopped execution does nothing more, and a redrive goes on where it was', async () => {
  const definition = {
    StartAt: 'A',
    States: {
      A: { Type: 'Task', Resource: FUNCTION, Next: 'W' },
      W: { Type: 'Wait', Seconds: 100, Next: 'B' },
      B: task(),
    },
  }
  const machine = harness(definition)
  const arn = await machine.start()
  await machine.call('StopExecution', { executionArn: arn, error: 'Operator', cause: 'test' })
  await machine.advance(200_000)
  expect(machine.calls).toHaveLength(1)
  expect(await machine.describe(arn)).toMatchObject({
    status: 'ABORTED',
    error: 'Operator',
    redriveStatus: 'REDRIVABLE',
  })
  await machine.call('RedriveExecution', { executionArn: arn })
  await machine.clock.whenIdle()
  expect(machine.calls).toHaveLength(2)
  expect(await machine.describe(arn)).toMatchObject({ status: 'SUCCEEDED', redriveCount: 1 })
})

test('a redriven branch runs again and the finished one does not', async () => {
  const branch = (name: string) => ({ StartAt: name, States: { [name]: task({ Parameters: { name } }) } })
  let broken = true
  const machine = harness(
    one({ Type: 'Parallel', Branches: [branch('good'), branch('bad')] }),
    async payload => {
      const { name } = payload as { name: string }
      for (let turn = 0; name === 'bad' && turn < 20; turn += 1) await Promise.resolve()
      if (name === 'bad' && broken) throw new FunctionError('Broken')
      return name
    },
  )
  const arn = await machine.start()
  expect(await machine.describe(arn)).toMatchObject({ status: 'FAILED', error: 'Broken' })
  broken = false
  await machine.call('RedriveExecution', { executionArn: arn })
  await machine.clock.whenIdle()
  expect((await machine.describe(arn)).output).toBe('["good","bad"]')
  expect(machine.calls.map(call => (call.payload as { name: string }).name)).toEqual(['good', 'bad', 'bad'])
})

test('the history tells what happened in order', async () => {
  const machine = harness(one(task()))
  const arn = await machine.start()
  expect(await machine.history(arn)).toEqual([
    'ExecutionStarted',
    'TaskStateEntered',
    'LambdaFunctionScheduled',
    'LambdaFunctionStarted',
    'LambdaFunctionSucceeded',
    'TaskStateExited',
    'ExecutionSucceeded',
  ])
})

test('an endless loop ends at 25,000 events instead of hanging the cloud', async () => {
  const definition = {
    StartAt: 'A',
    States: { A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Next: 'A' } },
  }
  const machine = harness(definition)
  expect(await machine.outcome()).toMatchObject({ status: 'FAILED', error: 'States.Runtime' })
})

test('what an execution remembers survives being written down as JSON', async () => {
  const branch = (name: string) => ({
    StartAt: name,
    States: { [name]: { Type: 'Wait', Seconds: 50, End: true } },
  })
  const machine = harness(one({ Type: 'Parallel', Branches: [branch('V'), branch('W')] }))
  await machine.start({ a: [1, null, 'x'] })
  const [summary] = machine.service.executions()
  expect(JSON.parse(JSON.stringify(summary))).toEqual(summary)
  expect(summary?.currentStates).toEqual(['V', 'W'])
})

const unsupported: [what: string, definition: object, message: RegExp][] = [
  ['JSONata', { ...one({ Type: 'Pass' }), QueryLanguage: 'JSONata' }, /JSONata/],
  ['variables', one({ Type: 'Pass', Assign: { x: 1 } }), /Assign/],
  [
    'task tokens',
    one(task({ Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken' })),
    /waitForTaskToken/,
  ],
  [
    'distributed maps',
    one({
      Type: 'Map',
      ItemProcessor: { ...one({ Type: 'Pass' }), ProcessorConfig: { Mode: 'DISTRIBUTED' } },
    }),
    /DISTRIBUTED/,
  ],
  ['other integrations', one(task({ Resource: 'arn:aws:states:::sqs:sendMessage' })), /sqs:sendMessage/],
  ['path filters', one({ Type: 'Pass', InputPath: '$.a[?(@.b > 1)]' }), /a\[\?/],
  ['unknown intrinsics', one({ Type: 'Pass', Parameters: { 'a.$': 'States.Nope($.x)' } }), /States\.Nope/],
  [
    'a missing state',
    { StartAt: 'S', States: { S: { Type: 'Pass', Next: 'T' } } },
    /"T", which is not a state/,
  ],
  [
    'States.ALL before others',
    one(task({ Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['A'] }] })),
    /States\.ALL/,
  ],
]

test.each(unsupported)('%s stops the start and is named', (_what, definition, message) => {
  expect(() => harness(definition)).toThrow(message)
})
