import { describe, expect, test } from 'vitest'
import { compileFilterPattern } from './compile.ts'

const matches = (pattern: string, message: unknown): boolean =>
  compileFilterPattern(pattern)(typeof message === 'string' ? message : JSON.stringify(message))

describe('a JSON pattern', () => {
  test.each([
    ['{ $.account = "acct_*" && $.status >= 400 }', { account: 'acct_1', status: 400 }, true],
    ['{ $.account = "acct_*" && $.status >= 400 }', { account: 'acct_1', status: 399 }, false],
    ['{ $.account = "acct_*" && $.status >= 400 }', { account: '-', status: 500 }, false],
    ['{ ($.account = "acct_*") && ($.status >= 400) }', { account: 'acct_1', status: 404 }, true],
    ['{ $.usage = "*" }', { usage: 'x' }, true],
    ['{ $.usage = * }', { usage: 5 }, true],
    ['{ $.usage = "*" }', { other: 'x' }, false],
    ['{ $.usage = "*" }', { usage: { nested: true } }, false],
    ['{ $.a = 1 || $.b = 2 && $.c = 3 }', { a: 1 }, true],
    ['{ ($.a = 1 || $.b = 2) && $.c = 3 }', { a: 1 }, false],
    ['{ $.a != "x" }', { a: 'y' }, true],
    ['{ $.a != "x" }', { a: 'x' }, false],
    ['{ $.a != "x" }', { b: 'x' }, false],
    ['{ $.n < 5 }', { n: 4.9 }, true],
    ['{ $.n < 5 }', { n: 5 }, false],
    ['{ $.n <= 5 }', { n: 5 }, true],
    ['{ $.n > -1.5e2 }', { n: -149 }, true],
    ['{ $.n > 5 }', { n: '6' }, false],
    ['{ $.n = 200 }', { n: 200 }, true],
    ['{ $.a.b = "c" }', { a: { b: 'c' } }, true],
    ['{ $.list[1].id = "b" }', { list: [{ id: 'a' }, { id: 'b' }] }, true],
    ['{ $.[\'dotted.name\'] = "x" }', { 'dotted.name': 'x' }, true],
    ['{ $.a IS NULL }', { a: null }, true],
    ['{ $.a IS NULL }', {}, false],
    ['{ $.a NOT EXISTS }', {}, true],
    ['{ $.a NOT EXISTS }', { a: null }, false],
    ['{ $.a IS TRUE }', { a: true }, true],
    ['{ $.a IS TRUE }', { a: 'true' }, false],
    ['{ $.a = "say \\"hi\\"" }', { a: 'say "hi"' }, true],
    ['{ $.a = "1.5" }', { a: '1x5' }, false],
    ['{ $.ip = 123.123.* }', { ip: '123.123.4.5' }, true],
  ])('%s on %j is %s', (pattern, message, expected) => {
    expect(matches(pattern, message)).toBe(expected)
  })

  test('never matches a line that is no JSON object', () => {
    expect(matches('{ $.a NOT EXISTS }', 'START RequestId: 1')).toBe(false)
    expect(matches('{ $.a NOT EXISTS }', '{ broken')).toBe(false)
  })
})

describe('a text pattern', () => {
  test.each([
    ['', 'anything', true],
    ['ERROR', 'an ERROR here', true],
    ['ERROR', 'an error here', false],
    ['ERROR Exception', 'ERROR: Exception', true],
    ['ERROR Exception', 'ERROR only', false],
    ['"failed to process"', 'it failed to process it', true],
    ['?ERROR ?WARN', 'a WARN', true],
    ['?ERROR ?WARN', 'fine', false],
    ['ERROR -Exiting', 'ERROR Exiting', false],
    ['ERROR -"not this"', 'ERROR that', true],
  ])('%s on %s is %s', (pattern, message, expected) => {
    expect(matches(pattern, message)).toBe(expected)
  })
})

describe('a space-delimited pattern', () => {
  const line = '127.0.0.1 - alice [10/Oct/2025:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534'
  test.each([
    ['[ip, id, user, timestamp, request, status_code, size]', line, true],
    ['[ip, id, user, timestamp, request, status_code]', line, false],
    ['[ip, id, user, timestamp, request =*.html*, status_code = 4*, size]', line, true],
    ['[ip, id, user, timestamp, request, status_code = 5*, size]', line, false],
    ['[..., status_code, size > 1000]', line, true],
    ['[..., status_code, size > 2000]', line, false],
    ['[ip, ..., size = 1534]', line, true],
    ['[ip, , user = "alice", ...]', line, true],
    ['[..., status_code = 404 || status_code = 410, size]', line, true],
    ['[..., status_code != 404 && status_code != 410, size]', line, false],
    ['[word]', 'two words', false],
  ])('%s on %s is %s', (pattern, message, expected) => {
    expect(matches(pattern, message)).toBe(expected)
  })
})

test.each([
  '[..., a, ...]',
  '[a = ]',
  '[a > x]',
  '[a = 1 &&]',
  '[1a]',
  '{ $.a = 1',
  '{ $.a = }',
  '{ $.a ~ 1 }',
  '{ a = 1 }',
  '{ $.a = 1 && }',
  '{ ($.a = 1 }',
  '{ $.a > "x" }',
  'not-quoted/term',
  '{}',
])('%s is refused as AWS refuses it', pattern => {
  expect(() => compileFilterPattern(pattern)).toThrow('Invalid filter pattern')
})

test.each(['{ $.a = %x% }', '%x%', '[a = %x%]', '{ $.list[*].id = 1 }'])(
  '%s, which AWS has and the local cloud does not, is refused by name',
  pattern => {
    expect(() => compileFilterPattern(pattern)).toThrow('The local cloud does not support')
  },
)
