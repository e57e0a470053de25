import { matchesParts } from '../../../input/wildcard.ts'
import { isObject, type Json, type JsonObject } from './json.ts'
import { findPath, type Scope } from './json-path.ts'
import { runtimeError } from './state-error.ts'

type Compare = (value: Json, wanted: Json) => boolean
type Order = 'Equals' | 'LessThan' | 'GreaterThan' | 'LessThanEquals' | 'GreaterThanEquals'

const ORDERS: Readonly<Record<Order, (order: number) => boolean>> = {
  Equals: order => order === 0,
  LessThan: order => order < 0,
  GreaterThan: order => order > 0,
  LessThanEquals: order => order <= 0,
  GreaterThanEquals: order => order >= 0,
}

const COMPARISONS = new Map<string, Compare>([
  ...family('String', asText),
  ...family('Numeric', asNumber),
  ...family('Timestamp', asTime),
  ['BooleanEquals', (value, wanted) => typeof value === 'boolean' && value === wanted],
  ['StringMatches', (value, wanted) => typeof value === 'string' && matches(value, String(wanted))],
])

const TESTS = new Map<string, (value: Json) => boolean>([
  ['IsNull', value => value === null],
  ['IsNumeric', value => typeof value === 'number'],
  ['IsString', value => typeof value === 'string'],
  ['IsBoolean', value => typeof value === 'boolean'],
  ['IsTimestamp', value => asTime(value) !== undefined],
])

/** Operators of one rule, without `Variable` and the members that are no comparison. */
export const operatorsOf = (rule: JsonObject): string[] =>
  Object.keys(rule).filter(name => !['Variable', 'Next', 'Comment'].includes(name))

export const isOperator = (name: string): boolean =>
  ['And', 'Or', 'Not', 'IsPresent'].includes(name) ||
  TESTS.has(name) ||
  COMPARISONS.has(name) ||
  (name.endsWith('Path') && COMPARISONS.has(name.slice(0, -4)) && name !== 'StringMatchesPath')

/** Whether a choice rule holds. A variable that is not there is `States.Runtime`, except for `IsPresent`. */
export function evaluateRule(rule: JsonObject, scope: Scope): boolean {
  const [operator] = operatorsOf(rule)
  const operand = operator === undefined ? undefined : rule[operator]
  if (operator === undefined || operand === undefined) throw runtimeError('A choice rule has no comparison')
  if (operator === 'And') return rules(operand).every(inner => evaluateRule(inner, scope))
  if (operator === 'Or') return rules(operand).some(inner => evaluateRule(inner, scope))
  if (operator === 'Not' && isObject(operand)) return !evaluateRule(operand, scope)
  return compare(operator, operand, String(rule.Variable), scope)
}

function compare(operator: string, operand: Json, variable: string, scope: Scope): boolean {
  const value = findPath(variable, scope)
  if (operator === 'IsPresent') return (value !== undefined) === operand
  if (value === undefined) {
    throw runtimeError(
      `Invalid path '${variable}': The choice state's condition path references an invalid value.`,
    )
  }
  const test = TESTS.get(operator)
  if (test !== undefined) return test(value) === operand
  const direct = COMPARISONS.get(operator)
  if (direct !== undefined) return direct(value, operand)
  const byPath = COMPARISONS.get(operator.replace(/Path$/, ''))
  const wanted = findPath(String(operand), scope)
  if (byPath === undefined || wanted === undefined) {
    throw runtimeError(
      `Invalid path '${String(operand)}': The choice state's condition path references an invalid value.`,
    )
  }
  return byPath(value, wanted)
}

const rules = (value: Json): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : [])

/** The five orders of one type; values of another type never match. */
function family(prefix: string, read: (value: Json) => number | string | undefined): [string, Compare][] {
  return Object.entries(ORDERS).map(([name, holds]) => [
    `${prefix}${name}`,
    (value, wanted) => {
      const a = read(value)
      const b = read(wanted)
      return a !== undefined && b !== undefined && holds(a < b ? -1 : a > b ? 1 : 0)
    },
  ])
}

function asText(value: Json): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function asNumber(value: Json): number | undefined {
  return typeof value === 'number' ? value : undefined
}

const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/

/** Milliseconds since the epoch of an RFC 3339 text as the States Language wants it (capital T and Z). */
export function asTime(value: Json): number | undefined {
  const time = typeof value === 'string' && RFC_3339.test(value) ? Date.parse(value) : Number.NaN
  return Number.isNaN(time) ? undefined : time
}

/** `*` stands for any characters, `\\*` for an asterisk. */
function matches(text: string, pattern: string): boolean {
  const parts = ['']
  for (const token of pattern.match(/\\[\\*]|./gs) ?? []) {
    if (token === '*') parts.push('')
    else parts.push(`${parts.pop()}${token.length === 2 ? token.slice(1) : token}`)
  }
  return matchesParts(parts, text)
}
