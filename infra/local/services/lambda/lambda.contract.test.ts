import { randomBytes } from 'node:crypto'
import {
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  GetPolicyCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
  paginateListFunctions,
} from '@aws-sdk/client-lambda'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningCloud, startLocalCloud } from '../../cloud.ts'
import { bundled, freePorts, functionRole, lambdaFunction, writeAssembly } from '../../testing/assembly.ts'
import { clientConfig, localOnly, ON_AWS } from '../../testing/contract-target.ts'
import { createOnAws } from './testing/aws-function.ts'

/** On AWS the suite makes this function there; its role comes from the environment (`testing/aws-function.ts`). */
const ECHO = ON_AWS ? `tollgate-contract-${randomBytes(4).toString('hex')}` : 'echo'
const DESCRIPTION = 'says what it hears'
const ECHO_CODE = `export const handler = async event => {
  console.log('got ' + JSON.stringify(event))
  if (event.fail) throw new RangeError(event.fail)
  if (event.hang) await new Promise(() => setInterval(() => {}, 1e6))
  if (event.large) return 'x'.repeat(7e6)
  return { event }
}`

/** Calls `echo` as its own role would, over the endpoint. */
const CALLER_CODE = bundled(`
import { AwsClient } from 'aws4fetch'
const env = process.env
const client = new AwsClient({
  accessKeyId: env.AWS_ACCESS_KEY_ID,
  secretAccessKey: env.AWS_SECRET_ACCESS_KEY,
  sessionToken: env.AWS_SESSION_TOKEN,
  service: 'lambda',
  region: env.AWS_REGION,
})
export const handler = async () => {
  const url = env.AWS_ENDPOINT_URL + '/2015-03-31/functions/echo/invocations'
  const response = await client.fetch(url, { method: 'POST', body: '{"from":"caller"}' })
  return { status: response.status, type: response.headers.get('x-amzn-errortype'), body: await response.json() }
}`)

const mayInvoke = {
  Effect: 'Allow',
  Action: 'lambda:InvokeFunction',
  Resource: { 'Fn::GetAtt': ['Echo', 'Arn'] },
}

const template = {
  Resources: {
    Echo: lambdaFunction('echo', 'echo', 'EchoRole', { Description: DESCRIPTION }),
    EchoRole: functionRole(),
    Friend: lambdaFunction('friend', 'caller', 'FriendRole', { ReservedConcurrentExecutions: 2 }),
    FriendRole: functionRole([mayInvoke]),
    FriendEvents: {
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: { FunctionName: { Ref: 'Friend' }, Qualifier: '$LATEST', MaximumRetryAttempts: 1 },
    },
    FriendPermission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        FunctionName: { Ref: 'Friend' },
        Action: 'lambda:InvokeFunction',
        Principal: 'events.amazonaws.com',
      },
    },
    Stranger: lambdaFunction('stranger', 'caller', 'StrangerRole'),
    StrangerRole: functionRole(),
  },
}

let client: LambdaClient
let running: RunningCloud
const cleanUp: (() => void | Promise<void>)[] = []

beforeAll(async () => {
  if (ON_AWS) {
    client = new LambdaClient({ maxAttempts: 1 })
    cleanUp.push(await createOnAws(client, ECHO, ECHO_CODE, DESCRIPTION))
    return
  }
  const bundles = { echo: ECHO_CODE, caller: CALLER_CODE }
  const assembly = writeAssembly([{ name: 'shop', template, bundles }])
  cleanUp.push(assembly.remove)
  const [aws = 0, console = 0, stripe = 0] = await freePorts(3)
  running = await startLocalCloud({
    assemblyDir: assembly.dir,
    parameters: {},
    clock: { mode: 'frozen', startAt: Date.UTC(2026, 0, 1) },
    ports: { aws, console, stripe, apis: {} },
  })
  cleanUp.push(() => running.stop())
  client = new LambdaClient({ ...clientConfig(running.urls.aws), maxAttempts: 1 })
}, 90_000)

afterAll(async () => {
  for (const clean of cleanUp.reverse()) await clean()
  client?.destroy()
})

