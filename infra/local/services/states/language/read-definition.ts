import { ServiceError, UnsupportedError } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { isOperator, operatorsOf } from './choice.ts'
import { catchersOf, type Definition, retriersOf, type State } from './definition.ts'
import { isIntrinsic, parseIntrinsic } from './intrinsics.ts'
import { isObject, type Json, type JsonObject } from './json.ts'
import { parsePath } from './json-path.ts'
import { checkTemplate } from './payload-template.ts'
import { StateError } from './state-error.ts'

const FLOW = ['Next', 'End']
const PATHS = ['InputPath', 'OutputPath']
const RESULT = ['Parameters', 'ResultSelector', 'ResultPath']
const FAILURE = ['Retry', 'Catch']
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  Task: ['Resource', 'TimeoutSeconds', ...FLOW, ...PATHS, ...RESULT, ...FAILURE],
  Choice: ['Choices', 'Default', ...PATHS],
  Wait: ['Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath', ...FLOW, ...PATHS],
  Pass: ['Result', 'Parameters', 'ResultPath', ...FLOW, ...PATHS],
  Succeed: PATHS,
  Fail: ['Error', 'Cause', 'ErrorPath', 'CausePath'],
  Parallel: ['Branches', ...FLOW, ...PATHS, ...RESULT, ...FAILURE],
  Map: [
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
}
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
const TASKS =
  /^(arn:aws:states:::(lambda:invoke|events:putEvents)|arn:aws:lambda:[\w-]+:\d+:function:[\w:$-]+)$/

const invalid = (message: string) =>
  new ServiceError('InvalidDefinition', `Invalid State Machine Definition: ${message}`)

/**
 * Parses a definition and refuses, by name, everything the interpreter does not do: JSONata, variables, task tokens,
 * distributed maps, other integrations. Mistakes Step Functions would refuse throw `InvalidDefinition`.
 */
export function readDefinition(source: string): Definition {
  let parsed: unknown
  try {
    parsed = JSON.parse(source)
  } catch {
    throw invalid('the definition is not JSON')
  }
  try {
    return readMachine(parsed as Json, 'the state machine')
  } catch (error) {
    if (error instanceof StateError) throw invalid(error.cause)
    throw error
  }
}

function readMachine(given: Json | undefined, where: string): Definition {
  if (!isObject(given)) throw invalid(`${where} is not an object`)
  refuseUnknown(`${where}: fields`, given, [
    'StartAt',
    'States',
    'Comment',
    'Version',
    'TimeoutSeconds',
    'QueryLanguage',
    'ProcessorConfig',
  ])
  const { QueryLanguage, ProcessorConfig, States, StartAt } = given
  if (QueryLanguage !== undefined && QueryLanguage !== 'JSONPath')
    throw new UnsupportedError(`${where}: ${QueryLanguage}`)
  if (isObject(ProcessorConfig) && (ProcessorConfig.Mode ?? 'INLINE') !== 'INLINE') {
    throw new UnsupportedError(`${where}: a ${String(ProcessorConfig.Mode)} map`)
  }
  if (!isObject(States) || typeof StartAt !== 'string' || !Object.hasOwn(States, StartAt)) {
    throw invalid(`${where} has no state to start at`)
  }
  for (const [name, state] of Object.entries(States)) readState(name, state, States)
  return given as unknown as Definition
}

function readState(name: string, state: Json, states: JsonObject): void {
  const where = `the state '${name}'`
  if (!isObject(state) || typeof state.Type !== 'string') throw invalid(`${where} has no Type`)
  const fields = Object.hasOwn(FIELDS, state.Type) ? FIELDS[state.Type] : undefined
  if (fields === undefined) throw invalid(`${where} has the unknown type ${state.Type}`)
  if (state.QueryLanguage !== undefined && state.QueryLanguage !== 'JSONPath') {
    throw new UnsupportedError(`${where}: ${String(state.QueryLanguage)}`)
  }
  refuseUnknown(`${where}: fields`, state, ['Type', 'Comment', 'QueryLanguage', ...fields])
  readFlow(where, state as State, states)
  readPaths(state)
  readFailure(where, state as State, states)
  if (state.Type === 'Task') readTask(where, state)
  if (state.Type === 'Choice') readChoices(where, state, states)
  if (state.Type === 'Parallel') {
    for (const branch of Array.isArray(state.Branches) ? state.Branches : [undefined])
      readMachine(branch, where)
  }
  if (state.Type === 'Map') readMachine(state.ItemProcessor ?? state.Iterator, where)
}

