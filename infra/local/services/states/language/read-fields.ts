import { asTime } from './choice.ts'
import { isIntrinsic, parseIntrinsic } from './intrinsics.ts'
import { InvalidDefinition } from './invalid-definition.ts'
import type { Json, JsonObject } from './json.ts'
import { parsePath } from './json-path.ts'
import { checkTemplate } from './payload-template.ts'
import { StateError } from './state-error.ts'

/** Where in a definition something stands: as a location, for people, and the names that the machine has used. */
export type Place = { readonly at: string; readonly label: string; readonly names: Set<string> }

const PATHS = [
  'InputPath',
  'OutputPath',
  'ResultPath',
  'ItemsPath',
  'SecondsPath',
  'TimestampPath',
  'TimeoutSecondsPath',
  'HeartbeatSecondsPath',
  'ErrorPath',
  'CausePath',
]
const NULLABLE = ['InputPath', 'OutputPath', 'ResultPath']
const MAX_SECONDS = 99_999_999
const INTEGERS: readonly (readonly [name: string, min: number, max: number])[] = [
  ['Seconds', 0, MAX_SECONDS],
  ['TimeoutSeconds', 1, MAX_SECONDS],
  ['HeartbeatSeconds', 1, MAX_SECONDS],
  ['MaxConcurrency', 0, MAX_SECONDS],
]

/** Reads the fields that are paths, templates, numbers and times. */
export function readFields(place: Place, state: JsonObject): void {
  for (const field of PATHS) readPathField(place, field, state[field])
  for (const field of ['Parameters', 'ResultSelector', 'ItemSelector']) {
    readingPaths(place, field, () => checkTemplate(state[field] ?? null))
  }
  for (const [field, min, max] of INTEGERS) {
    const value = state[field]
    if (value === undefined) continue
    if (!Number.isInteger(value) || Number(value) < min || Number(value) > max) {
      throw invalidField(place, field, `must be an integer between ${min} and ${max}`)
    }
  }
  for (const field of ['Error', 'Cause', 'Label']) {
    if (state[field] !== undefined && typeof state[field] !== 'string') {
      throw invalidField(place, field, 'must be a string')
    }
  }
  if (state.Timestamp !== undefined && asTime(state.Timestamp) === undefined) {
    throw invalidField(place, 'Timestamp', 'must be an ISO 8601 time')
  }
  requireOne(place, state)
}

/** Fields of which a state has one: how long it waits, and each limit as a value or as a path. */
function requireOne(place: Place, state: JsonObject): void {
  const given = (...fields: string[]) => fields.filter(field => state[field] !== undefined)
  if (state.Type === 'Wait' && given('Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath').length !== 1) {
    throw invalidField(place, 'Seconds', 'exactly one of Seconds, SecondsPath, Timestamp, TimestampPath')
  }
  for (const field of ['TimeoutSeconds', 'HeartbeatSeconds', 'Error', 'Cause']) {
    if (given(field, `${field}Path`).length > 1) throw invalidField(place, field, `not with ${field}Path`)
  }
  const { TimeoutSeconds: timeout, HeartbeatSeconds: heartbeat } = state
  if (timeout !== undefined && heartbeat !== undefined && Number(heartbeat) >= Number(timeout)) {
    throw invalidField(place, 'HeartbeatSeconds', 'must be smaller than TimeoutSeconds')
  }
}

function readPathField(place: Place, field: string, path: Json | undefined): void {
  if (path === undefined || (path === null && NULLABLE.includes(field))) return
  if (typeof path !== 'string') throw invalidField(place, field, 'must be a path')
  readingPaths(place, field, () => void (isIntrinsic(path) ? parseIntrinsic(path) : parsePath(path)))
}

/** Turns what the reader of paths says into a mistake of the definition. */
export function readingPaths(place: Place, field: string, read: () => void): void {
  try {
    read()
  } catch (error) {
    if (error instanceof StateError) throw invalidField(place, field, error.cause)
    throw error
  }
}

export const invalidField = (place: Place, field: string, reason: string): InvalidDefinition =>
  new InvalidDefinition('SCHEMA_VALIDATION_FAILED', `${field}: ${reason}`, `${place.at}/${field}`)

export function readTarget(place: Place, target: Json | undefined, states: JsonObject): void {
  if (typeof target === 'string' && Object.hasOwn(states, target)) return
  throw new InvalidDefinition(
    'MISSING_TRANSITION_TARGET',
    `${place.label} leads to ${JSON.stringify(target ?? 'nowhere')}, which is not a state`,
    `${place.at}/Next`,
  )
}
