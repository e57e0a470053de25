import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { Identity } from '../../contract.ts'
import { fakeCloud, ROOT } from '../../testing/fake-cloud.ts'
import { type LambdaSetup, type LambdaSetupOptions, setUpLambda } from './testing/set-up.ts'

const MINUTE = 60_000
const FAILING = `export const handler = async () => { throw new Error('no') }`
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:dead'

const cleanUp: (() => void | Promise<void>)[] = []
afterEach(async () => {
  for (const clean of cleanUp.splice(0).reverse()) await clean()
})

async function setUp(code: string, properties = {}, options: LambdaSetupOptions = {}): Promise<LambdaSetup> {
  const setup = await setUpLambda(code, properties, options)
  cleanUp.push(setup.remove)
  return setup
}

const count = ({ lambda }: LambdaSetup) => lambda.functions()[0]?.invocations.length

async function eventInvokeConfig({ lambda }: LambdaSetup, properties: object): Promise<void> {
  await lambda.resources['AWS::Lambda::EventInvokeConfig']?.({
    stackName: 's',
    logicalId: 'Config',
    type: 'AWS::Lambda::EventInvokeConfig',
    assemblyDir: '',
    properties: { FunctionName: 'fn', Qualifier: '$LATEST', ...properties },
  })
}

describe('an event', () => {
  test('that fails is tried again after one and two minutes of local time, then goes to both dead ends', async () => {
    const setup = await setUp(FAILING, { DeadLetterConfig: { TargetArn: QUEUE } })
    await eventInvokeConfig(setup, {
      DestinationConfig: { OnFailure: { Destination: 'arn:aws:sqs:us-east-1:0:failed' } },
    })
    const { clock } = setup.cloud
    setup.lambda.invokeAsync('fn', '{"a":1}', ROOT)
    await clock.whenIdle()
    expect(count(setup)).toBe(1)
    await clock.advanceTo(clock.now() + MINUTE)
    expect(count(setup)).toBe(2)
    expect(setup.deadLetters).toEqual([])
    await clock.advanceTo(clock.now() + 2 * MINUTE)
    expect(count(setup)).toBe(3)
    expect(setup.deadLetters).toMatchObject([
      { body: '{"a":1}', attributes: { ErrorCode: '200', ErrorMessage: 'no' } },
    ])
    expect(setup.cloud.delivered).toMatchObject([
      {
        arn: 'arn:aws:sqs:us-east-1:0:failed',
        event: {
          version: '1.0',
          timestamp: '2026-01-01T00:03:00.000Z',
          requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
          requestPayload: { a: 1 },
          responseContext: { functionError: 'Unhandled' },
          responsePayload: { errorMessage: 'no' },
        },
      },
    ])
    const ids = setup.lambda.functions()[0]?.invocations.map(invocation => invocation.requestId)
    expect(new Set(ids).size).toBe(1)
  })

  test('is not retried when the function says so', async () => {
    const setup = await setUp(FAILING)
    await eventInvokeConfig(setup, { MaximumRetryAttempts: 0 })
    setup.lambda.invokeAsync('fn', '{}', ROOT)
    await setup.cloud.clock.advanceTo(setup.cloud.clock.now() + 60 * MINUTE)
    expect(count(setup)).toBe(1)
  })

  test('is given up before a retry that would come after its greatest age', async () => {
    const setup = await setUp(FAILING, { DeadLetterConfig: { TargetArn: QUEUE } })
    await eventInvokeConfig(setup, { MaximumEventAgeInSeconds: 60 })
    setup.lambda.invokeAsync('fn', '{}', ROOT)
    await setup.cloud.clock.advanceTo(setup.cloud.clock.now() + 60 * MINUTE)
    expect(count(setup)).toBe(2)
    expect(setup.deadLetters).toHaveLength(1)
  })

  test('that is throttled waits until there is room, without counting as failed', async () => {
    const setup = await setUp('export const handler = async () => 1', { ReservedConcurrentExecutions: 1 })
    for (let n = 0; n < 3; n++) setup.lambda.invokeAsync('fn', '{}', ROOT)
    await setup.cloud.clock.advanceTo(setup.cloud.clock.now() + MINUTE)
    const failed = setup.lambda.functions()[0]?.invocations.map(invocation => invocation.failed)
    expect(failed).toEqual([false, false, false])
  })

  test('of a function that may not run at all goes to the dead letters at once', async () => {
    const setup = await setUp(FAILING, {
      ReservedConcurrentExecutions: 0,
      DeadLetterConfig: { TargetArn: QUEUE },
    })
    setup.lambda.invokeAsync('fn', '{}', ROOT)
    await setup.cloud.clock.whenIdle()
    expect(setup.deadLetters).toMatchObject([{ attributes: { ErrorCode: '429' } }])
    expect(count(setup)).toBe(0)
  })

  test('keeps the clock waiting until it has run', async () => {
    const setup = await setUp('export const handler = async () => new Promise(r => setTimeout(r, 100))')
    setup.lambda.invokeAsync('fn', '{}', ROOT)
    await setup.cloud.clock.advanceTo(setup.cloud.clock.now() + MINUTE)
    expect(setup.lambda.functions()[0]?.invocations[0]?.startedAt).toBe(Date.UTC(2026, 0, 1))
  })

  test('that a destination does not take still reaches the dead letters', async () => {
    const setup = await setUp(FAILING, { DeadLetterConfig: { TargetArn: QUEUE } })
    await eventInvokeConfig(setup, {
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination: QUEUE } },
    })
    setup.cloud.deliver = () => Promise.reject(new Error('no such queue'))
    setup.lambda.invokeAsync('fn', '{}', ROOT)
    await setup.cloud.clock.whenIdle()
    expect(setup.deadLetters).toHaveLength(1)
  })

  test('that waits for its retry survives a restart, with its age and its attempts', async () => {
    const before = await setUp(FAILING)
    before.lambda.invokeAsync('fn', '{"a":1}', ROOT)
    const { clock } = before.cloud
    await clock.advanceTo(clock.now() + MINUTE)
    const kept = structuredClone({ state: before.lambda.snapshot?.(), timers: clock.timers() })

    const cloud = fakeCloud(clock.now())
    const after = await setUp(FAILING, { DeadLetterConfig: { TargetArn: QUEUE } }, { cloud })
    await after.lambda.restore?.(kept.state)
    cloud.clock.restoreTimers(kept.timers)
    expect(count(after)).toBe(2)
    await cloud.clock.advanceTo(Date.UTC(2026, 0, 1) + 3 * MINUTE - 1)
    expect(count(after)).toBe(2)
    await cloud.clock.advanceTo(Date.UTC(2026, 0, 1) + 3 * MINUTE)
    expect(count(after)).toBe(3)
    expect(after.deadLetters).toMatchObject([{ body: '{"a":1}' }])
    const ids = after.lambda.functions()[0]?.invocations.map(invocation => invocation.requestId)
    expect(new Set(ids).size).toBe(1)
  })
})

