import type { z } from 'zod'
import { type Operation, ServiceError, UnsupportedError } from '../../contract.ts'
import type { ServiceOperation } from '../states/input/operation.ts'
import type { Cognito } from './cognito.ts'
import { invalidParameter } from './errors.ts'

/** Members whose values Cognito keeps out of its messages. */
const SENSITIVE = new Set([
  'AccessToken',
  'ClientId',
  'ClientSecret',
  'Password',
  'PreviousPassword',
  'ProposedPassword',
  'RefreshToken',
  'SecretHash',
  'Session',
  'TemporaryPassword',
  'Token',
  'Username',
  'Value',
])

// biome-ignore lint/suspicious/noExplicitAny: a table of operations with different inputs and outputs.
type AnyOperation = ServiceOperation<Cognito, any, unknown>

/** Operations as the endpoint calls them: the input is read first, then the operation runs on the pools. */
export function bindOperations(
  cognito: Cognito,
  operations: Readonly<Record<string, AnyOperation>>,
): Readonly<Record<string, Operation>> {
  return Object.fromEntries(
    Object.entries(operations).map(([name, operation]): [string, Operation] => [
      name,
      (given, context) => operation.run(cognito, readInput(name, operation.input, given), context),
    ]),
  )
}

/**
 * Reads an operation's input as its schema says. Members that the local cloud does not know are refused by name, a wrong
 * JSON type is a `SerializationException`, and what breaks a constraint is told as AWS's validation tells it.
 */
export function readInput<T>(operation: string, schema: z.ZodType<T>, given: unknown): T {
  const input = withoutNulls(given)
  const read = schema.safeParse(input)
  if (read.success) return read.data
  const { issues } = read.error
  const unknown = issues.flatMap(issue => (issue.code === 'unrecognized_keys' ? issue.keys : []))
  if (unknown.length > 0) throw new UnsupportedError(`cognito-idp ${operation}: ${unknown.join(', ')}`)
  const mistyped = issues.find(issue => isMistyped(issue, valueAt(input, issue.path)))
  if (mistyped) throw serialization(mistyped, valueAt(input, mistyped.path))
  const broken = issues.map(issue => constraint(issue, valueAt(input, issue.path)))
  const errors = broken.length === 1 ? '1 validation error' : `${broken.length} validation errors`
  throw invalidParameter(`${errors} detected: ${broken.join('; ')}`)
}

type Issue = z.core.$ZodIssue

function isMistyped(issue: Issue, value: unknown): boolean {
  if (value === undefined || value === null) return false
  return issue.code === 'invalid_type' || (issue.code === 'invalid_value' && typeof value !== 'string')
}

const EXPECTED: Readonly<Record<string, string>> = {
  boolean: 'Boolean',
  int: 'Integer',
  number: 'Integer',
  string: 'String',
}

function serialization(issue: Issue, value: unknown): ServiceError {
  const expected = issue.code === 'invalid_type' ? issue.expected : 'string'
  const scalar = EXPECTED[expected]
  if (scalar === undefined)
    return serializationError(`Expected ${expected === 'array' ? 'list' : 'map'} or null`)
  if (Array.isArray(value)) return serializationError('Start of list found where not expected')
  if (typeof value === 'object')
    return serializationError('Start of structure or map found where not expected.')
  const token = typeof value === 'boolean' ? `${value}`.toUpperCase() : `${typeof value}`.toUpperCase()
  return serializationError(
    `${token}_VALUE can not be converted to ${scalar === 'Integer' ? 'an' : 'a'} ${scalar}`,
  )
}

const serializationError = (message: string): ServiceError =>
  new ServiceError('SerializationException', message)

function constraint(issue: Issue, value: unknown): string {
  const name = String(issue.path.findLast(part => typeof part === 'string') ?? '')
  const shown = SENSITIVE.has(name)
    ? ''
    : value === undefined || value === null
      ? ' null'
      : ` '${String(value)}'`
  const broken = issue.code === 'invalid_type' ? 'Member must not be null' : issue.message
  return `Value${shown} at '${pathOf(issue.path)}' failed to satisfy constraint: ${broken}`
}

/** `['UserAttributes', 0, 'Name']` is told as `userAttributes.1.member.name`. */
const pathOf = (path: readonly PropertyKey[]): string =>
  path
    .map(part =>
      typeof part === 'number'
        ? `${part + 1}.member`
        : String(part).slice(0, 1).toLowerCase() + String(part).slice(1),
    )
    .join('.')

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
    value = Reflect.get(value, part)
  }
  return value
}

/** A member that is null is a member that is not there. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).filter(([, member]) => member !== null)
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNulls(member)]))
}
