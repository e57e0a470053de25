import { refuseUnknown } from '../../../refuse-unknown.ts'
import { isObject, type Json, type JsonObject } from './json.ts'
import { parsePath } from './json-path.ts'
import { invalidField, type Place, readingPaths, readTarget } from './read-fields.ts'

const RETRIER = [
  'ErrorEquals',
  'IntervalSeconds',
  'MaxAttempts',
  'BackoffRate',
  'MaxDelaySeconds',
  'JitterStrategy',
  'Comment',
]
const CATCHER = ['ErrorEquals', 'Next', 'ResultPath', 'Comment']
const MAX_COUNT = 99_999_999
const MAX_DELAY_SECONDS = 31_622_400

/** Reads Retry and Catch: every entry names its errors, and `States.ALL` stands alone and last. */
export function readFailure(place: Place, state: JsonObject, states: JsonObject): void {
  for (const retrier of entriesOf(place, state, 'Retry', RETRIER)) readRetrier(place, retrier)
  for (const catcher of entriesOf(place, state, 'Catch', CATCHER)) {
    readTarget(place, catcher.Next, states)
    const { ResultPath = null } = catcher
    if (ResultPath === null) continue
    if (typeof ResultPath !== 'string') throw invalidField(place, 'Catch', 'ResultPath must be a path')
    readingPaths(place, 'Catch', () => void parsePath(ResultPath))
  }
}

function entriesOf(
  place: Place,
  state: JsonObject,
  field: 'Retry' | 'Catch',
  known: readonly string[],
): JsonObject[] {
  const entries = state[field] ?? []
  if (!Array.isArray(entries)) throw invalidField(place, field, 'must be a list')
  return entries.map((entry, index) => {
    if (!isObject(entry)) throw invalidField(place, field, 'must be a list of objects')
    refuseUnknown(`${place.label}: members of ${field}`, entry, known)
    readNames(place, field, entry.ErrorEquals, index === entries.length - 1)
    return entry
  })
}

function readNames(place: Place, field: string, names: Json | undefined, isLast: boolean): void {
  const sound =
    Array.isArray(names) && names.length > 0 && names.every(name => typeof name === 'string' && name !== '')
  if (!sound) throw invalidField(place, field, 'ErrorEquals must be a list of names')
  if (names.includes('States.ALL') && (names.length > 1 || !isLast)) {
    throw invalidField(place, field, 'States.ALL must stand alone and last')
  }
}

function readRetrier(place: Place, retrier: JsonObject): void {
  const { IntervalSeconds = 1, MaxAttempts = 3, BackoffRate = 2, MaxDelaySeconds, JitterStrategy } = retrier
  const require = (holds: boolean, reason: string) => {
    if (!holds) throw invalidField(place, 'Retry', reason)
  }
  require(isInteger(IntervalSeconds, 1, MAX_COUNT), 'IntervalSeconds must be a positive integer')
  require(isInteger(MaxAttempts, 0, MAX_COUNT), `MaxAttempts must be an integer up to ${MAX_COUNT}`)
  require(typeof BackoffRate === 'number' && BackoffRate >= 1, 'BackoffRate must be a number from 1 on')
  require(MaxDelaySeconds === undefined ||
    isInteger(
      MaxDelaySeconds,
      Number(IntervalSeconds) + 1,
      MAX_DELAY_SECONDS,
    ), 'MaxDelaySeconds must be an integer above IntervalSeconds and below 31622401')
  require(JitterStrategy === undefined ||
    JitterStrategy === 'FULL' ||
    JitterStrategy === 'NONE', 'JitterStrategy must be FULL or NONE')
}

const isInteger = (value: Json, min: number, max: number): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
