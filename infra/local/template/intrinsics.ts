import { UnsupportedError } from '../contract.ts'

/** JSON of a template: anything. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

export type Scope = {
  /** Value of `Ref`: a parameter, a pseudo parameter or a provisioned resource. Throws when there is none. */
  ref(name: string): Json
  getAtt(logicalId: string, attribute: string): Json
  importValue(name: string): Json
  condition(name: string): boolean
  mapping(name: string, first: string, second: string): Json
}

/** `Ref: AWS::NoValue`: the property that has it is left out. */
export const NO_VALUE = Symbol('AWS::NoValue')

type Value = Json | typeof NO_VALUE

const FUNCTIONS: Readonly<Record<string, (argument: Json, scope: Scope) => Value>> = {
  Ref: (argument, scope) => (argument === 'AWS::NoValue' ? NO_VALUE : scope.ref(text(argument, 'Ref'))),
  'Fn::GetAtt': getAtt,
  'Fn::Join': join,
  'Fn::Sub': substitute,
  'Fn::Select': select,
  'Fn::Split': split,
  'Fn::ImportValue': (argument, scope) =>
    scope.importValue(text(resolve(argument, scope), 'Fn::ImportValue')),
  'Fn::If': choose,
  'Fn::FindInMap': findInMap,
  'Fn::Base64': (argument, scope) =>
    Buffer.from(text(resolve(argument, scope), 'Fn::Base64')).toString('base64'),
}

/** Replaces every intrinsic function in `value`. Members that are `AWS::NoValue` are left out. */
export function resolve(value: Json, scope: Scope): Json {
  const resolved = resolveValue(value, scope)
  return resolved === NO_VALUE ? null : resolved
}

function resolveValue(value: Json, scope: Scope): Value {
  if (value === null || typeof value !== 'object') return value
  if (isList(value)) {
    return value.map(item => resolveValue(item, scope)).filter(item => item !== NO_VALUE)
  }
  const call = functionCall(value)
  if (call) return call.run(call.argument, scope)
  const entries = Object.entries(value).map(([key, item]) => [key, resolveValue(item, scope)] as const)
  return Object.fromEntries(entries.filter((entry): entry is [string, Json] => entry[1] !== NO_VALUE))
}

function functionCall(value: { readonly [key: string]: Json }) {
  const [name, ...others] = Object.keys(value)
  if (name === undefined || others.length > 0) return undefined
  const run = FUNCTIONS[name]
  const argument = value[name] ?? null
  if (run) return { run, argument }
  if (name.startsWith('Fn::')) throw new UnsupportedError(`the intrinsic function ${name}`)
  return undefined
}

/** Evaluates an entry of a template's `Conditions`. */
export function evaluateCondition(value: Json, scope: Scope): boolean {
  if (typeof value === 'object' && value !== null && !isList(value)) {
    const [name, ...others] = Object.keys(value)
    const argument = name === undefined ? null : (value[name] ?? null)
    if (others.length === 0) {
      if (name === 'Condition') return scope.condition(text(argument, 'Condition'))
      if (name === 'Fn::Not') return !evaluateCondition(list(argument, 'Fn::Not')[0] ?? null, scope)
      if (name === 'Fn::And')
        return list(argument, 'Fn::And').every(operand => evaluateCondition(operand, scope))
      if (name === 'Fn::Or')
        return list(argument, 'Fn::Or').some(operand => evaluateCondition(operand, scope))
      if (name === 'Fn::Equals') {
        const [left = null, right = null] = list(argument, 'Fn::Equals')
        return JSON.stringify(resolve(left, scope)) === JSON.stringify(resolve(right, scope))
      }
    }
  }
  throw new UnsupportedError(`the condition ${JSON.stringify(value)}`)
}

/** Names of what `value` refers to by `Ref`, `Fn::GetAtt` or `Fn::Sub`, resources and parameters alike. */
export function references(value: Json): Set<string> {
  const found = new Set<string>()
  collect(value, found)
  return found
}

