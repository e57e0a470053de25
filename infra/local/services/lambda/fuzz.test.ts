import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { RawResponse, ServiceError, UnsupportedError } from '../../contract.ts'
import { ROOT } from '../../testing/fake-cloud.ts'
import { type LambdaSetup, setUpLambda } from './testing/set-up.ts'

let setup: LambdaSetup
beforeAll(async () => {
  setup = await setUpLambda('export const handler = async event => event ?? null')
})
afterAll(() => setup.remove())

const MEMBERS = ['FunctionName', 'Payload', 'InvocationType', 'LogType', 'Qualifier', 'Marker', 'MaxItems']
const name = fc.oneof(
  fc.constantFrom('fn', 'fn:$LATEST', 'fn:7', 'arn:aws:lambda:us-east-1:000000000000:function:fn'),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '',
    ' ',
    '../fn',
    'a'.repeat(200),
  ),
  fc.string(),
)
const value = fc.oneof(
  name,
  fc.constantFrom('Event', 'RequestResponse', 'DryRun', 'Tail', 'ALL', '{}', '{', 'null', '-1', '1e9', '3'),
  fc.string({ unit: 'binary' }).map(text => Buffer.from(text)),
  fc.jsonValue(),
  fc.anything(),
)
const input = fc
  .tuple(
    name,
    fc.dictionary(fc.oneof(fc.constantFrom(...MEMBERS, '__proto__', 'constructor'), fc.string()), value),
  )
  .map(([FunctionName, others]) => ({ FunctionName, ...others }))

test('whatever an operation is asked, it answers or refuses as AWS or as not supported, and goes on working', async () => {
  const { operations } = setup.lambda
  const context = { identity: ROOT, requestId: 'r', authorize: () => undefined }
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...Object.keys(operations)), input, async (operation, members) => {
      try {
        const answer = await operations[operation]?.(members, context)
        if (answer instanceof RawResponse) expect(answer.status).toBeLessThan(300)
      } catch (error) {
        if (error instanceof UnsupportedError) return
        expect(error).toBeInstanceOf(ServiceError)
        if (error instanceof ServiceError) expect(error.status).toBeLessThan(500)
      }
    }),
    { numRuns: 1_000 },
  )
  await setup.cloud.clock.whenIdle()
  expect((await setup.lambda.invoke('fn', '{"still":"here"}', ROOT)).payload).toBe('{"still":"here"}')
  expect(setup.lambda.functions().map(fn => fn.name)).toEqual(['fn'])
})

test('whatever JSON an event holds, the function gets it and its answer comes back', async () => {
  const event = fc.oneof(
    fc.jsonValue(),
    fc
      .constantFrom('{"__proto__":{"polluted":true}}', '"\\u2028"', '[[[[]]]]', '1e400', '-0')
      .map(text => JSON.parse(text)),
  )
  await fc.assert(
    fc.asyncProperty(event, async sent => {
      const { payload, functionError } = await setup.lambda.invoke('fn', JSON.stringify(sent), ROOT)
      expect(functionError).toBeUndefined()
      expect(payload).toBe(JSON.stringify(sent))
    }),
    { numRuns: 300 },
  )
})

test.each([
  ['Invoke', { FunctionName: 7 }, 'SerializationException'],
  ['Invoke', {}, 'ValidationException'],
  ['Invoke', { FunctionName: 'fn', InvocationType: 'Sometimes' }, 'ValidationException'],
  ['ListFunctions', { Marker: {} }, 'SerializationException'],
  ['ListFunctions', { MaxItems: 'many' }, 'SerializationException'],
  ['ListFunctions', { MaxItems: ['1', '2'] }, 'SerializationException'],
  ['GetFunction', { FunctionName: 'fn:1', Qualifier: '2' }, 'InvalidParameterValueException'],
  [
    'GetFunction',
    { FunctionName: 'arn:aws:lambda:eu-west-1:000000000000:function:fn' },
    'ResourceNotFoundException',
  ],
])('%s of %j is refused with %3$s', async (operation, members, code) => {
  const context = { identity: ROOT, requestId: 'r', authorize: () => undefined }
  const call = async () => await setup.lambda.operations[operation]?.(members, context)
  await expect(call()).rejects.toMatchObject({ code })
})
