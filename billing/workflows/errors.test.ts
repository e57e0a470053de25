import { expect, test } from 'vitest'
import { TransientError } from '../stripe/failure.ts'
import { CloseHeld, toStepError } from './errors.ts'

const named = (name: string, more: object = {}) => Object.assign(new Error('why'), { name, ...more })

test.each([
  ['DynamoDB', named('DynamoError')],
  ['another service', named('InvokeError')],
  ['the bus', named('PublishError')],
  ['throttling', named('ThrottlingException')],
  ['a fault of an AWS service', named('InternalServerError', { $fault: 'server' })],
])('trouble of %s gets the name that machines retry, and keeps its cause', (_, error) => {
  const stepError = toStepError(error)
  expect(stepError).toBeInstanceOf(TransientError)
  expect(stepError).toMatchObject({ message: `${error.name}: why`, cause: error })
})

test.each([
  ['a held close', new CloseHeld('why')],
  ['a refusal of an AWS service', named('ValidationException', { $fault: 'client' })],
  ['what is transient already', new TransientError('why')],
  ['a defect', new TypeError('why')],
  ['what is no error', 'why'],
])('%s is thrown on as it is', (_, error) => {
  expect(toStepError(error)).toBe(error)
})
