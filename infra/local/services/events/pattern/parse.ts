import { ServiceError } from '../../../contract.ts'
import { parseCidr } from './cidr.ts'
import type { EventPattern } from './matches.ts'
import { COMPARISONS, isObject } from './matches-leaf.ts'

const STRING_OPERATORS = ['prefix', 'suffix', 'equals-ignore-case', 'wildcard']

/**
 * Validates an event pattern given as an object or as JSON text. Throws `InvalidEventPatternException` for what
 * EventBridge refuses.
 */
export function parsePattern(given: unknown): EventPattern {
  const pattern = typeof given === 'string' ? parseJson(given) : given
  if (!isObject(pattern)) throw invalid('Filter is not an object')
  validateFields(pattern)
  return pattern as EventPattern
}

function validateFields(pattern: Record<string, unknown>): void {
  if (Object.keys(pattern).length === 0) throw invalid('Empty objects are not allowed')
  for (const [field, expected] of Object.entries(pattern)) {
    if (field === '$or') validateOr(expected)
    else if (isObject(expected)) validateFields(expected)
    else validateLeaf(field, expected)
  }
}

function validateOr(branches: unknown): void {
  if (!Array.isArray(branches) || branches.length < 2)
    throw invalid('There must have at least 2 Objects in $or relationship.')
  for (const branch of branches) {
    if (!isObject(branch)) throw invalid('Only objects are allowed in array which value of $or')
    validateFields(branch)
  }
}

function validateLeaf(field: string, alternatives: unknown): void {
  if (!Array.isArray(alternatives)) throw invalid(`"${field}" must be an object or an array`)
  if (alternatives.length === 0) throw invalid('Empty arrays are not allowed')
  for (const alternative of alternatives) {
    if (Array.isArray(alternative))
      throw invalid(`Match value must be String, number, true, false, or null ("${field}")`)
    if (isObject(alternative)) validateOperator(alternative)
  }
}

function validateOperator(alternative: Record<string, unknown>): void {
  const [name, operand] = only(alternative)
  if (name === 'exists') {
    if (typeof operand !== 'boolean') throw invalid('exists match pattern must be either true or false.')
  } else if (name === 'numeric') validateNumeric(operand)
  else if (name === 'anything-but') validateAnythingBut(operand)
  else if (name === 'cidr') validateCidr(operand)
  else if (STRING_OPERATORS.includes(name)) validateText(name, operand)
  else throw invalid(`Unrecognized match type ${name}`)
}

function validateText(name: string, operand: unknown): void {
  const folds =
    (name === 'prefix' || name === 'suffix') && isObject(operand) && only(operand)[0] === 'equals-ignore-case'
  const text = folds ? only(operand)[1] : operand
  if (typeof text !== 'string') throw invalid(`${name} match pattern must be a string`)
  if (name === 'wildcard') validateWildcard(text)
}

function validateWildcard(text: string): void {
  const tokens = text.match(/\\.?|\*+|[^\\*]/gs) ?? []
  if (tokens.some(token => token.startsWith('**'))) throw invalid('Consecutive wildcard characters')
  if (tokens.some(token => token.startsWith('\\') && !/^\\[*\\]$/.test(token))) {
    throw invalid('Invalid escape character')
  }
}

function validateCidr(operand: unknown): void {
  if (typeof operand !== 'string' || !parseCidr(operand)) throw invalid(`Malformed CIDR, one '/' required`)
}

function validateAnythingBut(operand: unknown): void {
  if (isObject(operand)) {
    const [name, inner] = only(operand)
    if (!STRING_OPERATORS.includes(name)) throw invalid(`Unsupported anything-but pattern: ${name}`)
    const texts = [inner].flat()
    if (texts.length === 0) throw invalid('Empty arrays are not allowed')
    for (const text of texts) {
      if (typeof text !== 'string') throw invalid(`${name} match pattern must be a string`)
      if (name === 'wildcard') validateWildcard(text)
    }
    return
  }
  const values = [operand].flat()
  const sorts = new Set(values.map(value => typeof value))
  if (values.length === 0 || sorts.size > 1 || !['string', 'number'].includes([...sorts][0] ?? '')) {
    throw invalid(
      'Inside anything but list, either all values are number or string, mixed type is not supported',
    )
  }
}

function validateNumeric(operand: unknown): void {
  const parts = Array.isArray(operand) ? operand : []
  const even = parts.length === 2 || parts.length === 4
  const sound = parts.every((part, i) =>
    i % 2 === 0 ? COMPARISONS.has(String(part)) : typeof part === 'number',
  )
  if (!even || !sound) throw invalid('Value of numeric must be an array of operators and numbers')
}

function only(object: Record<string, unknown>): [string, unknown] {
  const [entry, ...others] = Object.entries(object)
  if (!entry || others.length > 0) throw invalid('Only one key allowed in match expression')
  return entry
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw invalid('Filter is not valid JSON')
  }
}

const invalid = (reason: string): ServiceError =>
  new ServiceError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${reason}`)
