import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { RawResponse, type Service, ServiceError } from '../contract.ts'
import { CutError } from '../faults.ts'
import { FUNCTION, type Served, serve } from '../testing/serve.ts'
import { asRoot, signedByFunction } from './testing/sign.ts'

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
    Slow: () => {
      throw new ServiceError('TooManyRequestsException', 'Too Many Requests', 429, {}, { 'retry-after': '5' })
    },
    Denied: () => {
      throw new ServiceError('AccessDeniedException', 'not you', 403)
    },
    Cut: () => {
      throw new CutError('cut')
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

let served: Served

beforeEach(async () => {
  served = await serve(() => [json, rest])
})
afterEach(() => served.close())

async function target(operation: string, body = '{}', headers: Record<string, string> = asRoot('states')) {
  const response = await fetch(served.url, {
    method: 'POST',
    headers: { 'x-amz-target': operation, 'content-type': 'application/x-amz-json-1.0', ...headers },
    body,
  })
  return { response, body: (await response.json()) as Record<string, unknown> }
}

async function call(method: string, path: string, body?: string, headers = {}) {
  const response = await fetch(served.url + path, {
    method,
    headers: { ...asRoot('apigateway'), ...headers },
    ...(body ? { body } : {}),
  })
  return { response, text: await response.text() }
}

describe('a JSON service', () => {
  test('is found by target and told who signs; dates leave as epoch seconds, bytes as base64', async () => {
    const headers = { 'x-amz-target': 'AWSStepFunctions.Echo', 'content-type': 'application/x-amz-json-1.0' }
    const request = { service: 'states', url: served.url, headers, body: '{"a":1}' }
    const { url, init } = await signedByFunction(request)
    const response = await fetch(url, init)
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ input: { a: 1 }, identity: FUNCTION, at: 1.5, bytes: 'aGk=' })
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

  test('says when to come again', async () => {
    const { response } = await target('AWSStepFunctions.Slow')
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '5'])
  })

  test('names its failure as the query protocol would when a client still asks for it', async () => {
    const { response } = await target('AWSStepFunctions.Denied', '{}', {
      ...asRoot('states'),
      'x-amzn-query-mode': 'true',
    })
    expect([response.status, response.headers.get('x-amzn-query-error')]).toEqual([
      403,
      'AccessDenied;Sender',
    ])
  })

  test('whose call is cut off hears nothing', async () => {
    await expect(target('AWSStepFunctions.Cut')).rejects.toThrow('fetch failed')
  })

  test.each([
    ['an operation AWS may have', 'TestState', '{}', 501, 'NotSupportedByLocalCloud', /TestState of states/],
    ['an inherited name', 'toString', '{}', 501, 'NotSupportedByLocalCloud', /toString/],
    ['a body that is no JSON', 'Echo', '{', 400, 'SerializationException', /JSON/],
    ['a body that is no object', 'Echo', '[1]', 400, 'SerializationException', /structure/],
    ['a body too deep', 'Echo', '{"a":'.repeat(300), 400, 'SerializationException', /256 levels/],
    ['a member __proto__', 'Echo', '{"\\u005f_proto__":{}}', 501, 'NotSupportedByLocalCloud', /__proto__/],
    ['a failure of the emulator', 'Broken', '{}', 500, 'InternalFailure', /undefined/],
    ['a call that is denied', 'Denied', '{}', 400, 'AccessDeniedException', /not you/],
  ])('refuses %s', async (_name, operation, body, status, type, message) => {
    const answer = await target(`AWSStepFunctions.${operation}`, body)
    expect(answer.response.status).toBe(status)
    expect(answer.body.__type).toBe(type)
    expect(answer.body.message).toMatch(message)
  })

  test('that nobody knows is refused', async () => {
    const { response, body } = await target('Nobody_2020.Echo', '{}', asRoot('nobody'))
    expect([response.status, body.__type]).toEqual([400, 'UnknownOperationException'])
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

  test('is refused by name when it is not there at all', async () => {
    const { response, text } = await call('GET', '/x', undefined, asRoot('ec2'))
    expect(response.status).toBe(501)
    expect(text).toContain('the service ec2')
  })
})

describe('an unsigned request', () => {
  test('is answered where no signature is needed', async () => {
    expect(await (await fetch(`${served.url}/pool/jwks.json`)).text()).toBe('GET keys')
    const { response, body } = await target('AWSStepFunctions.Echo', '{}', {})
    expect(response.status).toBe(200)
    expect(body.identity).toEqual({ kind: 'service', principal: 'anonymous' })
  })

  test('is told so where one is needed', async () => {
    const { response, body } = await target('AWSStepFunctions.Denied', '{}', {})
    expect([response.status, body.__type]).toEqual([400, 'MissingAuthenticationTokenException'])
    for (const path of ['/anything', '/apikeys/k']) {
      const rested = await fetch(served.url + path)
      expect(rested.status).toBe(403)
      expect(rested.headers.get('x-amzn-errortype')).toBe('MissingAuthenticationTokenException')
    }
  })
})
