import type { Random } from '../random.ts'

/** What can happen at an effect boundary. */
export const FAULT_KINDS = [
  /** The function is gone before the effect, or after it and before it hears of it. */
  'crash_before',
  'crash_after',
  /** An error answer, and nothing happened: throttled, 429, 500, a connection that broke. */
  'fail',
  /** It happened, and the caller sees an error: a timeout after success. */
  'lost',
  /** It happens twice: the first answer was lost and the client below tried again. */
  'twice',
  /** It takes its time, so that others come in between; sometimes longer than the function may run. */
  'slow_before',
  'slow_after',
] as const
export type FaultKind = (typeof FAULT_KINDS)[number]

/** A boundary that an effect is about to cross. `index` counts them from 1 in the order of the run. */
export type Crossing = { readonly index: number; readonly name: string; readonly kinds: readonly FaultKind[] }

/** Decides what happens at each boundary, to deliveries and to ticks. */
export interface FaultSchedule {
  strike(crossing: Crossing): FaultKind | undefined
  /** How long a slow effect takes. */
  slowMs(): number
  /** One of several ways in which an effect fails. */
  variant(count: number): number
  /** After how many milliseconds each copy of a delivery comes; at least one. */
  deliveries(): readonly number[]
  /** Whether a tick of a schedule is dropped. */
  dropsTick(): boolean
}

const USUAL_DELAY_MS = 200

/** Everything works, and every delivery comes once. */
export const noFaults: FaultSchedule = {
  strike: () => undefined,
  slowMs: () => 0,
  variant: () => 0,
  deliveries: () => [USUAL_DELAY_MS],
  dropsTick: () => false,
}

/** One fault at one boundary. */
export const oneFault = (at: number, kind: FaultKind): FaultSchedule => ({
  ...noFaults,
  strike: ({ index, kinds }) => (index === at && kinds.includes(kind) ? kind : undefined),
})

/** `slow`: nothing breaks, but everything takes its time, so that all come in between all. */
export type Mood = 'any' | 'slow'

/** Faults by chance: `rate` of the boundaries, and as many deliveries and ticks, scaled up. */
export function randomFaults(random: Random, rate: number, mood: Mood = 'any'): FaultSchedule {
  if (rate === 0) return noFaults
  const gap = () => 1 + Math.floor(Math.log(1 - random.float()) / Math.log(1 - rate))
  let left = gap()
  return {
    strike({ kinds: all }) {
      const kinds = mood === 'slow' ? all.filter(kind => kind.startsWith('slow')) : all
      // Where more can happen, something happens more often: a read is struck less than a write.
      left -= kinds.length / FAULT_KINDS.length
      if (left > 0 || kinds.length === 0) return undefined
      left = gap()
      return random.pick(kinds)
    },
    slowMs: () =>
      random.chance(mood === 'slow' ? 0.4 : 0.1)
        ? random.between(mood === 'slow' ? 5_000 : 20_000, mood === 'slow' ? 50_000 : 120_000)
        : random.between(1, 5_000),
    variant: count => random.between(0, count - 1),
    deliveries() {
      const copies = random.chance(Math.min(0.3, 4 * rate)) ? 2 : 1
      return Array.from({ length: copies }, () => deliveryDelay(random, Math.min(0.3, 4 * rate)))
    },
    dropsTick: () => random.chance(Math.min(0.4, 5 * rate)),
  }
}

const SECOND = 1_000
const HOUR = 3_600 * SECOND

function deliveryDelay(random: Random, late: number): number {
  if (!random.chance(late)) return random.between(50, 3 * SECOND)
  return random.chance(0.7) ? random.between(SECOND, HOUR) : random.between(HOUR, 60 * HOUR)
}
