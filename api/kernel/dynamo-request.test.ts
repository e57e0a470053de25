import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readAwsEnvironment } from './config.ts'
import { createSend, DynamoError } from './dynamo-request.ts'
import { createDynamoTable } from './dynamo-table.ts'

type Answer = (response: ServerResponse) => void
const failWith =
  (status: number, type: string): Answer =>
  response => {
    response
      .writeHead(status)
      .end(JSON.stringify({ __type: `com.amazonaws.dynamodb#${type}`, message: 'no' }))
  }
const hangUp: Answer = response => void response.socket?.destroy()
const done: Answer = response => void response.end('{"Attributes":{"pk":{"S":"p"},"sk":{"S":"s"}}}')

let server: Server
let answers: Answer[]
let seen: { target: unknown; authorization: string; connection: number | undefined }[]
let credentials: { accessKeyId: string }[]
let waits: number[]

beforeEach(async () => {
  answers = []
  seen = []
  waits = []
  credentials = []
  server = createServer((request, response) => {
    seen.push({
      target: request.headers['x-amz-target'],
      authorization: request.headers.authorization ?? '',
      connection: request.socket.remotePort,
    })
    request.resume().on('end', () => (answers.shift() ?? done)(response))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise(resolve => server.close(resolve))
})

const send = () =>
  createSend(
    () => ({
      region: 'eu-central-1',
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      accessKeyId: 'first',
      secretAccessKey: 'secret',
      sessionToken: undefined,
      ...credentials.shift(),
    }),
    async ms => waits.push(ms),
  )
const table = () => createDynamoTable('t', send())
const key = { pk: 'p', sk: 's' }

describe('a request to DynamoDB', () => {
  test('is signed for the service and names its operation', async () => {
    await table().get(key)
    expect(seen[0]?.target).toBe('DynamoDB_20120810.GetItem')
    expect(seen[0]?.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=first\/\d{8}\/eu-central-1\/dynamodb\/aws4_request/,
    )
  })

  test('uses one connection for many requests', async () => {
    const asked = table()
    for (let n = 0; n < 3; n++) await asked.get(key)
    expect(new Set(seen.map(({ connection }) => connection)).size).toBe(1)
  })

  test.each([
    ['throttling', failWith(400, 'ProvisionedThroughputExceededException')],
    ['an error of the service', failWith(500, 'InternalServerError')],
    ['a lost connection', hangUp],
  ])('is repeated with growing, jittered waits after %s', async (_what, answer) => {
    answers = [answer, answer]
    expect(await table().put(key)).toBe(true)
    expect(seen).toHaveLength(3)
    expect(waits.every((ms, n) => ms <= 25 * 2 ** n)).toBe(true)
  })

  test('is given up after six attempts', async () => {
    answers = Array.from({ length: 9 }, () => failWith(500, 'InternalServerError'))
    await expect(table().get(key)).rejects.toMatchObject({
      code: 'InternalServerError',
      outcomeUnknown: true,
    })
    expect(seen).toHaveLength(6)
  })

  test('that adds is not repeated when it may have been done: it would count twice', async () => {
    answers = [hangUp]
    await expect(table().update(key, [{ add: 'n', by: 1 }])).rejects.toMatchObject({
      code: 'NetworkError',
      outcomeUnknown: true,
    })
    expect(seen).toHaveLength(1)
  })

  test('that adds is repeated when it was certainly not done', async () => {
    answers = [failWith(400, 'ThrottlingException')]
    expect(await table().update(key, [{ add: 'n', by: 1 }])).toEqual(key)
    expect(seen).toHaveLength(2)
  })

  test('that is wrong is not repeated', async () => {
    answers = [failWith(400, 'ValidationException')]
    await expect(table().get(key)).rejects.toThrow(DynamoError)
    expect(seen).toHaveLength(1)
  })

  test('with expired credentials is repeated with the ones that are there by then', async () => {
    answers = [failWith(400, 'ExpiredTokenException')]
    credentials = [{ accessKeyId: 'old' }, { accessKeyId: 'new' }]
    await table().get(key)
    expect(seen.map(({ authorization }) => /Credential=(\w+)/.exec(authorization)?.[1])).toEqual([
      'old',
      'new',
    ])
  })
})

describe('the environment', () => {
  const base = { AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' }
  const endpointOf = (env: object) => readAwsEnvironment('dynamodb', { ...base, ...env }).endpoint

  test('names the endpoint as for the SDKs', () => {
    expect(endpointOf({})).toBe('https://dynamodb.eu-central-1.amazonaws.com')
    expect(endpointOf({ AWS_ENDPOINT_URL: 'http://all' })).toBe('http://all')
    expect(endpointOf({ AWS_ENDPOINT_URL: 'http://all', AWS_ENDPOINT_URL_DYNAMODB: 'http://one' })).toBe(
      'http://one',
    )
  })

  test('without credentials says which variable is missing', () => {
    expect(() => readAwsEnvironment('dynamodb', { ...base, AWS_ACCESS_KEY_ID: '' })).toThrow(
      /AWS_ACCESS_KEY_ID/,
    )
  })
})
