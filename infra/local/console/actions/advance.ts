import type { ConsoleClock } from '../sources.ts'
import { type Action, type Outcome, refuse } from './action.ts'
import { parseTarget } from './parse-target.ts'

/**
 * Moves the clock; answers when everything that was due has run. Requests run one after the other, so that two people
 * who press a button at the same time move it twice.
 */
export function createAdvance(): Action {
  let previous: Promise<unknown> = Promise.resolve()
  return {
    method: 'POST',
    path: '/clock/advance',
    run({ clock }, { body }) {
      const outcome = previous.then(() => advance(clock, body))
      previous = outcome.catch(() => undefined)
      return outcome
    },
  }
}

async function advance(clock: ConsoleClock, body: unknown): Promise<Outcome> {
  const target = parseTarget(body, clock.now())
  if ('wrong' in target) return refuse(400, 'invalid_advance', 'The clock was not moved', target.wrong)
  if (clock.mode === 'locked') {
    const detail =
      'Something real, such as a Stripe sandbox, is attached. Start without it to move the clock.'
    return refuse(409, 'clock_locked', 'The clock follows real time', detail)
  }
  if (target.at < clock.now()) {
    const detail = `The clock is at ${isoOf(clock)} and never goes back. Ask for a later time, or start the local cloud anew.`
    return refuse(409, 'clock_never_goes_back', 'That time is past', detail)
  }
  await clock.advanceTo(target.at)
  return { done: { now: isoOf(clock) } }
}

const isoOf = (clock: ConsoleClock): string => new Date(clock.now()).toISOString()
