import { isObject, type Json, type JsonObject } from './json.ts'

/** A way from one state to another, with why it is taken where there is more than one. */
export type Transition = { readonly to: string; readonly label?: string }

/** Where a state may lead: its next state, its choices and what its failures are caught by. */
export function transitionsOf(state: JsonObject): Transition[] {
  const choices = objectsIn(state.Choices).flatMap(choice => target(choice.Next, describeRule(choice)))
  const catches = objectsIn(state.Catch).flatMap(catcher =>
    target(catcher.Next, Array.isArray(catcher.ErrorEquals) ? catcher.ErrorEquals.join(', ') : undefined),
  )
  return [...target(state.Next), ...choices, ...target(state.Default, 'default'), ...catches]
}

const target = (to: Json | undefined, label?: string): Transition[] =>
  typeof to === 'string' ? [{ to, ...(label === undefined ? {} : { label }) }] : []

const objectsIn = (value: Json | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : []

/** `$.status StringEquals paid`, `And`, … */
function describeRule(rule: JsonObject): string {
  const { Variable, Next: _next, Comment, ...rest } = rule
  if (typeof Comment === 'string') return Comment
  const [operator = '', operand = null] = Object.entries(rest)[0] ?? []
  if (typeof Variable !== 'string') return operator
  return `${Variable} ${operator} ${typeof operand === 'string' ? operand : JSON.stringify(operand)}`
}
