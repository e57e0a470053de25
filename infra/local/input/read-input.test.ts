import { expect, test } from 'vitest'
import { z } from 'zod'
import { ServiceError, UnsupportedError } from '../contract.ts'
import { jsonDepth } from './json-depth.ts'
import { choice, integer, list, queryInteger, text } from './members.ts'
import { readInput } from './read-input.ts'
import { matchesParts } from './wildcard.ts'

const schema = z.strictObject({
  Name: text({ min: 1, max: 5, pattern: '[a-z]+' }),
  Count: z.optional(integer(0, 9)),
  Deep: z.optional(z.boolean()),
  State: z.optional(choice('ON', 'OFF')),
  Entries: z.optional(list(z.strictObject({ Id: text({ max: 2 }) }), { max: 2 })),
  Tags: z.optional(z.record(z.string(), z.string())),
  Limit: z.optional(queryInteger(1, 9)),
})
const read = (given: unknown, missing?: (member: string) => ServiceError) =>
  readInput(
    { service: 'shop', invalid: 'ValidationException', ...(missing && { missing }) },
    'Buy',
    schema,
    given,
  )

test('sound input is read, a null member counts as absent, a number of a query is a number', () => {
  expect(read({ Name: 'a', Count: null, Limit: '7' })).toEqual({ Name: 'a', Limit: 7 })
})

test('a member that the local cloud does not know is refused by name, wherever it stands', () => {
  expect(() => read({ Name: 'a', Colour: 1 })).toThrow(UnsupportedError)
  expect(() => read({ Name: 'a', Colour: 1 })).toThrow('shop Buy: Colour')
  expect(() => read({ Name: 'a', Entries: [{ Id: 'a', Odd: 1 }] })).toThrow('shop Buy: Entries.0.Odd')
  expect(() => read(JSON.parse('{"Name":"a","__proto__":{"x":1}}'))).toThrow('shop Buy: __proto__')
})

test.each([
  [{ Name: 5 }, 'NUMBER_VALUE can not be converted to a String'],
  [{ Name: ['a'] }, 'Start of list found where not expected'],
  [{ Name: {} }, 'Start of structure or map found where not expected.'],
  [{ Name: 'a', Count: 'x' }, 'STRING_VALUE can not be converted to an Integer'],
  [{ Name: 'a', Deep: 'true' }, 'STRING_VALUE can not be converted to a Boolean'],
  [{ Name: true }, 'TRUE_VALUE can not be converted to a String'],
  [{ Name: 'a', State: 1 }, 'NUMBER_VALUE can not be converted to a String'],
  [{ Name: 'a', Entries: 'x' }, 'Expected list or null'],
  [{ Name: 'a', Tags: 'x' }, 'Expected map or null'],
  ['x', 'Expected map or null'],
])('%j is of a wrong type', (given, message) => {
  expect(() => read(given)).toThrow(expect.objectContaining({ code: 'SerializationException', message }))
})

test.each([
  [{}, "Value null at 'name' failed to satisfy constraint: Member must not be null"],
  [
    { Name: 'A' },
    "Value 'A' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-z]+",
  ],
  [
    { Name: 'a', Count: 10 },
    "Value '10' at 'count' failed to satisfy constraint: Member must have value less than or equal to 9",
  ],
  [
    { Name: 'a', State: 'X' },
    "Value 'X' at 'state' failed to satisfy constraint: Member must satisfy enum value set: [ON, OFF]",
  ],
  [
    { Name: 'a', Entries: [{ Id: 'abc' }] },
    "Value 'abc' at 'entries.1.member.id' failed to satisfy constraint: Member must have length less than or equal to 2",
  ],
])('%j breaks a constraint', (given, reason) => {
  const message = `1 validation error detected: ${reason}`
  expect(() => read(given)).toThrow(expect.objectContaining({ code: 'ValidationException', message }))
})

test('every broken constraint is told, by name and value', () => {
  expect(() => read({ Name: '', Count: -1 })).toThrow(
    "3 validation errors detected: Value '' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 1; Value '' at 'name'",
  )
})

test('a service may have words of its own for what is missing', () => {
  const missing = (member: string) => new ServiceError('MissingParameter', member)
  expect(() => read({}, missing)).toThrow(
    expect.objectContaining({ code: 'MissingParameter', message: 'Name' }),
  )
})

test.each([
  ['', '', true],
  ['a', 'a', true],
  ['a', 'ab', false],
  ['*', '', true],
  ['a*', 'abc', true],
  ['*c', 'abc', true],
  ['a*c', 'ac', true],
  ['ab*bc', 'abc', false],
  ['a*b*c', 'axbxc', true],
  ['a*b*b', 'ab', false],
  ['*a*a*', 'a', false],
])('the wildcard %s on %s is %s', (pattern, given, expected) => {
  expect(matchesParts(pattern.split('*'), given)).toBe(expected)
})

test('the depth of a text counts brackets and not those in strings', () => {
  expect(jsonDepth('{"a":[{"b":"[[[["}]}')).toBe(3)
  expect(jsonDepth('"\\"[["')).toBe(0)
})
