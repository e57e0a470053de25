import { UnsupportedError } from '../../../contract.ts'
import { isObject, type Json, withMember } from './json.ts'
import { runtimeError, StateError } from './state-error.ts'

/** What paths are evaluated on: `$` is the state's input, `$$` the context object. */
export type Scope = { readonly input: Json; readonly context: Json }

type Step =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'slice'; readonly start: number | undefined; readonly end: number | undefined }
  | { readonly kind: 'descend' }

type Path = { readonly root: 'input' | 'context'; readonly steps: readonly Step[] }

const NEXT = [
  { kind: 'descend', pattern: /^\.\.(?=[\w*])|^\.\.(?=\[)/ },
  { kind: 'dotted', pattern: /^\.?([\p{L}_][\p{L}\p{N}_-]*)/u },
  { kind: 'wildcard', pattern: /^(?:\.?\*|\[\*\])/ },
  { kind: 'quoted', pattern: /^\[(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\]/ },
  { kind: 'index', pattern: /^\[(-?\d+)\]/ },
  { kind: 'slice', pattern: /^\[(-?\d*):(-?\d*)\]/ },
] as const

/** Parses a path; filters and functions of JSONPath are refused by name, nonsense throws `States.Runtime`. */
export function parsePath(text: string): Path {
  const context = text.startsWith('$$')
  let rest = text.slice(context ? 2 : 1)
  if (!text.startsWith('$')) throw runtimeError(`Invalid path '${text}'`)
  const steps: Step[] = []
  while (rest !== '') {
    const [step, length] = nextStep(text, rest, steps)
    steps.push(step)
    rest = rest.slice(length)
  }
  return { root: context ? 'context' : 'input', steps }
}

function nextStep(text: string, rest: string, before: readonly Step[]): [Step, number] {
  for (const { kind, pattern } of NEXT) {
    const found = pattern.exec(rest)
    if (found === null) continue
    const [whole, first = '', second = ''] = found
    const bare = kind === 'dotted' && !whole.startsWith('.') && before.at(-1)?.kind !== 'descend'
    if (bare) continue
    return [toStep(kind, first, second), whole.length]
  }
  if (/^\[[?(]/.test(rest) || /^\.\w+\(/.test(rest))
    throw new UnsupportedError(`the JSONPath expression ${text}`)
  throw runtimeError(`Invalid path '${text}'`)
}

function toStep(kind: (typeof NEXT)[number]['kind'], first: string, second: string): Step {
  switch (kind) {
    case 'descend':
      return { kind: 'descend' }
    case 'dotted':
      return { kind: 'name', name: first }
    case 'quoted':
      return { kind: 'name', name: (first || second).replace(/\\(.)/g, '$1') }
    case 'index':
      return { kind: 'index', index: Number(first) }
    case 'slice':
      return {
        kind: 'slice',
        start: first === '' ? undefined : Number(first),
        end: second === '' ? undefined : Number(second),
      }
    case 'wildcard':
      return { kind: 'wildcard' }
  }
}

/** The value at a path, or `undefined` when a definite path leads nowhere. Indefinite paths give a list. */
export function findPath(text: string, scope: Scope): Json | undefined {
  const path = parsePath(text)
  const start = path.root === 'context' ? scope.context : scope.input
  const found = path.steps.reduce<Json[]>(
    (values, step) => values.flatMap(value => take(value, step)),
    [start],
  )
  const definite = path.steps.every(step => step.kind === 'name' || step.kind === 'index')
  return definite ? found[0] : found
}

/** The value at a path; throws `States.Runtime` when it is not there. */
export function readPath(text: string, scope: Scope, field: string): Json {
  const value = findPath(text, scope)
  if (value === undefined) {
    throw runtimeError(
      `The JSONPath '${text}' specified for the field '${field}' could not be found in the input '${JSON.stringify(scope.input)}'`,
    )
  }
  return value
}

function take(value: Json, step: Step): Json[] {
  switch (step.kind) {
    case 'name': {
      const member = isObject(value) && Object.hasOwn(value, step.name) ? value[step.name] : undefined
      return member === undefined ? [] : [member]
    }
    case 'index': {
      const item = Array.isArray(value) ? value.at(step.index) : undefined
      return item === undefined ? [] : [item]
    }
    case 'slice':
      return Array.isArray(value) ? value.slice(step.start, step.end) : []
    case 'wildcard':
      return Array.isArray(value) ? value : isObject(value) ? Object.values(value) : []
    case 'descend':
      return [value, ...children(value).flatMap(child => take(child, step))]
  }
}

const children = (value: Json): Json[] =>
  Array.isArray(value) ? value : isObject(value) ? Object.values(value) : []

/** Puts a result into a document at a reference path (`ResultPath`), making the objects on the way. */
export function writePath(text: string, document: Json, value: Json): Json {
  const { root, steps } = parsePath(text)
  if (root === 'context') throw runtimeError(`Invalid ResultPath '${text}'`)
  return write(text, steps, document, value)
}

function write(text: string, steps: readonly Step[], document: Json | undefined, value: Json): Json {
  const [step, ...rest] = steps
  if (step === undefined) return value
  if (step.kind === 'name' && (document === undefined || isObject(document))) {
    const target = document ?? {}
    const before = Object.hasOwn(target, step.name) ? target[step.name] : undefined
    return withMember(target, step.name, write(text, rest, before, value))
  }
  if (step.kind === 'index' && Array.isArray(document) && step.index >= 0 && step.index < document.length) {
    return document.with(step.index, write(text, rest, document[step.index], value))
  }
  throw new StateError(
    'States.ResultPathMatchFailure',
    `Unable to apply ReferencePath ${text} to input ${JSON.stringify(document)}`,
  )
}
