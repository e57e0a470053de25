import {
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
} from '@aws-sdk/client-lambda'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningCloud, startLocalCloud } from '../../cloud.ts'
import { freePorts, functionRole, lambdaFunction, writeAssembly } from '../../testing/assembly.ts'

const ECHO = `export const handler = async event => {
  console.log('got ' + JSON.stringify(event))
  if (event.fail) throw new RangeError(event.fail)
  return { event }
}`

/** Calls `echo` as its own role would, over the endpoint. */
const CALLER = `export const handler = async () => {
  const scope = process.env.AWS_ACCESS_KEY_ID + '/20260101/us-east-1/lambda/aws4_request'
  const response = await fetch(process.env.AWS_ENDPOINT_URL + '/2015-03-31/functions/echo/invocations', {
    method: 'POST',
    headers: { authorization: 'AWS4-HMAC-SHA256 Credential=' + scope + ', SignedHeaders=host, Signature=0' },
    body: '{"from":"caller"}',
  })
  return { status: response.status, type: response.headers.get('x-amzn-errortype'), body: await response.json() }
}`

const mayInvoke = {
  Effect: 'Allow',
  Action: 'lambda:InvokeFunction',
  Resource: { 'Fn::GetAtt': ['Echo', 'Arn'] },
}

const template = {
  Resources: {
    Echo: lambdaFunction('echo', 'echo', 'EchoRole', { Description: 'says what it hears' }),
    EchoRole: functionRole(),
    Friend: lambdaFunction('friend', 'caller', 'FriendRole'),
    FriendRole: functionRole([mayInvoke]),
    Stranger: lambdaFunction('stranger', 'caller', 'StrangerRole'),
    StrangerRole: functionRole(),
  },
}

let running: RunningCloud
let client: LambdaClient
let removeAssembly: () => void

beforeAll(async () => {
  const assembly = writeAssembly([{ name: 'shop', template, bundles: { echo: ECHO, caller: CALLER } }])
  removeAssembly = assembly.remove
  const [aws = 0, console = 0, stripe = 0] = await freePorts(3)
  running = await startLocalCloud({
    assemblyDir: assembly.dir,
    parameters: {},
    clock: { mode: 'frozen', startAt: Date.UTC(2026, 0, 1) },
    ports: { aws, console, stripe, apis: {} },
  })
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  client = new LambdaClient({ endpoint: running.urls.aws, region: 'us-east-1', credentials, maxAttempts: 1 })
})

afterAll(async () => {
  client.destroy()
  await running.stop()
  removeAssembly()
})

const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('utf8')

describe('Invoke', () => {
  test('answers with the payload, and the end of the log when asked', async () => {
    const answer = await client.send(
      new InvokeCommand({ FunctionName: 'echo', Payload: '{"a":1}', LogType: 'Tail' }),
    )
    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' })
    expect(answer.FunctionError).toBeUndefined()
    expect(text(answer.Payload)).toBe('{"event":{"a":1}}')
    expect(Buffer.from(answer.LogResult ?? '', 'base64').toString()).toMatch(
      /^START .*\n.*got {"a":1}\nEND .*\nREPORT /,
    )
  })

  test('takes an ARN, with or without $LATEST, and no payload at all', async () => {
    const arn = 'arn:aws:lambda:us-east-1:000000000000:function:echo'
    for (const FunctionName of [arn, `${arn}:$LATEST`]) {
      expect(text((await client.send(new InvokeCommand({ FunctionName }))).Payload)).toBe('{"event":{}}')
    }
  })

  test('tells a failed function from a failed call', async () => {
    const answer = await client.send(
      new InvokeCommand({ FunctionName: 'echo', Payload: '{"fail":"too far"}' }),
    )
    expect(answer).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' })
    expect(JSON.parse(text(answer.Payload))).toMatchObject({
      errorType: 'RangeError',
      errorMessage: 'too far',
    })
  })

  test('as an event is taken at once and runs', async () => {
    const answer = await client.send(
      new InvokeCommand({ FunctionName: 'echo', InvocationType: 'Event', Payload: '{"event":true}' }),
    )
    expect(answer.StatusCode).toBe(202)
    await running.clock.whenIdle()
    const echo = running.services.lambda.functions().find(fn => fn.name === 'echo')
    expect(echo?.invocations[0]).toMatchObject({ payload: '{"event":true}', failed: false })
  })

  test('as a dry run runs nothing', async () => {
    const count = () => running.services.lambda.functions().find(fn => fn.name === 'echo')?.invocations.length
    const before = count()
    const answer = await client.send(new InvokeCommand({ FunctionName: 'echo', InvocationType: 'DryRun' }))
    expect(answer.StatusCode).toBe(204)
    expect(count()).toBe(before)
  })

  test.each([
    ['an unknown function', { FunctionName: 'nobody' }, 'ResourceNotFoundException'],
    ['an unknown version', { FunctionName: 'echo', Qualifier: '7' }, 'ResourceNotFoundException'],
    ['a payload that is no JSON', { FunctionName: 'echo', Payload: '{' }, 'InvalidRequestContentException'],
    [
      'an event over 1 MB',
      { FunctionName: 'echo', InvocationType: 'Event' as const, Payload: `"${'x'.repeat(1024 * 1024)}"` },
      'RequestTooLargeException',
    ],
  ])('of %s fails as the SDK knows it', async (_name, input, error) => {
    await expect(client.send(new InvokeCommand(input))).rejects.toMatchObject({ name: error })
  })

  test('by a function needs a grant of its role', async () => {
    const [friend, stranger] = await Promise.all(
      ['friend', 'stranger'].map(async name => {
        const result = await running.cloud.invoke(name, '{}', { kind: 'root' })
        return JSON.parse(result.payload) as unknown
      }),
    )
    expect(friend).toEqual({ status: 200, type: null, body: { event: { from: 'caller' } } })
    expect(stranger).toMatchObject({ status: 403, type: 'AccessDeniedException' })
    expect(running.unusedGrants().map(grant => grant.actions)).not.toContainEqual(['lambda:InvokeFunction'])
  })
})

test('functions are listed in pages and described', async () => {
  const first = await client.send(new ListFunctionsCommand({ MaxItems: 2 }))
  expect(first.Functions?.map(fn => fn.FunctionName)).toEqual(['echo', 'friend'])
  const second = await client.send(
    new ListFunctionsCommand(first.NextMarker ? { Marker: first.NextMarker } : {}),
  )
  expect(second.Functions?.map(fn => fn.FunctionName)).toEqual(['stranger'])
  const expected = {
    FunctionName: 'echo',
    Runtime: 'nodejs24.x',
    Timeout: 3,
    MemorySize: 128,
    Description: 'says what it hears',
  }
  expect((await client.send(new GetFunctionCommand({ FunctionName: 'echo' }))).Configuration).toMatchObject(
    expected,
  )
  expect(await client.send(new GetFunctionConfigurationCommand({ FunctionName: 'echo' }))).toMatchObject(
    expected,
  )
})
