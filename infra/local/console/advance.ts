import { type Answer, json, problem } from './answer.ts'
import { parseTarget } from './parse-target.ts'
import type { ConsoleClock } from './sources.ts'

export type AdvanceRequest = { readonly contentType: string; readonly body: string }

/**
 * Moves the clock; answers when everything that was due has run. Requests run one after the other, so that two people
 * who press a button at the same time move it twice. A form is sent back to the page.
 */
export function createAdvance(clock: ConsoleClock): (request: AdvanceRequest) => Promise<Answer> {
  let previous: Promise<unknown> = Promise.resolve()
  return request => {
    const answer = previous.then(() => advance(clock, request))
    previous = answer.catch(() => undefined)
    return answer
  }
}

async function advance(clock: ConsoleClock, request: AdvanceRequest): Promise<Answer> {
  // curl calls every body of -d a form; one that starts with a brace is JSON all the same.
  const isJson = request.body.trimStart().startsWith('{')
  const form = !isJson && request.contentType.startsWith('application/x-www-form-urlencoded')
  const target = parseTarget(form ? parseForm(request.body) : parseJson(request.body), clock.now())
  if ('wrong' in target) return problem(400, 'invalid_advance', 'The clock was not moved', target.wrong)
  if (clock.mode === 'locked') {
    return problem(
      409,
      'clock_locked',
      'The clock follows real time',
      'Something real, such as a Stripe sandbox, is attached. Start without it to move the clock.',
    )
  }
  if (target.at < clock.now()) {
    const detail = `The clock is at ${isoOf(clock)} and never goes back. Ask for a later time, or start the local cloud anew.`
    return problem(409, 'clock_never_goes_back', 'That time is past', detail)
  }
  await clock.advanceTo(target.at)
  return form ? { status: 303, headers: { location: '/' }, body: '' } : json({ now: isoOf(clock) })
}

export const isoOf = (clock: ConsoleClock): string => new Date(clock.now()).toISOString()

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

const parseForm = (body: string): unknown =>
  Object.fromEntries([...new URLSearchParams(body)].filter(([, value]) => value !== ''))
