import { matchesParts } from '../../../input/wildcard.ts'
import { matchesCidr } from './cidr.ts'

/** Whether one of the alternatives of a leaf matches the value (`undefined`: the field is not there). */
export function matchesLeaf(alternatives: readonly unknown[], actual: unknown): boolean {
  return alternatives.some(alternative => matchesAlternative(alternative, actual))
}

function matchesAlternative(alternative: unknown, actual: unknown): boolean {
  if (isObject(alternative) && Object.hasOwn(alternative, 'exists')) {
    return alternative.exists === isLeafValue(actual)
  }
  const values = Array.isArray(actual) ? actual : [actual]
  return values.some(value => value !== undefined && matchesValue(alternative, value))
}

/** `exists` looks at leaves only: an object is none, and an empty list has none. */
function isLeafValue(actual: unknown): boolean {
  if (Array.isArray(actual)) return actual.some(isLeafValue)
  return actual !== undefined && !isObject(actual)
}

function matchesValue(alternative: unknown, value: unknown): boolean {
  if (!isObject(alternative)) return alternative === value
  const [name, operand] = Object.entries(alternative)[0] ?? ['', undefined]
  if (name === 'anything-but') return isScalar(value) && !matchesExcluded(operand, value)
  return matchesOperator(name, operand, value)
}

/** `anything-but` takes a value, a list of values, or one string operator whose operand may be a list. */
function matchesExcluded(operand: unknown, value: unknown): boolean {
  if (!isObject(operand)) return [operand].flat().includes(value)
  const [name, inner] = Object.entries(operand)[0] ?? ['', undefined]
  return [inner].flat().some(one => matchesOperator(name, one, value))
}

function matchesOperator(name: string, operand: unknown, value: unknown): boolean {
  if (name === 'numeric') return typeof value === 'number' && matchesNumeric(operand, value)
  if (typeof value !== 'string') return false
  const folded = isObject(operand)
  const text = folded ? String(operand['equals-ignore-case']).toLowerCase() : String(operand)
  const subject = folded || name === 'equals-ignore-case' ? value.toLowerCase() : value
  switch (name) {
    case 'prefix':
      return subject.startsWith(text)
    case 'suffix':
      return subject.endsWith(text)
    case 'equals-ignore-case':
      return subject === text.toLowerCase()
    case 'wildcard':
      return matchesParts(partsOf(text), subject)
    case 'cidr':
      return matchesCidr(text, subject)
    default:
      return false
  }
}

function matchesNumeric(operand: unknown, value: number): boolean {
  const parts = Array.isArray(operand) ? operand : []
  for (let i = 0; i < parts.length; i += 2) {
    if (!COMPARISONS.get(parts[i])?.(value, parts[i + 1])) return false
  }
  return true
}

/** The operators of `numeric`. */
export const COMPARISONS: ReadonlyMap<string, (a: number, b: number) => boolean> = new Map([
  ['=', (a, b) => a === b],
  ['<', (a, b) => a < b],
  ['<=', (a, b) => a <= b],
  ['>', (a, b) => a > b],
  ['>=', (a, b) => a >= b],
])

/** The literal parts between the `*` of a wildcard; `\*` and `\\` stand for themselves. */
function partsOf(text: string): string[] {
  const parts = ['']
  for (const token of text.match(/\\[*\\]|./gs) ?? []) {
    if (token === '*') parts.push('')
    else parts.push(`${parts.pop()}${token.length === 2 ? token.slice(1) : token}`)
  }
  return parts
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isScalar = (value: unknown): boolean => value === null || typeof value !== 'object'
