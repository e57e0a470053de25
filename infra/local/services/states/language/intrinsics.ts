import { createHash, randomUUID } from 'node:crypto'
import { UnsupportedError } from '../../../contract.ts'
import { isObject, type Json, sameJson } from './json.ts'
import { findPath, parsePath, type Scope } from './json-path.ts'
import { StateError } from './state-error.ts'

/** A parsed intrinsic call; strings keep their escapes until they are used. */
export type Expression =
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly Expression[] }
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'text'; readonly raw: string }
  | { readonly kind: 'constant'; readonly value: Json }

type Intrinsic = (values: readonly Json[], expressions: readonly Expression[]) => Json

const MAX_ARRAY = 1000
const HASHES: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
}

/** docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html */
const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  'States.Format': format,
  'States.StringToJson': ([value]) => parseJson(text(value)),
  'States.JsonToString': ([value = null]) => JSON.stringify(value),
  'States.Array': values => [...values],
  'States.ArrayLength': ([value]) => list(value).length,
  'States.ArrayContains': ([value, wanted = null]) => list(value).some(item => sameJson(item, wanted)),
  'States.ArrayGetItem': ([value, index]) => {
    const item = list(value)[whole(index)]
    if (item === undefined) throw failure('the index is out of bounds')
    return item
  },
  'States.ArrayPartition': ([value, size]) => partition(list(value), whole(size)),
  'States.ArrayRange': ([first, last, step]) => range(whole(first), whole(last), whole(step)),
  'States.ArrayUnique': ([value]) =>
    list(value).filter((item, index, all) => all.findIndex(other => sameJson(other, item)) === index),
  'States.JsonMerge': ([a, b, deep]) => {
    if (!isObject(a) || !isObject(b)) throw failure('JsonMerge takes two objects')
    if (deep !== false)
      throw failure('JsonMerge only supports a shallow merge: the third argument must be false')
    return { ...a, ...b }
  },
  'States.MathAdd': ([a, b]) => whole(a) + whole(b),
  'States.MathRandom': values => {
    const [start, end, seed] = values
    if (seed !== undefined) throw new UnsupportedError('States.MathRandom with a seed')
    const low = whole(start)
    if (whole(end) <= low) throw failure('the end of MathRandom must be greater than its start')
    return low + Math.floor(Math.random() * (whole(end) - low))
  },
  'States.StringSplit': ([value, delimiters]) => {
    const separators = new Set(text(delimiters))
    const parts = ['']
    for (const char of text(value)) {
      if (separators.has(char)) parts.push('')
      else parts.push(`${parts.pop()}${char}`)
    }
    return parts.filter(part => part !== '')
  },
  'States.UUID': () => randomUUID(),
  'States.Hash': ([value = null, algorithm]) => {
    const name = HASHES[text(algorithm)]
    if (name === undefined) throw failure(`unknown hash algorithm ${text(algorithm)}`)
    return createHash(name)
      .update(typeof value === 'string' ? value : JSON.stringify(value))
      .digest('hex')
  },
  'States.Base64Encode': ([value]) => Buffer.from(text(value)).toString('base64'),
  'States.Base64Decode': ([value]) => Buffer.from(text(value), 'base64').toString(),
}

/** Arguments each intrinsic takes: exactly one number, or least and most. */
const ARITY: Readonly<Record<string, readonly [number, number]>> = {
  'States.Format': [1, 100],
  'States.Array': [0, MAX_ARRAY],
  'States.ArrayContains': [2, 2],
  'States.ArrayGetItem': [2, 2],
  'States.ArrayPartition': [2, 2],
  'States.ArrayRange': [3, 3],
  'States.JsonMerge': [3, 3],
  'States.MathAdd': [2, 2],
  'States.MathRandom': [2, 3],
  'States.StringSplit': [2, 2],
  'States.UUID': [0, 0],
  'States.Hash': [2, 2],
}

const failure = (what: string) => new StateError('States.IntrinsicFailure', what)

export const isIntrinsic = (expression: string): boolean => expression.startsWith('States.')

/** Evaluates an intrinsic call such as `States.Format('{}-{}', $.a, $$.Execution.Name)`. */
export function evaluateIntrinsic(expression: string, scope: Scope): Json {
  return evaluate(parseIntrinsic(expression), scope)
}

