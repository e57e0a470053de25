import { describe, expect, test } from 'vitest'
import { matches } from './matches.ts'
import { parsePattern } from './parse.ts'

const event = {
  source: 'billing',
  'detail-type': 'invoice.closed',
  detail: {
    amount: 12.5,
    name: 'Ada',
    tags: ['a', 'b'],
    nothing: null,
    none: [],
    ip: '10.0.0.77',
    ip6: '2001:db8::1',
    live: true,
    lines: [{ sku: 'x' }, { sku: 'y' }],
  },
}

describe('an event pattern', () => {
  test.each([
    [{ source: ['billing', 'api'] }, true],
    [{ source: ['api'] }, false],
    [{ source: ['billing'], 'detail-type': ['plan.published'] }, false],
    [{ source: [{ prefix: 'bill' }] }, true],
    [{ source: [{ prefix: { 'equals-ignore-case': 'BILL' } }] }, true],
    [{ source: [{ suffix: 'ing' }] }, true],
    [{ source: [{ 'equals-ignore-case': 'BILLING' }] }, true],
    [{ source: [{ wildcard: 'b*g' }] }, true],
    [{ source: [{ wildcard: 'b*x' }] }, false],
    [{ source: [{ 'anything-but': 'api' }] }, true],
    [{ source: [{ 'anything-but': ['api', 'billing'] }] }, false],
    [{ source: [{ 'anything-but': { prefix: 'bill' } }] }, false],
    [{ detail: { missing: [{ 'anything-but': 'x' }] } }, false],
    [{ detail: { amount: [{ numeric: ['>', 10, '<=', 12.5] }] } }, true],
    [{ detail: { amount: [{ numeric: ['=', 12] }] } }, false],
    [{ detail: { name: [{ numeric: ['>', 0] }] } }, false],
    [{ detail: { name: [{ exists: true }] } }, true],
    [{ detail: { missing: [{ exists: false }] } }, true],
    [{ detail: { name: [{ exists: false }] } }, false],
    [{ detail: { missing: { deeper: [{ exists: false }] } } }, true],
    [{ detail: { tags: ['b'] } }, true],
    [{ detail: { nothing: [null] } }, true],
    [{ detail: { missing: [null] } }, false],
    [{ detail: { live: [true] } }, true],
    [{ detail: { lines: { sku: ['y'] } } }, true],
    [{ detail: { lines: { sku: ['z'] } } }, false],
    [{ detail: { lines: [{ exists: true }] } }, false],
    [{ detail: { lines: [{ exists: false }] } }, true],
    [{ detail: { none: [{ exists: true }] } }, false],
    [{ detail: { ip: [{ cidr: '10.0.0.0/24' }] } }, true],
    [{ detail: { ip: [{ cidr: '10.0.1.0/24' }] } }, false],
    [{ detail: { ip6: [{ cidr: '2001:db8::/32' }] } }, true],
    [{ detail: { name: [{ cidr: '10.0.0.0/24' }] } }, false],
    [{ source: [{ suffix: { 'equals-ignore-case': 'ING' } }] }, true],
    [{ source: [{ wildcard: 'b*l*g' }] }, true],
    [{ source: [{ wildcard: 'bil\\*' }] }, false],
    [{ source: [{ 'anything-but': { suffix: ['ing', 'x'] } }] }, false],
    [{ source: [{ 'anything-but': { wildcard: 'a*' } }] }, true],
    [{ source: [{ 'anything-but': { 'equals-ignore-case': ['BILLING'] } }] }, false],
    [{ detail: { amount: [{ 'anything-but': [12, 13] }] } }, true],
    [{ $or: [{ source: ['api'] }, { detail: { name: ['Ada'] } }] }, true],
    [{ $or: [{ source: ['api'] }, { detail: { name: ['Bob'] } }] }, false],
  ])('%j gives %s', (pattern, expected) => {
    expect(matches(parsePattern(pattern), event)).toBe(expected)
  })
})

test.each([
  ['{', 'not valid JSON'],
  [{}, 'Empty objects'],
  [{ source: [] }, 'Empty arrays'],
  [{ source: 'billing' }, 'must be an object or an array'],
  [{ source: [{ prefix: 5 }] }, 'must be a string'],
  [{ source: [{ starts: 'x' }] }, 'Unrecognized match type starts'],
  [{ source: [{ prefix: 'a', suffix: 'b' }] }, 'Only one key'],
  [{ n: [{ numeric: ['>', '5'] }] }, 'numeric'],
  [{ n: [{ 'anything-but': ['a', 1] }] }, 'mixed type'],
  [{ n: [{ 'anything-but': { prefix: [] } }] }, 'Empty arrays'],
  [{ n: [{ wildcard: 'a**' }] }, 'Consecutive wildcard'],
  [{ n: [{ wildcard: 'a\\b' }] }, 'Invalid escape'],
  [{ n: [{ cidr: '10.0.0.0/33' }] }, 'CIDR'],
])('%j is refused when the rule is made', (pattern, reason) => {
  expect(() => parsePattern(pattern)).toThrow(reason)
})