test('an environment that is stopped between two effects ends its event with Lambda’s error, and the event is tried again', async () => {
  const effects: string[] = []
  let stop: () => void = () => undefined
  const server = createServer((request, response) => {
    effects.push(request.url ?? '')
    // The first effect has happened; the environment hears of it no more.
    if (effects.length === 1) stop()
    else response.end('ok')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  cleanUp.push(() => new Promise(resolve => server.close(() => resolve())))
  cleanUp.push(() => server.closeAllConnections())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  let caller: Identity = ROOT
  const code = `export const handler = async () => {
    for (const effect of ['/first', '/second']) await fetch('${url}' + effect)
  }`
  const accessKeyFor = (roleArn: string, sessionName: string, environmentId: string) => {
    caller = { kind: 'role', roleArn, sessionName, environmentId }
    return 'ASIATEST'
  }
  const setup = await setUp(code, { Timeout: 20 }, { accessKeyFor })
  stop = () => setup.lambda.stopEnvironmentOf(caller)

  const { clock } = setup.cloud
  setup.lambda.invokeAsync('fn', '{}', ROOT)
  await clock.whenIdle()
  const [stopped] = setup.lambda.functions()[0]?.invocations ?? []
  expect(JSON.parse(stopped?.result ?? '')).toEqual({
    errorType: 'Runtime.ExitError',
    errorMessage: expect.stringMatching(/^RequestId: [\w-]+ Error: Runtime exited/),
  })
  expect(effects).toEqual(['/first'])

  await clock.advanceTo(clock.now() + MINUTE)
  expect(effects).toEqual(['/first', '/first', '/second'])
  expect(setup.lambda.functions()[0]?.invocations[0]).toMatchObject({ failed: false, coldStart: true })
})
