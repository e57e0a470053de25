import type { Arrival, TrueCall } from '../world/gateway.ts'

export type Bounds = { readonly least: number; readonly most: number }

/** Units of a stretch of time that were truly used, whenever their lines arrived. */
export const trueUnits = (calls: readonly TrueCall[], start: number, end: number): number =>
  within(calls, start, end).reduce((sum, { units }) => sum + units, 0)

/**
 * What the ledger can have said of a stretch of time to somebody who read it between two instants: a line was surely
 * there when it had been taken before the first, and may have been when it was first tried before the second.
 */
export function visibleUnits(
  calls: readonly TrueCall[],
  period: { readonly start: number; readonly end: number },
  read: { readonly from: number; readonly to: number },
): Bounds {
  const surely = (arrival: Arrival | null) => arrival !== null && arrival.takenAt < read.from
  const maybe = (arrival: Arrival | null) => arrival !== null && arrival.triedAt <= read.to
  let [least, most] = [0, 0]
  for (const { usage, voided, charged } of within(calls, period.start, period.end)) {
    if (surely(usage) && !maybe(voided)) least += charged
    if (maybe(usage) && !surely(voided)) most += charged
  }
  return { least, most }
}

const within = (calls: readonly TrueCall[], start: number, end: number): TrueCall[] =>
  calls.filter(({ usedAt }) => start <= usedAt && usedAt < end)
