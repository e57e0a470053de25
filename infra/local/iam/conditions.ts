import { UnsupportedError } from '../contract.ts'
import { matchesArn, matchesPattern } from './pattern.ts'

type Condition = { readonly operator: string; readonly key: string; readonly values: readonly string[] }
export type Conditions = readonly Condition[]

type Operator = (value: string | undefined, expected: string) => boolean

/** A missing context key fails each of these except the negated ones, as in IAM. */
const OPERATORS: Readonly<Record<string, Operator>> = {
  StringEquals: (value, expected) => value === expected,
  StringNotEquals: (value, expected) => value !== expected,
  StringLike: (value, expected) => value !== undefined && matchesPattern(expected, value),
  ArnEquals: (value, expected) => value !== undefined && matchesArn(expected, value),
  ArnLike: (value, expected) => value !== undefined && matchesArn(expected, value),
  Bool: (value, expected) => value !== undefined && value.toLowerCase() === expected.toLowerCase(),
}

/** Operators whose values are alternatives are joined by "or"; of a negated one every value must hold. */
const NEGATED = new Set(['StringNotEquals'])

export function parseConditions(block: unknown, owner: string): Conditions {
  if (block === undefined) return []
  if (typeof block !== 'object' || block === null) throw new Error(`${owner}: Condition must be an object`)
  return Object.entries(block).flatMap(([operator, keys]) => {
    if (!Object.hasOwn(OPERATORS, operator)) {
      throw new UnsupportedError(`the condition operator ${operator} (${owner})`)
    }
    return Object.entries((keys ?? {}) as Record<string, unknown>).map(([key, value]) => ({
      operator,
      key: key.toLowerCase(),
      values: (Array.isArray(value) ? value : [value]).map(String),
    }))
  })
}

/** Whether all conditions hold. `context` has lower-case keys. */
export function conditionsHold(conditions: Conditions, context: Readonly<Record<string, string>>): boolean {
  return conditions.every(({ operator, key, values }) => {
    const test = OPERATORS[operator]
    if (!test) return false
    const holds = (expected: string) => test(context[key], expected)
    return NEGATED.has(operator) ? values.every(holds) : values.some(holds)
  })
}
