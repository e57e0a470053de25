import {
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  DescribeStateMachineForExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  RedriveExecutionCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
  ValidateStateMachineDefinitionCommand,
} from '@aws-sdk/client-sfn'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ContractCloud, contractCloud, fromEnvironment, ownName } from '../../testing/contract-cloud.ts'
import { clientConfig, localOnly, ON_AWS } from '../../testing/contract-target.ts'

const name = ownName('machine')
const definition = JSON.stringify({
  StartAt: 'Choose',
  States: {
    Choose: {
      Type: 'Choice',
      Choices: [
        { Variable: '$.wait', IsPresent: true, Next: 'Wait' },
        { Variable: '$.fail', IsPresent: true, Next: 'Fail' },
        { Variable: '$.items', IsPresent: true, Next: 'Each' },
      ],
      Default: 'Shape',
    },
    Wait: { Type: 'Wait', SecondsPath: '$.wait', Next: 'Done' },
    Fail: { Type: 'Fail', ErrorPath: '$.fail', Cause: 'asked for' },
    Each: {
      Type: 'Map',
      ItemsPath: '$.items',
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: 'One',
        States: {
          One: { Type: 'Pass', Parameters: { 'value.$': '$', 'id.$': '$$.Execution.Name' }, End: true },
        },
      },
      Next: 'Done',
    },
    Shape: {
      Type: 'Pass',
      Parameters: { 'text.$': "States.Format('{}!', $.text)" },
      ResultPath: '$.shaped',
      Next: 'Done',
    },
    Done: { Type: 'Succeed' },
  },
})
let cloud: ContractCloud
let client: SFNClient
let stateMachineArn = ''

beforeAll(async () => {
  const trust = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: 'states.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ],
  }
  cloud = await contractCloud({
    Resources: {
      Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust } },
      Machine: {
        Type: 'AWS::StepFunctions::StateMachine',
        Properties: {
          StateMachineName: name,
          RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
          DefinitionString: definition,
        },
      },
    },
  })
  client = new SFNClient(clientConfig(cloud.endpoint))
  if (ON_AWS) {
    const roleArn = fromEnvironment('TOLLGATE_CONTRACT_STATES_ROLE_ARN')
    stateMachineArn =
      (await client.send(new CreateStateMachineCommand({ name, definition, roleArn }))).stateMachineArn ?? ''
  } else {
    const { stateMachines } = await client.send(new ListStateMachinesCommand({}))
    stateMachineArn = stateMachines?.[0]?.stateMachineArn ?? ''
  }
}, 120_000)

afterAll(async () => {
  if (ON_AWS) await client.send(new DeleteStateMachineCommand({ stateMachineArn }))
  client.destroy()
  await cloud.stop()
})

const start = async (input: object, more: object = {}): Promise<string> => {
  const given = { stateMachineArn, input: JSON.stringify(input), ...more }
  return (await client.send(new StartExecutionCommand(given))).executionArn ?? ''
}

async function ended(executionArn: string) {
  await expect
    .poll(async () => (await client.send(new DescribeExecutionCommand({ executionArn }))).status, {
      timeout: 30_000,
      interval: 50,
    })
    .not.toBe('RUNNING')
  return await client.send(new DescribeExecutionCommand({ executionArn }))
}

async function historyOf(executionArn: string) {
  return (await client.send(new GetExecutionHistoryCommand({ executionArn }))).events ?? []
}

