import Stripe from 'stripe'
import { expect, test } from 'vitest'
import { callStripe, sortStripeFailure } from './failure.ts'

const { errors } = Stripe
const raw = (statusCode: number, message: string, code?: string) => ({
  ...{ type: 'invalid_request_error' as const, message, statusCode, headers: {} },
  ...(code && { code }),
})

test.each([
  [
    'duplicate_identifier',
    new errors.StripeInvalidRequestError(raw(400, 'An event already exists with identifier use_1.')),
  ],
  [
    'terminal',
    new errors.StripeInvalidRequestError(
      raw(400, 'The event timestamp cannot be more than 35 days in past.'),
    ),
  ],
  ['terminal', new errors.StripeInvalidRequestError(raw(404, 'No such invoice', 'resource_missing'))],
  ['terminal', new errors.StripeCardError({ ...raw(402, 'declined'), type: 'card_error' })],
  ['terminal', new errors.StripeAuthenticationError(raw(401, 'Invalid API Key'))],
  ['terminal', new errors.StripeIdempotencyError(raw(400, 'same key, other parameters'))],
  ['transient', new errors.StripeConnectionError(raw(0, 'socket hang up'))],
  ['transient', new errors.StripeAPIError(raw(500, 'boom'))],
  ['transient', new errors.StripeAPIError(raw(409, 'key in use'))],
  ['transient', new errors.StripeRateLimitError(raw(429, 'slow down'))],
  ['transient', new errors.StripeInvalidRequestError(raw(429, 'lock', 'lock_timeout'))],
  ['transient', new errors.StripeInvalidRequestError(raw(424, 'a party behind Stripe failed'))],
  ['transient', new errors.StripeInvalidRequestError(raw(500, 'boom'))],
  ['terminal', new errors.StripeInvalidRequestError(raw(499, 'refused'))],
  ['not_stripe', new TypeError('x is undefined')],
  ['not_stripe', Object.assign(new Error('of another library'), { type: 'OtherAPIError', statusCode: 500 })],
])('%s: %s', (kind, error) => {
  expect(sortStripeFailure(error)).toBe(kind)
})

test('what reaches the machines has a literal name, and defects of ours keep theirs', async () => {
  const run = (error: Error) => callStripe('ask', () => Promise.reject(error))
  await expect(run(new errors.StripeAPIError(raw(500, 'boom')))).rejects.toMatchObject({
    name: 'TransientError',
  })
  const missing = new errors.StripeInvalidRequestError(raw(404, 'gone', 'resource_missing'))
  await expect(run(missing)).rejects.toMatchObject({ name: 'StripeRefused', code: 'resource_missing' })
  await expect(run(new TypeError('x'))).rejects.toMatchObject({ name: 'TypeError' })
})
