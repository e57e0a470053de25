import type { TestEventPatternRequest, TestEventPatternResponse } from '@aws-sdk/client-eventbridge'
import { z } from 'zod'
import { ServiceError } from '../../../contract.ts'
import { text } from '../../../input/members.ts'
import type { EventsOperation } from '../events.ts'
import { matches } from '../pattern/matches.ts'
import { parsePattern } from '../pattern/parse.ts'

const input = z.strictObject({
  EventPattern: text({ max: 4_096 }),
  Event: z.string(),
}) satisfies z.ZodType<TestEventPatternRequest>

/** Members that the event must have. docs.aws.amazon.com/eventbridge/latest/APIReference/API_TestEventPattern.html */
const REQUIRED = ['id', 'account', 'source', 'time', 'region', 'resources', 'detail-type']

export const testEventPattern: EventsOperation<typeof input, TestEventPatternResponse> = {
  input,
  run(_events, { EventPattern, Event }, context) {
    context.authorize('events:TestEventPattern', '*')
    const pattern = parsePattern(EventPattern)
    return { Result: matches(pattern, readEvent(Event)) }
  },
}

function readEvent(text: string): object {
  const event = parse(text)
  if (typeof event !== 'object' || event === null || Array.isArray(event)) {
    throw invalid('Event is not a valid JSON object.')
  }
  const missing = REQUIRED.find(name => !Object.hasOwn(event, name))
  if (missing !== undefined) throw invalid(`The event must contain the field ${missing}.`)
  return event
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const invalid = (reason: string): ServiceError =>
  new ServiceError('ValidationException', `Parameter Event is not valid. Reason: ${reason}`)