const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('utf8')
const invoke = (input: Omit<ConstructorParameters<typeof InvokeCommand>[0], 'FunctionName'>) =>
  client.send(new InvokeCommand({ FunctionName: ECHO, ...input }))

describe('Invoke', () => {
  test('answers with the payload, and the end of the log when asked', async () => {
    const answer = await invoke({ Payload: '{"a":1}', LogType: 'Tail' })
    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' })
    expect(answer.FunctionError).toBeUndefined()
    expect(text(answer.Payload)).toBe('{"event":{"a":1}}')
    expect(Buffer.from(answer.LogResult ?? '', 'base64').toString()).toMatch(
      /START (.|\n)*got {"a":1}\nEND .*\nREPORT /,
    )
  })

  test('takes an ARN, with or without $LATEST, and no payload at all', async () => {
    const { FunctionArn: arn = '' } = await client.send(
      new GetFunctionConfigurationCommand({ FunctionName: ECHO }),
    )
    for (const FunctionName of [arn, `${arn}:$LATEST`, arn.replace('arn:aws:lambda:', '')]) {
      const { Payload } = await client.send(new InvokeCommand({ FunctionName }))
      expect(text(Payload)).toBe('{"event":{}}')
    }
  })

  test('tells a failed function from a failed call', async () => {
    const answer = await invoke({ Payload: '{"fail":"too far"}' })
    expect(answer).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' })
    expect(JSON.parse(text(answer.Payload))).toMatchObject({
      errorType: 'RangeError',
      errorMessage: 'too far',
      trace: expect.arrayContaining(['RangeError: too far']),
    })
  })

  test('ends a function at its timeout', async () => {
    const { FunctionError, Payload } = await invoke({ Payload: '{"hang":true}' })
    expect(FunctionError).toBe('Unhandled')
    expect(JSON.parse(text(Payload))).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/^RequestId: [\w-]+ Error: Task timed out after 3\.00 seconds$/),
    })
  })

  test('refuses an answer over 6 MB', async () => {
    const { FunctionError, Payload } = await invoke({ Payload: '{"large":true}' })
    expect(FunctionError).toBe('Unhandled')
    expect(JSON.parse(text(Payload))).toMatchObject({ errorType: 'Function.ResponseSizeTooLarge' })
  })

  test('as an event is taken at once, as a dry run runs nothing', async () => {
    const answer = await invoke({ InvocationType: 'Event', Payload: '{"event":true}' })
    expect(answer.StatusCode).toBe(202)
    expect((await invoke({ InvocationType: 'DryRun' })).StatusCode).toBe(204)
  })

  localOnly('the service tells what ran')('as an event runs, as a dry run does not', async () => {
    await running.clock.whenIdle()
    const invocations = () => running.services.lambda.functions().find(fn => fn.name === ECHO)?.invocations
    const before = invocations()?.length ?? 0
    await invoke({ InvocationType: 'DryRun' })
    await invoke({ InvocationType: 'Event', Payload: '{"event":"local"}' })
    await running.clock.whenIdle()
    expect(invocations()).toHaveLength(before + 1)
    expect(invocations()?.[0]).toMatchObject({ payload: '{"event":"local"}', failed: false })
  })

  const large = `"${'x'.repeat(1024 * 1024)}"`
  test.each([
    ['an unknown function', { FunctionName: `${ECHO}-nobody` }, 'ResourceNotFoundException', 404],
    ['an unknown version', { Qualifier: '7' }, 'ResourceNotFoundException', 404],
    ['a name that is none', { FunctionName: 'a b' }, 'ValidationException', 400],
    ['a payload that is no JSON', { Payload: '{' }, 'InvalidRequestContentException', 400],
    [
      'an event over 1 MB',
      { InvocationType: 'Event' as const, Payload: large },
      'RequestTooLargeException',
      413,
    ],
  ])('of %s fails as the SDK knows it', async (_name, input, name, httpStatusCode) => {
    const call = client.send(new InvokeCommand({ FunctionName: ECHO, ...input }))
    await expect(call).rejects.toMatchObject({ name, $metadata: { httpStatusCode } })
  })

  localOnly('AWS takes these parameters')('refuses by name what it does not know', async () => {
    const call = invoke({ ClientContext: 'e30=' })
    await expect(call).rejects.toThrow('ClientContext of lambda Invoke')
  })

  localOnly('needs roles of its own')('by a function needs a grant of its role', async () => {
    const [friend, stranger] = await Promise.all(
      ['friend', 'stranger'].map(async name => {
        const result = await running.cloud.invoke(name, '{}', { kind: 'root' })
        return JSON.parse(result.payload) as unknown
      }),
    )
    expect(friend).toEqual({ status: 200, type: null, body: { event: { from: 'caller' } } })
    expect(stranger).toMatchObject({ status: 403, type: 'AccessDeniedException' })
    const unused = running.unusedGrants().filter(grant => grant.holder.includes('FriendRole'))
    expect(unused.flatMap(grant => grant.actions)).not.toContain('lambda:InvokeFunction')
  })
})

