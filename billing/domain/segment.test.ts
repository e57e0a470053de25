import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { instant, parseInstant } from '#kernel/time'
import {
  carryOverOf,
  decidePaidStep,
  firstFreePeriod,
  nextFreePeriod,
  nextPaidPeriod,
  owedUnits,
  unitsPastCap,
} from './segment.ts'

const at = parseInstant
const period = (start: string, end: string) => ({ start: at(start), end: at(end) })

test('the first Free segment is the UTC month of the opening', () => {
  expect(firstFreePeriod(at('2026-11-30T23:59:59Z'))).toEqual(
    period('2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z'),
  )
})

test('a Free segment after a cancellation ends with the UTC month', () => {
  const cancelled = { end: at('2026-12-31T10:00:00Z') }
  expect(nextFreePeriod(cancelled)).toEqual(period('2026-12-31T10:00:00Z', '2027-01-01T00:00:00Z'))
  expect(nextFreePeriod({ end: at('2027-01-01T00:00:00Z') }).end).toBe(at('2027-02-01T00:00:00Z'))
})

describe('a paid segment', () => {
  const stripe = period('2026-11-10T09:00:00Z', '2026-12-10T09:00:00Z')

  test('starts where the previous one ended when that is later than the start of the period', () => {
    expect(nextPaidPeriod({ end: at('2026-11-12T00:00:00Z') }, stripe)).toEqual(
      period('2026-11-12T00:00:00Z', '2026-12-10T09:00:00Z'),
    )
  })

  test('is never opened over a gap', () => {
    expect(() => nextPaidPeriod({ end: at('2026-11-09T00:00:00Z') }, stripe)).toThrow(/no segment covers/)
  })

  test('cuts the running Free segment at the start of the period', () => {
    const free = { ...period('2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z'), subscriptionId: null }
    expect(decidePaidStep(free, stripe)).toEqual({ kind: 'cut', end: stripe.start })
  })

  test('replaces a Free segment that began after the period did', () => {
    const free = { ...period('2026-11-10T10:00:00Z', '2026-12-01T00:00:00Z'), subscriptionId: null }
    expect(decidePaidStep(free, stripe)).toEqual({
      kind: 'replace',
      period: { start: free.start, end: stripe.end },
    })
  })

  test('replaces a Free segment that began at the same instant', () => {
    const free = { start: stripe.start, end: parseInstant('2026-12-01T00:00:00Z'), subscriptionId: null }
    expect(decidePaidStep(free, stripe)).toEqual({ kind: 'replace', period: stripe })
  })

  test('follows its predecessor, and is there when it is there', () => {
    const before = { start: instant(0), end: stripe.start, subscriptionId: 'sub_1' }
    expect(decidePaidStep(before, stripe)).toEqual({ kind: 'append', period: stripe })
    expect(decidePaidStep({ ...stripe, subscriptionId: 'sub_1' }, stripe)).toEqual({ kind: 'present' })
  })
})

describe('carry-over', () => {
  const closed = { subscriptionId: 'sub_1', invoicedUnits: 100, waivedUnits: 0, foldUnits: 100 }

  test('is what closed segments used and did not invoice or waive', () => {
    const late = { ...closed, foldUnits: 130, waivedUnits: 10 }
    const voided = { ...closed, foldUnits: 95 }
    expect(carryOverOf([closed, late, voided])).toBe(20 - 5)
  })

  test('of a segment without an invoice is all it used', () => {
    expect(carryOverOf([{ ...closed, invoicedUnits: null }])).toBe(100)
  })

  test('never holds units of Free', () => {
    expect(carryOverOf([{ ...closed, subscriptionId: null, invoicedUnits: null }])).toBe(0)
  })
})

test('used and carried in is always owed, waived or carried out; nothing is owed above the cap or below zero', () => {
  const units = fc.integer({ min: 0, max: 1_000 })
  fc.assert(
    fc.property(units, fc.integer({ min: -1_000, max: 1_000 }), fc.option(units), (fold, carried, cap) => {
      const owed = owedUnits(fold, carried, cap)
      const waived = unitsPastCap(fold, carried, cap)
      const carriedOut = fold + carried - owed - waived
      expect(owed).toBeGreaterThanOrEqual(0)
      expect(owed).toBeLessThanOrEqual(cap ?? Number.POSITIVE_INFINITY)
      expect(waived).toBeGreaterThanOrEqual(0)
      expect(carriedOut).toBe(Math.min(0, fold + carried))
    }),
  )
})
