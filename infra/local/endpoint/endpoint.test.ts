import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { RawResponse, type Service, ServiceError } from '../contract.ts'
import { type FakeCloud, fakeCloud } from '../testing/fake-cloud.ts'
import { createDispatcher } from './dispatch.ts'
import { createEndpoint } from './endpoint.ts'

const START = Date.UTC(2030, 0, 1)

const json: Service = {
  name: 'states',
  signingName: 'states',
  protocol: 'json',
  targetPrefix: 'AWSStepFunctions',
  jsonVersion: '1.0',
  operations: {
    Echo: (input, context) => ({
      input,
      identity: context.identity,
      at: new Date(1_500),
      bytes: Buffer.from('hi'),
      none: undefined,
    }),
    Missing: () => {
      throw new ServiceError('StateMachineDoesNotExist', 'State Machine Does Not Exist: x', 400, {
        reason: 'gone',
      })
    },
    Denied: () => {
      throw new ServiceError('AccessDeniedException', 'not you', 403)
    },
    Broken: () => (undefined as unknown as { a: { b: string } }).a.b,
  },
  resources: {},
}

const rest: Service = {
  name: 'apigateway',
  signingName: 'apigateway',
  protocol: 'rest-json',
  routes: [
    { method: 'GET', path: '/apikeys/{apiKey}', operation: 'Echo' },
    { method: 'GET', path: '/apikeys/special', operation: 'Special' },
    { method: 'PUT', path: '/tags/{resourceArn+}', operation: 'Echo', status: 204 },
    { method: 'POST', path: '/apikeys', operation: 'Echo', status: 201 },
    {
      method: 'POST',
      path: '/raw/{name}',
      operation: 'Raw',
      rawBody: 'Payload',
      headers: { 'x-amz-kind': 'Kind' },
    },
    { method: 'DELETE', path: '/apikeys/{apiKey}', operation: 'Nothing', status: 202 },
    { method: 'GET', path: '/denied', operation: 'Denied' },
  ],
  operations: {
    Echo: input => input,
    Special: () => ({ special: true }),
    Raw: input =>
      new RawResponse(218, { 'x-own': input.Kind }, `<${input.Payload.toString()}> for ${input.name}`),
    Nothing: () => undefined,
    Denied: () => {
      throw new ServiceError('AccessDeniedException', 'not you', 403)
    },
  },
  resources: {},
  http: (method, path) =>
    path === '/pool/jwks.json' ? { status: 200, headers: {}, body: `${method} keys` } : undefined,
}

let cloud: FakeCloud
let server: Server
let url: string

