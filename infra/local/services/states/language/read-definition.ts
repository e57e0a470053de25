import { UnsupportedError } from '../../../contract.ts'
import { jsonDepth, MAX_JSON_DEPTH } from '../../../input/json-depth.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import type { Definition } from './definition.ts'
import { InvalidDefinition } from './invalid-definition.ts'
import { isObject, type Json, type JsonObject } from './json.ts'
import { requireReachable } from './reachable.ts'
import { readChoices } from './read-choices.ts'
import { readFailure } from './read-failure.ts'
import { type Place, readFields, readTarget } from './read-fields.ts'

const FLOW = ['Next', 'End']
const PATHS = ['InputPath', 'OutputPath']
const RESULT = ['Parameters', 'ResultSelector', 'ResultPath']
const FAILURE = ['Retry', 'Catch']
const FIELDS: ReadonlyMap<string, readonly string[]> = new Map([
  [
    'Task',
    [
      'Resource',
      'TimeoutSeconds',
      'TimeoutSecondsPath',
      'HeartbeatSeconds',
      'HeartbeatSecondsPath',
      ...FLOW,
      ...PATHS,
      ...RESULT,
      ...FAILURE,
    ],
  ],
  ['Choice', ['Choices', 'Default', ...PATHS]],
  ['Wait', ['Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath', ...FLOW, ...PATHS]],
  ['Pass', ['Result', 'Parameters', 'ResultPath', ...FLOW, ...PATHS]],
  ['Succeed', PATHS],
  ['Fail', ['Error', 'Cause', 'ErrorPath', 'CausePath']],
  ['Parallel', ['Branches', ...FLOW, ...PATHS, ...RESULT, ...FAILURE]],
  [
    'Map',
    [
      'ItemsPath',
      'ItemSelector',
      'ItemProcessor',
      'Iterator',
      'MaxConcurrency',
      'Label',
      ...FLOW,
      ...PATHS,
      ...RESULT,
      ...FAILURE,
    ],
  ],
])
const MAX_NAME = 80
const MAX_TIMEOUT_SECONDS = 99_999_999
const TASKS =
  /^(arn:aws:states:::(lambda:invoke|events:putEvents)|arn:aws:lambda:[\w-]+:\d+:function:[\w:$-]+)$/

/**
 * Parses a definition and refuses, by name, everything the interpreter does not do: JSONata, variables, task tokens,
 * distributed maps, other integrations. Mistakes Step Functions would refuse throw `InvalidDefinition`.
 */
export function readDefinition(source: string): Definition {
  const parsed = parse(source)
  readMachine({ at: '', label: 'the state machine', names: new Set() }, parsed)
  return parsed as unknown as Definition
}

function parse(source: string): JsonObject {
  const broken = (reason: string) => new InvalidDefinition('INVALID_JSON_DESCRIPTION', reason, '/')
  if (jsonDepth(source) > MAX_JSON_DEPTH) throw broken('The definition is nested too deeply')
  let parsed: Json
  try {
    parsed = JSON.parse(source) as Json
  } catch {
    throw broken('the definition is not JSON')
  }
  if (!isObject(parsed)) throw broken('the definition is not an object')
  return parsed
}

function readMachine(place: Place, given: Json | undefined): void {
  if (!isObject(given)) throw invalid(place, `${place.label} is not an object`)
  refuseUnknown(`${place.label}: fields`, given, [
    'StartAt',
    'States',
    'Comment',
    'Version',
    'TimeoutSeconds',
    'QueryLanguage',
    'ProcessorConfig',
  ])
  const { ProcessorConfig, States, StartAt, TimeoutSeconds } = given
  refuseOtherLanguage(place, given)
  if (isObject(ProcessorConfig) && (ProcessorConfig.Mode ?? 'INLINE') !== 'INLINE') {
    throw new UnsupportedError(`${place.label}: a ${String(ProcessorConfig.Mode)} map`)
  }
  if (!isObject(States) || typeof StartAt !== 'string' || !Object.hasOwn(States, StartAt)) {
    throw invalid(place, `${place.label} has no state to start at`)
  }
  const timeout = TimeoutSeconds ?? MAX_TIMEOUT_SECONDS
  if (!Number.isInteger(timeout) || Number(timeout) < 1 || Number(timeout) > MAX_TIMEOUT_SECONDS) {
    throw invalid(place, `TimeoutSeconds must be an integer between 1 and ${MAX_TIMEOUT_SECONDS}`)
  }
  for (const [name, state] of Object.entries(States)) {
    readState(
      { ...place, at: `${place.at}/States/${name}`, label: `the state '${name}'` },
      name,
      state,
      States,
    )
  }
  requireReachable(place, StartAt, States)
}

function refuseOtherLanguage({ label }: Place, { QueryLanguage }: JsonObject): void {
  if (QueryLanguage === undefined || QueryLanguage === 'JSONPath') return
  throw new UnsupportedError(`${label}: ${String(QueryLanguage)}`)
}

function readState(place: Place, name: string, state: Json, states: JsonObject): void {
  const { label } = place
  if (name === '' || name.length > MAX_NAME) {
    throw invalid(place, `the name of ${label} must have 1 to ${MAX_NAME} characters`)
  }
  if (place.names.has(name)) {
    throw new InvalidDefinition('DUPLICATE_STATE_NAME', `Duplicate State name: ${name}`, place.at)
  }
  place.names.add(name)
  if (!isObject(state) || typeof state.Type !== 'string') throw invalid(place, `${label} has no Type`)
  const fields = FIELDS.get(state.Type)
  if (fields === undefined) throw invalid(place, `${label} has the unknown type ${state.Type}`)
  refuseOtherLanguage(place, state)
  refuseUnknown(`${label}: fields`, state, ['Type', 'Comment', 'QueryLanguage', ...fields])
  if (!['Choice', 'Succeed', 'Fail'].includes(state.Type)) readFlow(place, state, states)
  readFields(place, state)
  readFailure(place, state, states)
  if (state.Type === 'Task') readTask(place, state)
  if (state.Type === 'Choice') readChoices(place, state, states)
  if (state.Type === 'Parallel') readBranches(place, state)
  if (state.Type === 'Map') readProcessor(place, state)
}

function readFlow(place: Place, state: JsonObject, states: JsonObject): void {
  if (state.End === true) {
    if (state.Next !== undefined) throw invalid(place, `${place.label} has both Next and End`)
    return
  }
  readTarget(place, state.Next, states)
}

function readTask({ label }: Place, state: JsonObject): void {
  const resource = String(state.Resource)
  if (!TASKS.test(resource)) throw new UnsupportedError(`${label}: the task resource ${resource}`)
}

function readBranches(place: Place, { Branches }: JsonObject): void {
  if (!Array.isArray(Branches) || Branches.length === 0)
    throw invalid(place, `${place.label} has no Branches`)
  for (const [index, branch] of Branches.entries()) {
    readMachine({ ...place, at: `${place.at}/Branches[${index}]` }, branch)
  }
}

function readProcessor(place: Place, { ItemProcessor, Iterator: iterator }: JsonObject): void {
  const field = ItemProcessor === undefined ? 'Iterator' : 'ItemProcessor'
  readMachine({ ...place, at: `${place.at}/${field}` }, ItemProcessor ?? iterator)
}

const invalid = (place: Place, reason: string): InvalidDefinition =>
  new InvalidDefinition('SCHEMA_VALIDATION_FAILED', reason, place.at || '/')
