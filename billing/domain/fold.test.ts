import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HOUR_MS, hourOf, instant, plusMs } from '#kernel/time'
import {
  accessRecord,
  arbitraryDeliveries,
  arbitraryRecords,
  keyId,
  NOON,
  usageEvent,
} from '../ledger/testing/arbitrary-records.ts'
import { addFolds, countRefusals, foldRecords, type LedgerRecords } from './fold.ts'

const arbitraryCase = arbitraryRecords().chain(records =>
  fc.record({ records: fc.constant(records), deliveries: arbitraryDeliveries(records) }),
)

describe('a fold', () => {
  test('counts a usage event once however often it is there', () => {
    const event = usageEvent({ id: 'a', units: 7 })
    expect(foldRecords({ usage: [event, event, { ...event }], access: [] })).toMatchObject({
      calls: 1,
      units: 7,
    })
  })

  test('takes no units for a call that the client saw fail with a 5xx', () => {
    const records = {
      usage: [usageEvent({ id: 'a', units: 7 })],
      access: [accessRecord({ id: 'a', status: 504 })],
    }
    expect(foldRecords(records)).toMatchObject({ calls: 1, failed: 1, units: 0, refused: 0 })
  })

  test('keeps the charge of a call whose access record says less than 500', () => {
    const records = {
      usage: [usageEvent({ id: 'a', units: 7 })],
      access: [accessRecord({ id: 'a', status: 429 })],
    }
    expect(foldRecords(records)).toMatchObject({ calls: 1, failed: 0, units: 7, refused: 0 })
  })

  test('takes no units for a usage event of status 400 and above', () => {
    const usage = [
      usageEvent({ id: 'a', units: 7, status: 400 }),
      usageEvent({ id: 'b', units: 5, status: 399 }),
    ]
    expect(foldRecords({ usage, access: [] })).toMatchObject({ calls: 2, failed: 1, units: 5 })
  })

  test('keeps a request that was refused at the door apart from calls', () => {
    expect(foldRecords({ usage: [], access: [accessRecord({ id: 'a' })] })).toMatchObject({
      calls: 0,
      refused: 1,
    })
  })

  test('does not take an answered request for a refused one', () => {
    const access = [accessRecord({ id: 'a', status: 399 }), accessRecord({ id: 'b', status: 400 })]
    expect(foldRecords({ usage: [], access })).toMatchObject({ refused: 1 })
  })

  test('knows the last use of each key', () => {
    const later = plusMs(NOON, 5)
    const usage = [usageEvent({ id: 'b', usedAt: later }), usageEvent({ id: 'a' })]
    expect(foldRecords({ usage, access: [] })).toMatchObject({
      lastUsedAt: later,
      byKey: { [keyId('a')]: { calls: 2, lastUsedAt: later } },
    })
  })

  test('equals a slow oracle, and repeating, cutting and reordering the records changes nothing', () => {
    fc.assert(
      fc.property(arbitraryCase, ({ records, deliveries }) => {
        const expected = oracle(records)
        expect(summary(records)).toEqual(expected)
        const delivered = {
          usage: deliveries.flatMap(delivery => delivery.usage),
          access: deliveries.flatMap(delivery => delivery.access),
        }
        expect(summary(delivered)).toEqual(expected)
        expect(countRefusals(delivered)).toEqual(countRefusals(records))
      }),
    )
  })

  test('of a day is the sum of the folds of its hours', () => {
    fc.assert(
      fc.property(arbitraryRecords(), records => {
        const hours = [0, 1, 2].map(n => hourOf(instant(NOON + n * HOUR_MS)))
        const folds = hours.map(hour =>
          foldRecords({
            usage: records.usage.filter(event => hourOf(event.usedAt) === hour),
            access: records.access.filter(record => hourOf(record.usedAt) === hour),
          }),
        )
        expect(addFolds(folds)).toEqual(foldRecords(records))
      }),
    )
  })

  test('of records that contradict each other does not depend on their order', () => {
    const pair = [usageEvent({ id: 'a', units: 3 }), usageEvent({ id: 'a', units: 9 })]
    expect(foldRecords({ usage: pair, access: [] })).toEqual(
      foldRecords({ usage: pair.toReversed(), access: [] }),
    )
  })
})

test('refusals are counted per minute, route and status with the first ten ids', () => {
  const many = Array.from({ length: 12 }, (_, n) => accessRecord({ id: `r${String(n).padStart(2, '0')}` }))
  const others = [
    accessRecord({ id: 'later', usedAt: plusMs(NOON, 61_000) }),
    accessRecord({ id: 'elsewhere', route: 'POST /' }),
    accessRecord({ id: 'blocked', status: 402 }),
  ]
  const route = 'POST /{proxy+}'
  expect(countRefusals({ usage: [], access: [...others, ...many.toReversed(), ...many] })).toEqual([
    { minute: NOON, route: 'POST /', status: 429, count: 1, ids: ['elsewhere'] },
    { minute: NOON, route, status: 402, count: 1, ids: ['blocked'] },
    { minute: NOON, route, status: 429, count: 12, ids: many.slice(0, 10).map(({ id }) => id) },
    { minute: plusMs(NOON, 60_000), route, status: 429, count: 1, ids: ['later'] },
  ])
})

function summary(records: LedgerRecords) {
  const { calls, failed, units, refused, byHour } = foldRecords(records)
  return {
    calls,
    failed,
    units,
    refused,
    unitsByHour: Object.fromEntries(Object.entries(byHour).map(([hour, tally]) => [hour, tally.units])),
  }
}

/** Asks for each request, one by one, what its client saw and what it costs. */
function oracle({ usage, access }: LedgerRecords) {
  const ids = [...new Set([...usage, ...access].map(({ id }) => id))]
  let [calls, failed, units, refused] = [0, 0, 0, 0]
  const unitsByHour: Record<string, number> = {}
  for (const id of ids) {
    const event = usage.find(one => one.id === id)
    if (!event) {
      refused++
      continue
    }
    calls++
    const diedAtTheDoor = access.some(record => record.id === id && record.status >= 500)
    const cost = event.status >= 400 || diedAtTheDoor ? 0 : event.units
    if (event.status >= 400 || diedAtTheDoor) failed++
    units += cost
    unitsByHour[hourOf(event.usedAt)] = (unitsByHour[hourOf(event.usedAt)] ?? 0) + cost
  }
  return { calls, failed, units, refused, unitsByHour }
}
