import { Agent, request } from 'node:http'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningCloud, startLocalCloud } from '../cloud.ts'
import type { Service } from '../contract.ts'
import { listServices } from '../services.ts'
import { freePorts, functionRole, lambdaFunction, writeAssembly } from '../testing/assembly.ts'
import { asRoot } from './testing/sign.ts'

const template = {
  Resources: {
    Table: {
      Type: 'AWS::DynamoDB::GlobalTable',
      Properties: {
        TableName: 'items',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        Replicas: [{ Region: 'us-east-1', DeletionProtectionEnabled: true }],
      },
    },
    Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'queue' } },
    Echo: lambdaFunction('echo', 'echo', 'EchoRole'),
    EchoRole: functionRole(),
  },
}
const ECHO = 'export const handler = async event => event'

let running: RunningCloud
let services: Service[]
let removeAssembly: () => void
const agent = new Agent({ keepAlive: true })

beforeAll(async () => {
  const assembly = writeAssembly([{ name: 'shop', template, bundles: { echo: ECHO } }])
  removeAssembly = assembly.remove
  const [aws = 0, console = 0, stripe = 0] = await freePorts(3)
  running = await startLocalCloud({
    assemblyDir: assembly.dir,
    parameters: {},
    clock: { mode: 'frozen', startAt: Date.UTC(2030, 0, 1) },
    ports: { aws, console, stripe, apis: {} },
  })
  services = listServices(running.services)
})
afterAll(async () => {
  agent.destroy()
  await running?.stop()
  removeAssembly()
})

type Sent = { method: string; path: string; headers: Record<string, string>; body: string }

/** `undefined` when the connection ended without an answer, as for a request that is no HTTP. */
function send({ method, path, headers, body }: Sent): Promise<{ status: number; text: string } | undefined> {
  const { hostname, port } = new URL(running.urls.aws)
  return new Promise((resolve, reject) => {
    const length = { 'content-length': Buffer.byteLength(body) }
    const options = { agent, hostname, port, method, path, headers: { ...headers, ...length } }
    try {
      const outgoing = request(options, response => {
        let text = ''
        response.setEncoding('utf8').on('data', part => {
          text += part
        })
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
      })
      outgoing.on('error', error =>
        'code' in error && error.code === 'ECONNREFUSED' ? reject(error) : resolve(undefined),
      )
      outgoing.end(body)
    } catch {
      // Node's own client refuses to send it.
      resolve(undefined)
    }
  })
}

async function expectNoFailureOfOurs(sent: Sent): Promise<void> {
  const answer = await send(sent)
  if (answer === undefined) return
  const said = `${sent.method} ${sent.path} ${JSON.stringify(sent.headers)} ${sent.body} → ${answer.status} ${answer.text}`
  expect(answer.status === 500 || answer.text.includes('InternalFailure'), said.slice(0, 2_000)).toBe(false)
}

const json = fc.jsonValue({ maxDepth: 3 })
const member = fc.constantFrom(
  ...['TableName', 'QueueUrl', 'FunctionName', 'Limit', 'NextToken', 'MaxResults', 'SecretId', 'UserPoolId'],
  ...['Item', 'Key', 'logGroupName', 'stateMachineArn', 'Entries', 'name', 'Name', 'toString', '__proto__'],
)
const known = fc.constantFrom(
  'items',
  'queue',
  'echo',
  'local',
  'arn:aws:lambda:us-east-1:0:function:echo',
  '',
)
const input = fc.oneof(fc.dictionary(member, fc.oneof(known, json)), json).map(value => JSON.stringify(value))
const text = fc.string({ unit: 'binary-ascii', maxLength: 20 })
const signingName = () => fc.constantFrom(...services.map(service => service.signingName), 'ec2', '', 'sts')

describe('whatever is sent, the endpoint does not fail', () => {
  test('each operation, with nothing and with anything', async () => {
    const requests = services.flatMap(service => [
      ...Object.keys(service.operations).flatMap(operation => [
        { operation, service, body: '{}' },
        ...fc
          .sample(input, { numRuns: 3, seed: operation.length })
          .map(body => ({ operation, service, body })),
      ]),
    ])
    for (const { service, operation, body } of requests) {
      const route = service.routes?.find(candidate => candidate.operation === operation)
      const form = new URLSearchParams({ Action: operation, 'A.member.1': body }).toString()
      await expectNoFailureOfOurs({
        method: route?.method ?? 'POST',
        path: route?.path.replaceAll(/\{[^}]+\}/g, 'local') ?? '/',
        headers: {
          ...asRoot(service.signingName),
          ...(service.targetPrefix && { 'x-amz-target': `${service.targetPrefix}.${operation}` }),
          ...(service.protocol === 'query' && { 'content-type': 'application/x-www-form-urlencoded' }),
        },
        body: service.protocol === 'query' ? form : body,
      })
    }
  }, 20_000)

  test('any method, path, header, encoding and body', async () => {
    const path = fc.oneof(
      fc.webPath(),
      fc.constantFrom(
        '/',
        '//',
        '/%',
        '/%ff',
        '/a/../b',
        '/?Action=GetCallerIdentity',
        '/?X-Amz-Credential=a',
      ),
      fc.webQueryParameters().map(query => `/?${query}`),
      fc.constantFrom('/2015-03-31/functions/%00/invocations', '/bucket/key?list-type=2', '*'),
    )
    const headers = fc.record(
      {
        'x-amz-target': fc.oneof(text, fc.constantFrom('DynamoDB_20120810.GetItem', 'AmazonSQS.', '.', '')),
        'content-type': fc.constantFrom(
          'application/x-www-form-urlencoded',
          'application/x-amz-json-1.0',
          'x',
        ),
        'content-encoding': fc.constantFrom('gzip', 'aws-chunked', 'br', 'gzip, aws-chunked'),
        'x-amz-content-sha256': fc.constantFrom(
          'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
          'UNSIGNED-PAYLOAD',
          'f',
        ),
        'smithy-protocol': fc.constant('rpc-v2-cbor'),
        'x-amzn-query-mode': fc.constant('true'),
        'x-amz-date': text,
        authorization: fc.oneof(
          signingName().map(name => asRoot(name).authorization),
          text.map(garbage => `AWS4-HMAC-SHA256 ${garbage}`),
          fc.constantFrom('Bearer x', 'AWS4-', 'AWS4-HMAC-SHA256 Credential=, SignedHeaders=, Signature='),
        ),
      },
      { requiredKeys: [] },
    )
    const body = fc.oneof(
      input,
      text,
      fc.constantFrom('', '{', '[', '"', '{"a":'.repeat(500), 'Action=Publish', 'Action=&Action=', '5\r\nab'),
      fc.dictionary(fc.string(), fc.string()).map(form => new URLSearchParams(form).toString()),
    )
    const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS')
    const sent = fc.record({ method, path, headers, body })
    await fc.assert(fc.asyncProperty(sent, expectNoFailureOfOurs), { numRuns: 700 })
  }, 20_000)

  test('the cloud works afterwards', async () => {
    const root = { kind: 'root' } as const
    const Item = { pk: { S: 'after' } }
    await running.cloud.call('dynamodb', 'PutItem', { TableName: 'items', Item }, root)
    const read = await running.cloud.call('dynamodb', 'GetItem', { TableName: 'items', Key: Item }, root)
    expect(read).toEqual({ Item })
    expect((await running.cloud.invoke('echo', '{"a":1}', root)).payload).toBe('{"a":1}')
    await running.clock.whenIdle()
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  })
})
