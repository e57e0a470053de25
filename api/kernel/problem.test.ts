import { expect, test } from 'vitest'
import { problem } from './problem.ts'

test('a problem document is RFC 9457 with a stable code', async () => {
  const answer = problem(
    { status: 429, code: 'quota_exceeded', title: 'Used up', detail: 'Wait.', extra: { requestId: 'r1' } },
    { 'Retry-After': '5' },
  )
  expect(answer.status).toBe(429)
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  expect(answer.headers.get('retry-after')).toBe('5')
  expect(await answer.json()).toEqual({
    type: '/docs/errors#quota_exceeded',
    title: 'Used up',
    status: 429,
    detail: 'Wait.',
    code: 'quota_exceeded',
    requestId: 'r1',
  })
})
