import type { Catcher, Retrier } from '../language/definition.ts'

const DEFAULT_INTERVAL_SECONDS = 1
const DEFAULT_MAX_ATTEMPTS = 3
const DEFAULT_BACKOFF_RATE = 2
/** Nothing retries or catches it. */
const RUNTIME = 'States.Runtime'
/** `States.ALL` and `States.TaskFailed` do not stand for it. */
const DATA_LIMIT = 'States.DataLimitExceeded'

/**
 * Whether a name in ErrorEquals stands for the error
 * (docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html).
 */
export function matchesError(names: readonly string[], error: string): boolean {
  if (error === RUNTIME) return false
  if (names.includes(error)) return true
  if (error === DATA_LIMIT) return false
  return names.includes('States.ALL') || (names.includes('States.TaskFailed') && error !== 'States.Timeout')
}

export type RetryPlan = { readonly retrier: number; readonly attempt: number; readonly delayMs: number }

/**
 * The next attempt, or none when no retrier matches or its attempts are used up. `random` is in [0, 1) and spreads
 * the delay with full jitter.
 */
export function planRetry(
  retriers: readonly Retrier[],
  used: Readonly<Record<string, number>>,
  error: string,
  random: () => number,
): RetryPlan | undefined {
  const index = retriers.findIndex(retrier => matchesError(retrier.ErrorEquals, error))
  const retrier = retriers[index]
  if (retrier === undefined) return undefined
  const attempt = (used[String(index)] ?? 0) + 1
  if (attempt > (retrier.MaxAttempts ?? DEFAULT_MAX_ATTEMPTS)) return undefined
  const interval = retrier.IntervalSeconds ?? DEFAULT_INTERVAL_SECONDS
  const grown = interval * (retrier.BackoffRate ?? DEFAULT_BACKOFF_RATE) ** (attempt - 1)
  const seconds = Math.min(grown, retrier.MaxDelaySeconds ?? Number.POSITIVE_INFINITY)
  const delayMs = Math.round(seconds * 1000 * (retrier.JitterStrategy === 'FULL' ? random() : 1))
  return { retrier: index, attempt, delayMs }
}

export const findCatcher = (catchers: readonly Catcher[], error: string): Catcher | undefined =>
  catchers.find(catcher => matchesError(catcher.ErrorEquals, error))