function readFlow(where: string, state: State, states: JsonObject): void {
  if (['Choice', 'Succeed', 'Fail'].includes(state.Type)) return
  if (state.End === true) return
  readTarget(where, state.Next, states)
}

function readTarget(where: string, target: Json | undefined, states: JsonObject): void {
  if (typeof target !== 'string' || !Object.hasOwn(states, target)) {
    throw invalid(`${where} leads to ${JSON.stringify(target ?? 'nowhere')}, which is not a state`)
  }
}

function readPaths(state: JsonObject): void {
  for (const field of [
    ...PATHS,
    'ResultPath',
    'ItemsPath',
    'SecondsPath',
    'TimestampPath',
    'ErrorPath',
    'CausePath',
  ]) {
    const path = state[field]
    if (path === undefined || path === null) continue
    if (typeof path !== 'string') throw invalid(`${field} must be a path`)
    if (isIntrinsic(path)) parseIntrinsic(path)
    else parsePath(path)
  }
  for (const field of ['Parameters', 'ResultSelector', 'ItemSelector']) checkTemplate(state[field] ?? null)
}

function readFailure(where: string, state: State, states: JsonObject): void {
  const handlers = { Retry: retriersOf(state), Catch: catchersOf(state) }
  for (const [field, entries] of Object.entries(handlers)) {
    for (const [index, entry] of entries.entries()) {
      refuseUnknown(`${where}: members of ${field}`, entry, field === 'Retry' ? RETRIER : CATCHER)
      const names = entry.ErrorEquals
      if (!Array.isArray(names) || names.length === 0) throw invalid(`${where}: ${field} without ErrorEquals`)
      const all = names.includes('States.ALL')
      if (all && (names.length > 1 || index < entries.length - 1)) {
        throw invalid(`${where}: States.ALL must stand alone and last in ${field}`)
      }
      if (field === 'Catch') readTarget(where, (entry as { Next?: string }).Next, states)
    }
  }
}

function readTask(where: string, state: JsonObject): void {
  const resource = String(state.Resource)
  if (!TASKS.test(resource)) throw new UnsupportedError(`${where}: the task resource ${resource}`)
}

function readChoices(where: string, state: JsonObject, states: JsonObject): void {
  const choices = Array.isArray(state.Choices) ? state.Choices : []
  if (choices.length === 0) throw invalid(`${where} has no Choices`)
  for (const choice of choices) {
    if (!isObject(choice)) throw invalid(`${where} has a malformed choice`)
    readRule(where, choice)
    readTarget(where, choice.Next, states)
  }
  if (state.Default !== undefined) readTarget(where, state.Default, states)
}

function readRule(where: string, rule: JsonObject): void {
  const [operator, ...more] = operatorsOf(rule)
  if (operator === undefined || more.length > 0)
    throw invalid(`${where}: a choice rule needs exactly one comparison`)
  if (!isOperator(operator)) throw new UnsupportedError(`${where}: the choice operator ${operator}`)
  const operand = rule[operator]
  if (operator === 'And' || operator === 'Or') {
    for (const inner of Array.isArray(operand) ? operand : []) if (isObject(inner)) readRule(where, inner)
  } else if (operator === 'Not') {
    if (isObject(operand)) readRule(where, operand)
  } else {
    parsePath(String(rule.Variable))
    if (operator.endsWith('Path')) parsePath(String(operand))
  }
}