describe('an execution', () => {
  test('runs to its end, its history tells every step', async () => {
    const executionArn = await start({ text: 'hi' })
    const execution = await ended(executionArn)
    expect(execution).toMatchObject({
      status: 'SUCCEEDED',
      output: '{"text":"hi","shaped":{"text":"hi!"}}',
      outputDetails: { included: true },
      redriveCount: 0,
      redriveStatus: 'NOT_REDRIVABLE',
    })
    expect(
      (await historyOf(executionArn)).map(event => [event.id, event.type, event.previousEventId]),
    ).toEqual([
      [1, 'ExecutionStarted', 0],
      [2, 'ChoiceStateEntered', 0],
      [3, 'ChoiceStateExited', 2],
      [4, 'PassStateEntered', 3],
      [5, 'PassStateExited', 4],
      [6, 'SucceedStateEntered', 5],
      [7, 'SucceedStateExited', 6],
      [8, 'ExecutionSucceeded', 7],
    ])
  }, 60_000)

  test('fails with the error of its Fail state and can then be redriven', async () => {
    const executionArn = await start({ fail: 'Asked' })
    expect(await ended(executionArn)).toMatchObject({
      status: 'FAILED',
      error: 'Asked',
      cause: 'asked for',
      redriveStatus: 'REDRIVABLE',
    })
    await client.send(new RedriveExecutionCommand({ executionArn }))
    expect(await ended(executionArn)).toMatchObject({ status: 'FAILED', redriveCount: 1 })
    expect((await historyOf(executionArn)).map(event => event.type)).toContain('ExecutionRedriven')
  }, 60_000)

  test('maps its items in order', async () => {
    const run = ownName('map')
    const executionArn = await start({ items: ['a', 'b'] }, { name: run })
    const { output } = await ended(executionArn)
    expect(JSON.parse(output ?? '')).toEqual([
      { value: 'a', id: run },
      { value: 'b', id: run },
    ])
    const types = (await historyOf(executionArn)).map(event => event.type)
    expect(types.filter(type => type === 'MapIterationSucceeded')).toHaveLength(2)
    expect(types).toContain('MapStateSucceeded')
  }, 60_000)

  test('waits until it is stopped, and is the same one for the same name and input', async () => {
    const run = { name: ownName('wait') }
    const executionArn = await start({ wait: 86_400 }, run)
    expect(await start({ wait: 86_400 }, run)).toBe(executionArn)
    await expect(start({ wait: 1 }, run)).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' })
    const running = new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING' })
    await expect
      .poll(async () => (await client.send(running)).executions?.map(one => one.name))
      .toContain(run.name)
    await client.send(new StopExecutionCommand({ executionArn, error: 'Enough', cause: 'said the test' }))
    expect(await ended(executionArn)).toMatchObject({
      status: 'ABORTED',
      error: 'Enough',
      cause: 'said the test',
    })
    expect((await historyOf(executionArn)).at(-1)).toMatchObject({
      type: 'ExecutionAborted',
      executionAbortedEventDetails: { error: 'Enough', cause: 'said the test' },
    })
  }, 60_000)

  test('can be described without its data and with its machine', async () => {
    const executionArn = await start({ text: 'secret' })
    await ended(executionArn)
    const bare = await client.send(
      new DescribeExecutionCommand({ executionArn, includedData: 'METADATA_ONLY' }),
    )
    expect(bare.input).toBeUndefined()
    const machine = await client.send(new DescribeStateMachineForExecutionCommand({ executionArn }))
    expect(machine).toMatchObject({ stateMachineArn, name, definition })
    const query = { executionArn, includeExecutionData: false, reverseOrder: true, maxResults: 2 }
    const page = await client.send(new GetExecutionHistoryCommand(query))
    expect(page.events?.map(event => event.type)).toEqual(['ExecutionSucceeded', 'SucceedStateExited'])
    expect(page.nextToken).toBeTruthy()
    expect(JSON.stringify(page.events)).not.toContain('secret')
  }, 60_000)
})

test('a machine is described as it was made', async () => {
  expect(await client.send(new DescribeStateMachineCommand({ stateMachineArn }))).toMatchObject({
    stateMachineArn,
    name,
    status: 'ACTIVE',
    type: 'STANDARD',
    definition,
    loggingConfiguration: { level: 'OFF', includeExecutionData: false },
    tracingConfiguration: { enabled: false },
  })
})

const refusals: [what: string, run: () => Promise<unknown>, name: string][] = [
  [
    'an ARN that is none',
    () => client.send(new DescribeExecutionCommand({ executionArn: 'none' })),
    'InvalidArn',
  ],
  [
    'an unknown machine',
    () => client.send(new DescribeStateMachineCommand({ stateMachineArn: `${stateMachineArn}-none` })),
    'StateMachineDoesNotExist',
  ],
  [
    'an unknown execution',
    () => {
      const executionArn = `${stateMachineArn.replace('stateMachine', 'execution')}:none`
      return client.send(new DescribeExecutionCommand({ executionArn }))
    },
    'ExecutionDoesNotExist',
  ],
  ['a name with a space', () => start({}, { name: 'a b' }), 'InvalidName'],
  ['input that is no JSON', () => start({}, { input: '{' }), 'InvalidExecutionInput'],
  [
    'a token that nobody gave',
    () => client.send(new ListExecutionsCommand({ stateMachineArn, nextToken: 'none' })),
    'InvalidToken',
  ],
  [
    'a page of 1001',
    () => client.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 1_001 })),
    'ValidationException',
  ],
]

test.each(refusals)('%s is refused', async (_what, run, error) => {
  await expect(run()).rejects.toMatchObject({ name: error })
})

test('a definition is judged without being made', async () => {
  const validate = (text: string) =>
    client.send(new ValidateStateMachineDefinitionCommand({ definition: text }))
  expect(await validate(definition)).toMatchObject({ result: 'OK', diagnostics: [] })
  const broken = await validate('{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"}}}')
  expect(broken).toMatchObject({ result: 'FAIL', diagnostics: [{ code: 'MISSING_TRANSITION_TARGET' }] })
})

localOnly('the clock is moved')('a wait of a day ends after a day', async () => {
  const executionArn = await start({ wait: 86_400 })
  await cloud.advance(86_400_000)
  const { startDate, stopDate, status } = await ended(executionArn)
  expect(status).toBe('SUCCEEDED')
  // The clock is live: real time passes too.
  const waitedMs = Number(stopDate) - Number(startDate)
  expect(waitedMs).toBeGreaterThanOrEqual(86_400_000)
  expect(waitedMs).toBeLessThan(86_410_000)
})