beforeEach(async () => {
  cloud = fakeCloud(START)
  server = createEndpoint({
    cloud,
    services: [json, rest],
    dispatch: createDispatcher(cloud),
    identityOf: key =>
      key === 'ASIAFN' ? { kind: 'role', roleArn: 'arn:role', sessionName: 'fn' } : { kind: 'root' },
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterEach(() => {
  server.closeAllConnections()
  server.close()
})

const signed = (service: string, key = 'AKIDLOCAL') => ({
  authorization: `AWS4-HMAC-SHA256 Credential=${key}/20300101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
})

async function target(operation: string, body = '{}', headers = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'x-amz-target': operation, 'content-type': 'application/x-amz-json-1.0', ...headers },
    body,
  })
  return { response, body: (await response.json()) as Record<string, unknown> }
}

async function call(method: string, path: string, body?: string, headers = {}) {
  const response = await fetch(url + path, {
    method,
    headers: { ...signed('apigateway'), ...headers },
    ...(body ? { body } : {}),
  })
  return { response, text: await response.text() }
}

describe('a JSON service', () => {
  test('is found by target and told who signs; dates leave as epoch seconds, bytes as base64', async () => {
    const { response, body } = await target('AWSStepFunctions.Echo', '{"a":1}', signed('states', 'ASIAFN'))
    expect(response.status).toBe(200)
    expect(body).toEqual({
      input: { a: 1 },
      identity: { kind: 'role', roleArn: 'arn:role', sessionName: 'fn' },
      at: 1.5,
      bytes: 'aGk=',
    })
    expect(response.headers.get('content-type')).toBe('application/x-amz-json-1.0')
    expect(response.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('answers on the local clock', async () => {
    const { response } = await target('AWSStepFunctions.Echo')
    expect(response.headers.get('date')).toBe('Tue, 01 Jan 2030 00:00:00 GMT')
  })

  test('fails with its type, message and details', async () => {
    const { response, body } = await target('AWSStepFunctions.Missing')
    expect(response.status).toBe(400)
    expect(body).toEqual({
      __type: 'StateMachineDoesNotExist',
      message: 'State Machine Does Not Exist: x',
      reason: 'gone',
    })
    expect(response.headers.get('x-amzn-errortype')).toBe('StateMachineDoesNotExist')
  })

  test.each([
    [
      'an operation AWS may have',
      'AWSStepFunctions.TestState',
      '{}',
      501,
      'NotSupportedByLocalCloud',
      /TestState of states/,
    ],
    ['an inherited name', 'AWSStepFunctions.toString', '{}', 501, 'NotSupportedByLocalCloud', /toString/],
    ['an unknown service', 'Nobody_2020.Echo', '{}', 400, 'UnknownOperationException', /Nobody_2020/],
    ['a body that is no JSON', 'AWSStepFunctions.Echo', '{', 400, 'SerializationException', /JSON/],
    ['a body that is no object', 'AWSStepFunctions.Echo', '[1]', 400, 'SerializationException', /structure/],
    ['a failure of the emulator', 'AWSStepFunctions.Broken', '{}', 500, 'InternalFailure', /undefined/],
    ['a refused call', 'AWSStepFunctions.Denied', '{}', 400, 'AccessDeniedException', /not you/],
  ])('refuses %s', async (_name, operation, body, status, type, message) => {
    const answer = await target(operation, body)
    expect(answer.response.status).toBe(status)
    expect(answer.body.__type).toBe(type)
    expect(answer.body.message).toMatch(message)
  })
})

describe('a REST service', () => {
  test('gets body, query and path as one input', async () => {
    const { text } = await call('GET', '/apikeys/a%2Fb?limit=5&tag=x&tag=y')
    expect(JSON.parse(text)).toEqual({ apiKey: 'a/b', limit: '5', tag: ['x', 'y'] })
    const created = await call('POST', '/apikeys', '{"name":"n"}')
    expect(created.response.status).toBe(201)
    expect(JSON.parse(created.text)).toEqual({ name: 'n' })
  })

  test('prefers a literal path to a label', async () => {
    expect((await call('GET', '/apikeys/special')).text).toBe('{"special":true}')
  })

  test('takes and sends bodies as they are where it says so', async () => {
    const { response, text } = await call('POST', '/raw/fn', 'no json', { 'x-amz-kind': 'Event' })
    expect(response.status).toBe(218)
    expect(response.headers.get('x-own')).toBe('Event')
    expect(text).toBe('<no json> for fn')
  })

  test('sends no body when there is nothing to say', async () => {
    const { response, text } = await call('DELETE', '/apikeys/k')
    expect(response.status).toBe(202)
    expect(text).toBe('')
  })

  test('fails with its type in a header', async () => {
    const { response, text } = await call('GET', '/denied')
    expect(response.status).toBe(403)
    expect(response.headers.get('x-amzn-errortype')).toBe('AccessDeniedException')
    expect(JSON.parse(text)).toEqual({ message: 'not you' })
  })

  test('refuses paths it does not have by name', async () => {
    const { response, text } = await call('GET', '/vpclinks')
    expect(response.status).toBe(501)
    expect(text).toContain('GET /vpclinks of apigateway')
  })
})

test('plain routes are served unsigned', async () => {
  const response = await fetch(`${url}/pool/jwks.json`)
  expect(await response.text()).toBe('GET keys')
})

test('what is neither signed nor a plain route is refused', async () => {
  const response = await fetch(`${url}/anything`)
  expect(response.status).toBe(403)
  expect(response.headers.get('x-amzn-errortype')).toBe('MissingAuthenticationTokenException')
})

test('a service that speaks the query protocol is refused in XML, naming the action', async () => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...signed('sns'), 'content-type': 'application/x-www-form-urlencoded' },
    body: 'Action=Publish&Message=x',
  })
  expect(response.status).toBe(501)
  expect(await response.text()).toMatch(/<ErrorResponse><Error>.*Publish of sns/)
})
