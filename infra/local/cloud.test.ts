import { createServer } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { type RunningCloud, startLocalCloud } from './cloud.ts'
import type { LocalCloudOptions } from './options.ts'
import { freePorts, functionRole, lambdaFunction, type TestStack, writeAssembly } from './testing/assembly.ts'

const START = Date.UTC(2026, 0, 1)
const cleanUp: (() => void | Promise<void>)[] = []

afterEach(async () => {
  for (const clean of cleanUp.splice(0).reverse()) await clean()
})

async function optionsFor(stacks: readonly TestStack[], parameters = {}): Promise<LocalCloudOptions> {
  const assembly = writeAssembly(stacks)
  cleanUp.push(assembly.remove)
  const [aws = 0, console = 0, stripe = 0] = await freePorts(3)
  return {
    assemblyDir: assembly.dir,
    parameters,
    clock: { mode: 'frozen', startAt: START },
    ports: { aws, console, stripe, apis: {} },
  }
}

async function start(stacks: readonly TestStack[], parameters = {}): Promise<RunningCloud> {
  const running = await startLocalCloud(await optionsFor(stacks, parameters))
  cleanUp.push(running.stop)
  return running
}

const ECHO = `export const handler = async (event, context) => {
  console.log('got', event)
  return { event, now: new Date().toISOString(), stage: process.env.STAGE, name: context.functionName }
}`

function echoStack(): TestStack {
  return {
    name: 'shop',
    bundles: { e1: ECHO },
    template: {
      Parameters: { Stage: { Type: 'String', Default: 'live' } },
      Resources: {
        EchoFunction: lambdaFunction('echo', 'e1', 'EchoRole', {
          Environment: { Variables: { STAGE: { Ref: 'Stage' } } },
        }),
        EchoRole: functionRole(),
      },
      Outputs: { FunctionArn: { Value: { 'Fn::GetAtt': ['EchoFunction', 'Arn'] } } },
    },
  }
}

describe('a start', () => {
  test('provisions a function from its bundle, which runs on the local clock with its parameters', async () => {
    const running = await start([echoStack()], { Stage: 'test' })
    const arn = running.outputs.shop?.FunctionArn ?? ''
    const result = await running.cloud.invoke(arn, '{"a":1}', { kind: 'root' })
    expect(JSON.parse(result.payload)).toEqual({
      event: { a: 1 },
      now: '2026-01-01T00:00:00.000Z',
      stage: 'test',
      name: 'echo',
    })
  })

  test('journals an invocation that is denied', async () => {
    const running = await start([echoStack()])
    const events = { kind: 'service', principal: 'events.amazonaws.com' } as const
    await expect(running.cloud.invoke('echo', '{}', events)).rejects.toMatchObject({
      code: 'AccessDeniedException',
    })
    expect(running.journal()[0]).toMatchObject({
      source: 'lambda',
      summary: expect.stringContaining('Invoke echo: AccessDeniedException'),
    })
  })

  test('reports every unsupported type and provisions nothing', async () => {
    const stack = echoStack()
    const template = stack.template as { Resources: Record<string, unknown> }
    Object.assign(template.Resources, {
      Queue: { Type: 'AWS::MSK::Cluster' },
      Vpc: { Type: 'AWS::EC2::VPC' },
    })
    await expect(start([stack])).rejects.toThrow(
      /shop\/Queue: .*AWS::MSK::Cluster.*\n.*shop\/Vpc: .*AWS::EC2::VPC/,
    )
  })

  test('reports every unsupported property, with stack and logical id', async () => {
    const stack: TestStack = {
      name: 'shop',
      bundles: { e1: ECHO },
      template: {
        Resources: {
          A: lambdaFunction('a', 'e1', 'Role', { SnapStart: {} }),
          B: lambdaFunction('b', 'e1', 'Role', { VpcConfig: {} }),
          Role: functionRole(),
        },
      },
    }
    await expect(start([stack])).rejects.toThrow(/shop\/A .*SnapStart.*\n.*shop\/B .*VpcConfig/)
  })

  test('with a parameter that no stack declares fails', async () => {
    await expect(start([echoStack()], { Stagee: 'test' })).rejects.toThrow('Stagee')
  })

  test('on a taken port names the port, and frees the others', async () => {
    const options = await optionsFor([echoStack()])
    const other = createServer()
    await new Promise<void>(done => other.listen(options.ports.stripe, '127.0.0.1', done))
    await expect(startLocalCloud(options)).rejects.toThrow(`Port ${options.ports.stripe} (Stripe) is in use`)
    await new Promise(done => other.close(done))
    cleanUp.push((await startLocalCloud(options)).stop)
  })

  test('that fails leaves its ports free', async () => {
    const options = await optionsFor([echoStack()], { Nobody: 'x' })
    await expect(startLocalCloud(options)).rejects.toThrow('Nobody')
    cleanUp.push((await startLocalCloud({ ...options, parameters: {} })).stop)
  })
})
