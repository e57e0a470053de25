import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { messagesOf, reportFailure } from './report-failure.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'failure-'))
})
afterEach(async () => {
  vi.restoreAllMocks()
  await rm(dir, { recursive: true })
})

test('a failed start says why, and keeps the stack trace for a file', async () => {
  const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const error = new Error('shop/Queue could not be made: no such role', { cause: new Error('no such role') })
  expect(await reportFailure(error, join(dir, 'build'))).toBe(1)
  const [text] = printed.mock.calls[0] ?? []
  expect(text).toBe(
    `Tollgate could not start.\nshop/Queue could not be made: no such role\nWhere in the code: ${join(dir, 'build', 'start-failure.log')}`,
  )
  const log = await readFile(join(dir, 'build', 'start-failure.log'), 'utf8')
  expect(log).toMatch(/at .*report-failure\.test\.ts/)
  expect(log).toContain('caused by Error: no such role')
})

test.each([
  [new Error('a', { cause: new Error('b') }), ['a', 'b']],
  [new Error('a: b', { cause: new Error('b') }), ['a: b']],
  [new RangeError(), ['RangeError']],
  ['text', ['text']],
])('causes are named once', (error, expected) => {
  expect(messagesOf(error)).toEqual(expected)
})
