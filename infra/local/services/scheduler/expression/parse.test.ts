import { describe, expect, test } from 'vitest'
import { parseExpression } from './parse.ts'

const at = (iso: string): number => Date.parse(iso)

function following(expression: string, after: string, count = 1, timezone = 'UTC'): string[] {
  const next = parseExpression(expression, timezone, at('2026-01-01T00:00:30Z'))
  const found: string[] = []
  for (let time = next(at(after)); time !== undefined && found.length < count; time = next(time)) {
    found.push(new Date(time).toISOString().slice(0, 19))
  }
  return found
}

describe('an expression', () => {
  test.each([
    ['rate(1 minute)', '2026-01-01T00:00:30Z', ['2026-01-01T00:01:00', '2026-01-01T00:02:00']],
    ['rate(15 minutes)', '2026-01-01T00:15:00Z', ['2026-01-01T00:30:00', '2026-01-01T00:45:00']],
    ['rate(1 day)', '2026-01-01T00:00:30Z', ['2026-01-02T00:00:00', '2026-01-03T00:00:00']],
    ['cron(5 * * * ? *)', '2026-01-01T00:05:00Z', ['2026-01-01T01:05:00', '2026-01-01T02:05:00']],
    ['cron(0/15 8 * * ? *)', '2026-01-01T08:30:00Z', ['2026-01-01T08:45:00', '2026-01-02T08:00:00']],
    ['cron(0 3 ? * MON *)', '2026-01-01T00:00:00Z', ['2026-01-05T03:00:00', '2026-01-12T03:00:00']],
    ['cron(0 3 ? * 2 *)', '2026-01-01T00:00:00Z', ['2026-01-05T03:00:00', '2026-01-12T03:00:00']],
    ['cron(0 3 L * ? *)', '2026-01-01T00:00:00Z', ['2026-01-31T03:00:00', '2026-02-28T03:00:00']],
    ['cron(0 3 ? * 6L *)', '2026-01-01T00:00:00Z', ['2026-01-30T03:00:00', '2026-02-27T03:00:00']],
    ['cron(0 3 ? * 2#1 *)', '2026-01-01T00:00:00Z', ['2026-01-05T03:00:00', '2026-02-02T03:00:00']],
    ['cron(0 0 1 1 ? 2027)', '2026-01-01T00:00:00Z', ['2027-01-01T00:00:00']],
    ['at(2026-03-01T12:00:00)', '2026-01-01T00:00:00Z', ['2026-03-01T12:00:00']],
    ['at(2025-03-01T12:00:00)', '2026-01-01T00:00:00Z', []],
  ])('%s after %s', (expression, after, expected) => {
    expect(following(expression, after, Math.max(expected.length, 1) === 1 ? 2 : expected.length)).toEqual(
      expected,
    )
  })

  test('runs in its own time zone', () => {
    expect(following('cron(0 9 * * ? *)', '2026-07-01T00:00:00Z', 1, 'Europe/Berlin')).toEqual([
      '2026-07-01T07:00:00',
    ])
    expect(following('at(2026-07-01T09:00:00)', '2026-01-01T00:00:00Z', 1, 'America/New_York')).toEqual([
      '2026-07-01T13:00:00',
    ])
  })

  test('occurs once at a time that the end of summer time repeats', () => {
    expect(following('cron(30 2 * * ? *)', '2026-10-24T12:00:00Z', 2, 'Europe/Berlin')).toEqual([
      '2026-10-25T00:30:00',
      '2026-10-26T01:30:00',
    ])
  })

  test('leaves out a time that the change to summer time skips', () => {
    expect(following('cron(30 2 * * ? *)', '2026-03-28T12:00:00Z', 1, 'Europe/Berlin')).toEqual([
      '2026-03-30T00:30:00',
    ])
  })
})

test.each([
  'rate(1 minutes)',
  'rate(5 minute)',
  'rate(0 minutes)',
  'rate(5 seconds)',
  'cron(* * * * *)',
  'cron(* * * * * *)',
  'cron(0 0 ? * ? *)',
  'cron(99 * * * ? *)',
  'cron(a * * * ? *)',
  'at(tomorrow)',
  'at(2026-13-01T00:00:00)',
  'every day',
])('%s is refused', expression => {
  expect(() => parseExpression(expression, 'UTC', 0)).toThrow(`Invalid Schedule Expression ${expression}.`)
})

test('an unknown time zone is refused', () => {
  expect(() => parseExpression('rate(1 day)', 'Mars/Olympus', 0)).toThrow('Mars/Olympus')
})