function evaluate(expression: Expression, scope: Scope): Json {
  switch (expression.kind) {
    case 'constant':
      return expression.value
    case 'text':
      return expression.raw.replace(/\\([\\'{}])/g, '$1')
    case 'path': {
      const value = findPath(expression.path, scope)
      if (value === undefined) throw failure(`the path '${expression.path}' could not be found in the input`)
      return value
    }
    case 'call': {
      const values = expression.arguments.map(argument => evaluate(argument, scope))
      const intrinsic = INTRINSICS[expression.name]
      if (intrinsic === undefined) throw new UnsupportedError(`the intrinsic function ${expression.name}`)
      return intrinsic(values, expression.arguments)
    }
  }
}

/** Parses one call and checks names, arity and paths; unknown intrinsics are refused by name. */
export function parseIntrinsic(source: string): Expression {
  const [expression, rest] = parseExpression(source.trim(), source)
  if (rest.trim() !== '') throw failure(`unexpected text after the call: ${source}`)
  return expression
}

function parseExpression(rest: string, source: string): [Expression, string] {
  const call = /^(States\.\w+)\(/.exec(rest)
  if (call?.[1] !== undefined) return parseCall(call[1], rest.slice(call[0].length), source)
  const quoted = /^'((?:[^'\\]|\\.)*)'/.exec(rest)
  if (quoted !== null) return [{ kind: 'text', raw: quoted[1] ?? '' }, rest.slice(quoted[0].length)]
  const constant = /^(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?=\s*[,)])/.exec(rest)
  if (constant?.[1] !== undefined) {
    return [{ kind: 'constant', value: JSON.parse(constant[1]) as Json }, rest.slice(constant[0].length)]
  }
  const path = /^\$(?:\[(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^\]])*\]|[^,)[\s])*/.exec(rest)
  if (path === null) throw failure(`cannot read ${source}`)
  parsePath(path[0])
  return [{ kind: 'path', path: path[0] }, rest.slice(path[0].length)]
}

function parseCall(name: string, afterOpening: string, source: string): [Expression, string] {
  if (!Object.hasOwn(INTRINSICS, name)) throw new UnsupportedError(`the intrinsic function ${name}`)
  const given: Expression[] = []
  let rest = afterOpening.trimStart()
  while (!rest.startsWith(')')) {
    const [argument, after] = parseExpression(rest, source)
    given.push(argument)
    rest = after.trimStart()
    if (rest.startsWith(',')) rest = rest.slice(1).trimStart()
    else if (!rest.startsWith(')')) throw failure(`cannot read ${source}`)
  }
  const [least, most] = ARITY[name] ?? [1, 1]
  if (given.length < least || given.length > most) throw failure(`${name} takes other arguments: ${source}`)
  return [{ kind: 'call', name, arguments: given }, rest.slice(1)]
}

/** `{}` takes the next argument; `\{` and `\}` stand for braces, when the template is written as text. */
function format(values: readonly Json[], expressions: readonly Expression[]): Json {
  const [first] = expressions
  const template = first?.kind === 'text' ? first.raw : text(values[0])
  const rest = values.slice(1)
  const result = template.replace(/\\([\\'{}])|\{\}/g, (_whole, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped
    if (rest.length === 0) throw failure('States.Format has more {} than arguments')
    const value = rest.shift() ?? null
    return typeof value === 'string' ? value : JSON.stringify(value)
  })
  if (rest.length > 0) throw failure('States.Format has more arguments than {}')
  return result
}

function text(value: Json | undefined): string {
  if (typeof value !== 'string') throw failure('an argument must be a string')
  return value
}

function list(value: Json | undefined): Json[] {
  if (!Array.isArray(value)) throw failure('an argument must be an array')
  return value
}

function whole(value: Json | undefined): number {
  if (typeof value !== 'number') throw failure('an argument must be a number')
  return Math.round(value)
}

function parseJson(value: string): Json {
  try {
    return JSON.parse(value) as Json
  } catch {
    throw failure('States.StringToJson got text that is not JSON')
  }
}

function partition(items: readonly Json[], size: number): Json[] {
  if (size < 1) throw failure('the size of ArrayPartition must be positive')
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )
}

function range(first: number, last: number, step: number): Json[] {
  const count = step === 0 ? 0 : Math.floor((last - first) / step) + 1
  if (count < 1 || count > MAX_ARRAY) throw failure(`ArrayRange must give 1 to ${MAX_ARRAY} items`)
  return Array.from({ length: count }, (_, index) => first + index * step)
}
