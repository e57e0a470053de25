import type { Clock } from '../contract.ts'
import { createEngine, type Engine, TIMER_KINDS } from './engine/engine.ts'
import type { Settings } from './engine/settings.ts'
import { TIMERS } from './engine/timers.ts'

/** The engine with its timers on a clock. Once `isStopped` says so, they do nothing any more. */
export function engineOnClock(
  clock: Clock,
  settings: { readonly baseUrl: string } & Partial<Settings>,
  isStopped: () => boolean = () => false,
): Engine {
  const engine = createEngine(
    {
      now: () => clock.now(),
      later: (kind, dueAt, subject) =>
        clock.later(`stripe.${kind}`, dueAt, subject, `stripe: ${kind} ${subject}`),
    },
    settings,
  )
  for (const kind of TIMER_KINDS) {
    clock.handle(`stripe.${kind}`, (subject, dueAt) => {
      if (isStopped()) return
      clock.wrote()
      TIMERS[kind](engine, String(subject), dueAt)
    })
  }
  return engine
}