describe('functions', () => {
  test('are described', async () => {
    const expected = {
      FunctionName: ECHO,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Timeout: 3,
      MemorySize: 128,
      Version: '$LATEST',
      PackageType: 'Zip',
      Architectures: ['arm64'],
      State: 'Active',
      TracingConfig: { Mode: 'PassThrough' },
      Description: DESCRIPTION,
    }
    const { Configuration, Concurrency } = await client.send(new GetFunctionCommand({ FunctionName: ECHO }))
    expect(Configuration).toMatchObject(expected)
    expect(Concurrency).toBeUndefined()
    const configuration = await client.send(new GetFunctionConfigurationCommand({ FunctionName: ECHO }))
    expect(configuration).toMatchObject(expected)
    expect(configuration.LastModified).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/)
  })

  test('are listed in pages, each once', async () => {
    const names: string[] = []
    for await (const { Functions = [] } of paginateListFunctions({ client, pageSize: 2 }, {})) {
      expect(Functions.length).toBeLessThanOrEqual(2)
      names.push(...Functions.map(fn => fn.FunctionName ?? ''))
    }
    expect(names).toContain(ECHO)
    expect(new Set(names).size).toBe(names.length)
    if (!ON_AWS) expect(names).toEqual(['echo', 'friend', 'stranger'])
  })

  test('with a marker or a size that is none are not listed', async () => {
    const marker = client.send(new ListFunctionsCommand({ Marker: 'no marker' }))
    await expect(marker).rejects.toMatchObject({ name: 'InvalidParameterValueException' })
    const size = client.send(new ListFunctionsCommand({ MaxItems: 0 }))
    await expect(size).rejects.toMatchObject({ name: 'ValidationException' })
  })

  test('without policy, settings for events or reserved concurrency say so', async () => {
    const fn = { FunctionName: ECHO }
    const missing = { name: 'ResourceNotFoundException', $metadata: { httpStatusCode: 404 } }
    await expect(client.send(new GetPolicyCommand(fn))).rejects.toMatchObject(missing)
    await expect(client.send(new GetFunctionEventInvokeConfigCommand(fn))).rejects.toMatchObject(missing)
    const concurrency = await client.send(new GetFunctionConcurrencyCommand(fn))
    expect(concurrency.ReservedConcurrentExecutions).toBeUndefined()
  })

  localOnly('made by the template')('tell policy, settings for events and reserved concurrency', async () => {
    const fn = { FunctionName: 'friend' }
    const { Policy = '' } = await client.send(new GetPolicyCommand(fn))
    expect(JSON.parse(Policy)).toMatchObject({
      Statement: [{ Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' } }],
    })
    expect(await client.send(new GetFunctionEventInvokeConfigCommand(fn))).toMatchObject({
      MaximumRetryAttempts: 1,
      MaximumEventAgeInSeconds: 21_600,
      LastModified: expect.any(Date),
    })
    expect(await client.send(new GetFunctionConcurrencyCommand(fn))).toMatchObject({
      ReservedConcurrentExecutions: 2,
    })
  })
})
