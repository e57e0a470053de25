import { UnsupportedError } from '../../../contract.ts'
import { isOperator, operatorsOf } from './choice.ts'
import { isObject, type Json, type JsonObject } from './json.ts'
import { parsePath } from './json-path.ts'
import { invalidField, type Place, readingPaths, readTarget } from './read-fields.ts'

export function readChoices(place: Place, state: JsonObject, states: JsonObject): void {
  const { Choices, Default } = state
  if (!Array.isArray(Choices) || Choices.length === 0) {
    throw invalidField(place, 'Choices', 'must be a list of rules')
  }
  for (const choice of Choices) {
    readRule(place, choice)
    readTarget(place, isObject(choice) ? choice.Next : undefined, states)
  }
  if (Default !== undefined) readTarget(place, Default, states)
}

function readRule(place: Place, rule: Json | undefined): void {
  const wrong = (reason: string) => invalidField(place, 'Choices', reason)
  if (!isObject(rule)) throw wrong('a rule must be an object')
  const [operator, ...more] = operatorsOf(rule)
  if (operator === undefined || more.length > 0) throw wrong('a rule needs exactly one comparison')
  if (!isOperator(operator)) throw new UnsupportedError(`${place.label}: the choice operator ${operator}`)
  const operand = rule[operator]
  if (operator === 'And' || operator === 'Or') {
    if (!Array.isArray(operand) || operand.length === 0) throw wrong(`${operator} needs a list of rules`)
    for (const inner of operand) readRule(place, inner)
    return
  }
  if (operator === 'Not') {
    readRule(place, operand)
    return
  }
  const { Variable } = rule
  if (typeof Variable !== 'string') throw wrong('a comparison needs a Variable')
  readingPaths(place, 'Choices', () => void parsePath(Variable))
  if (operator.endsWith('Path')) {
    if (typeof operand !== 'string') throw wrong(`${operator} needs a path`)
    readingPaths(place, 'Choices', () => void parsePath(operand))
  }
}
