import type { Hour } from '#kernel/time'

/**
 * Which units are whose. The owed units of a segment are numbered from 1: first those carried in from earlier invoices,
 * then those of its requests in the order of time and id. (Units that were carried in as a credit cover the first
 * requests; what lies beyond the owed units is waived or carried out.) A line of the statement prices a stretch of these
 * numbers, so what each day, key, route and request adds to it is the length of an overlap, and overlaps add up exactly.
 */
export type Stretch = { readonly from: number; readonly to: number }

export const overlap = (a: Stretch, b: Stretch): number =>
  Math.max(0, Math.min(a.to, b.to) - Math.max(a.from, b.from))

/** What carried-in units add to a line. */
export const carriedInto = (line: Stretch, carriedInUnits: number): number =>
  overlap(line, { from: 0, to: Math.max(0, carriedInUnits) })

export type PlacedHour = Stretch & { readonly hour: Hour }

/** The stretch of each hour. */
export function placeHours(
  unitsByHour: Readonly<Record<Hour, { readonly units: number }>>,
  carriedInUnits: number,
): PlacedHour[] {
  let to = carriedInUnits
  return Object.entries(unitsByHour)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([hour, { units }]) => {
      const from = to
      to += units
      return { hour, from, to }
    })
}

/** The stretch of each request of an hour; they are in the order of time and id. */
export function* placeRequests<R extends { readonly units: number }>(
  requests: readonly R[],
  from: number,
): Generator<Stretch & { readonly request: R }> {
  let to = from
  for (const request of requests) {
    const start = to
    to += request.units
    yield { request, from: start, to }
  }
}
