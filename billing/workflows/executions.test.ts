import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  ExecutionLimitExceeded,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn'
import { mockClient } from 'aws-sdk-client-mock'
import { beforeEach, describe, expect, test } from 'vitest'
import { createExecutions, executionArn } from './executions.ts'

const sfn = new SFNClient()
const client = mockClient(sfn)
beforeEach(() => {
  client.reset()
})

const MACHINE = 'arn:aws:states:eu-central-1:123456789012:stateMachine:tollgate-close-invoice'
const EXECUTION =
  'arn:aws:states:eu-central-1:123456789012:execution:tollgate-close-invoice:close-invoice-in_1-1'
const failure = { message: 'no', $metadata: {} }
const executions = createExecutions(sfn)
const start = () => executions.start(MACHINE, 'close-invoice-in_1-1', { invoiceId: 'in_1', attempt: 1 })
const status = () => executions.status(MACHINE, 'close-invoice-in_1-1')

test('an execution has the name of its machine and its own', () => {
  expect(executionArn(MACHINE, 'close-invoice-in_1-1')).toBe(EXECUTION)
})

describe('start', () => {
  test('starts the machine under the name, with the input as JSON', async () => {
    client.on(StartExecutionCommand).resolves({})
    await start()
    expect(client.commandCalls(StartExecutionCommand).map(({ args }) => args[0].input)).toEqual([
      {
        ...{ stateMachineArn: MACHINE, name: 'close-invoice-in_1-1' },
        input: '{"invoiceId":"in_1","attempt":1}',
      },
    ])
  })

  test('an execution that exists under the name is started', async () => {
    client.on(StartExecutionCommand).rejects(new ExecutionAlreadyExists(failure))
    await expect(start()).resolves.toBeUndefined()
  })

  test.each([
    new ExecutionLimitExceeded(failure),
    Object.assign(new Error('slow down'), { name: 'ThrottlingException' }),
  ])('any other refusal is thrown as it is: $name', async error => {
    client.on(StartExecutionCommand).rejects(error)
    await expect(start()).rejects.toBe(error)
  })
})

describe('status', () => {
  test.each([
    ['RUNNING', 'running'],
    ['PENDING_REDRIVE', 'running'],
    ['SUCCEEDED', 'succeeded'],
    ['FAILED', 'failed'],
    ['TIMED_OUT', 'failed'],
    ['ABORTED', 'failed'],
  ] as const)('%s is %s', async (theirs, ours) => {
    client.on(DescribeExecutionCommand, { executionArn: EXECUTION }).resolves({ status: theirs })
    expect(await status()).toBe(ours)
  })

  test('an execution that was never started is missing', async () => {
    client.on(DescribeExecutionCommand).rejects(new ExecutionDoesNotExist(failure))
    expect(await status()).toBe('missing')
  })

  test('not being able to ask is not taken for an answer', async () => {
    const error = Object.assign(new Error('who are you'), { name: 'AccessDeniedException' })
    client.on(DescribeExecutionCommand).rejects(error)
    await expect(status()).rejects.toBe(error)
  })
})
