import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Range, SortedMap } from './sorted-map.ts'

const key = fc.string({ unit: fc.constantFrom('a', 'b', '/', '~'), maxLength: 3 })
const change = fc.record({ key, kept: fc.boolean() })
const range: fc.Arbitrary<Range> = fc
  .record(
    { gt: key, gte: key, lt: key, lte: key, reverse: fc.boolean(), limit: fc.integer({ min: -1, max: 4 }) },
    { requiredKeys: [] },
  )
  // One bound at either end, as dynalite asks.
  .map(({ gt, gte, lt, lte, ...rest }) => ({
    ...(gte === undefined ? gt !== undefined && { gt } : { gte }),
    ...(lt === undefined ? lte !== undefined && { lte } : { lt }),
    ...rest,
  }))

/** What a range means, slowly. */
function within(
  entries: ReadonlyMap<string, number>,
  { gt, gte, lt, lte, reverse, limit = -1 }: Range,
): number[] {
  const found = [...entries]
    .filter(
      ([name]) =>
        (gt === undefined || name > gt) &&
        (gte === undefined || name >= gte) &&
        (lt === undefined || name < lt) &&
        (lte === undefined || name <= lte),
    )
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([, value]) => value)
  const ordered = reverse ? found.reverse() : found
  return limit < 0 ? ordered : ordered.slice(0, limit)
}

test('any range holds what its bounds say, in order, whatever was put and removed before', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 30 }), range, (changes, asked) => {
      const sorted = new SortedMap<number>()
      const plain = new Map<string, number>()
      changes.forEach(({ key: name, kept }, n) => {
        if (kept) sorted.set(name, n)
        else sorted.delete(name)
        if (kept) plain.set(name, n)
        else plain.delete(name)
      })
      expect([...sorted.values(asked)]).toEqual(within(plain, asked))
      expect([...new SortedMap(sorted.entries()).values(asked)]).toEqual(within(plain, asked))
    }),
    { numRuns: 500 },
  )
})
