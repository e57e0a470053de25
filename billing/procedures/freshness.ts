import { type Instant, MINUTE_MS, plusMs } from '#kernel/time'

/**
 * Everything in the ledger is visible at once: pages fold it, roll-up only makes that cheap. What can be missing is
 * still on its way through the log, which takes seconds; a minute is what is promised.
 */
const LOG_PATH_MS = MINUTE_MS

/** Up to when usage is visible. */
export const visibleUpTo = (now: Instant): Instant => plusMs(now, -LOG_PATH_MS)