function collect(value: Json, found: Set<string>): void {
  if (value === null || typeof value !== 'object') return
  if (isList(value)) {
    for (const item of value) collect(item, found)
    return
  }
  for (const [key, item] of Object.entries(value)) {
    if (key === 'Ref' && typeof item === 'string') found.add(item)
    if (key === 'Fn::GetAtt') found.add(attributePath(item)[0])
    if (key === 'Fn::Sub') for (const name of subNames(item)) found.add(name)
    collect(item, found)
  }
}

function subNames(argument: Json): string[] {
  const template = isList(argument) ? argument[0] : argument
  if (typeof template !== 'string') return []
  return [...template.matchAll(/\$\{([^!][^}]*)\}/g)].map(match => (match[1] ?? '').split('.')[0] ?? '')
}

function getAtt(argument: Json, scope: Scope): Json {
  const [logicalId, attribute] = attributePath(argument)
  return scope.getAtt(logicalId, attribute)
}

function attributePath(argument: Json): [string, string] {
  const parts = isList(argument) ? argument : text(argument, 'Fn::GetAtt').split('.')
  const [logicalId, ...rest] = parts.map(part => text(part, 'Fn::GetAtt'))
  if (logicalId === undefined || rest.length === 0) throw malformed('Fn::GetAtt', argument)
  return [logicalId, rest.join('.')]
}

function join(argument: Json, scope: Scope): Json {
  const [separator, items] = list(argument, 'Fn::Join')
  const parts = list(resolve(items ?? null, scope), 'Fn::Join')
  return parts.map(part => text(part, 'Fn::Join')).join(text(separator ?? null, 'Fn::Join'))
}

function substitute(argument: Json, scope: Scope): Json {
  const [template, variables] = isList(argument) ? argument : [argument, {}]
  const own = resolve(variables ?? {}, scope) as { readonly [key: string]: Json }
  return text(template ?? null, 'Fn::Sub').replace(/\$\{(!?)([^}]+)\}/g, (_match, literal, name: string) => {
    if (literal) return `\${${name}}`
    if (Object.hasOwn(own, name)) return text(own[name] ?? null, 'Fn::Sub')
    const dot = name.indexOf('.')
    const value = dot < 0 ? scope.ref(name) : scope.getAtt(name.slice(0, dot), name.slice(dot + 1))
    return text(value, 'Fn::Sub')
  })
}

function select(argument: Json, scope: Scope): Json {
  const [index, items] = list(argument, 'Fn::Select')
  const resolved = list(resolve(items ?? null, scope), 'Fn::Select')
  const chosen = resolved[Number(resolve(index ?? null, scope))]
  if (chosen === undefined) throw malformed('Fn::Select', argument)
  return chosen
}

function split(argument: Json, scope: Scope): Json {
  const [separator, source] = list(argument, 'Fn::Split')
  return text(resolve(source ?? null, scope), 'Fn::Split').split(text(separator ?? null, 'Fn::Split'))
}

function choose(argument: Json, scope: Scope): Value {
  const [condition, whenTrue, whenFalse] = list(argument, 'Fn::If')
  const chosen = scope.condition(text(condition ?? null, 'Fn::If')) ? whenTrue : whenFalse
  return resolveValue(chosen ?? null, scope)
}

function findInMap(argument: Json, scope: Scope): Json {
  const names = list(argument, 'Fn::FindInMap').map(name => text(resolve(name, scope), 'Fn::FindInMap'))
  const [map, first, second] = names
  if (map === undefined || first === undefined || second === undefined) {
    throw malformed('Fn::FindInMap', argument)
  }
  return scope.mapping(map, first, second)
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

function list(value: Json, name: string): readonly Json[] {
  if (!isList(value)) throw malformed(name, value)
  return value
}

function text(value: Json, name: string): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw malformed(name, value)
}

function malformed(name: string, argument: Json): Error {
  return new Error(`${name} has an argument CloudFormation does not take: ${JSON.stringify(argument)}`)
}
