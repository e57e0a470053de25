import { expect, test } from 'vitest'
import { boundary, type Interval, nextBoundary } from './calendar.ts'

const at = (instant: string) => Date.parse(instant) / 1000
const iso = (seconds: number) => new Date(seconds * 1000).toISOString()
const MONTH: Interval = { unit: 'month', count: 1 }

test.each([
  [
    '2027-01-31T23:59:59Z',
    ['2027-02-28T23:59:59.000Z', '2027-03-31T23:59:59.000Z', '2027-04-30T23:59:59.000Z'],
  ],
  [
    '2028-01-30T00:00:00Z',
    ['2028-02-29T00:00:00.000Z', '2028-03-30T00:00:00.000Z', '2028-04-30T00:00:00.000Z'],
  ],
  [
    '2026-12-15T08:00:00Z',
    ['2027-01-15T08:00:00.000Z', '2027-02-15T08:00:00.000Z', '2027-03-15T08:00:00.000Z'],
  ],
])('months after %s keep the day of the anchor and clamp to the end of the month', (anchor, expected) => {
  expect([1, 2, 3].map(index => iso(boundary(at(anchor), MONTH, index)))).toEqual(expected)
})

test('the next boundary lies strictly after the instant', () => {
  const anchor = at('2027-01-31T00:00:00Z')
  expect(iso(nextBoundary(anchor, MONTH, anchor))).toBe('2027-02-28T00:00:00.000Z')
  expect(iso(nextBoundary(anchor, MONTH, at('2027-02-28T00:00:00Z')))).toBe('2027-03-31T00:00:00.000Z')
  expect(iso(nextBoundary(anchor, { unit: 'year', count: 1 }, anchor))).toBe('2028-01-31T00:00:00.000Z')
  expect(iso(nextBoundary(anchor, { unit: 'week', count: 2 }, anchor))).toBe('2027-02-14T00:00:00.000Z')
})
