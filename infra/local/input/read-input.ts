import type { z } from 'zod'
import { ServiceError, UnsupportedError } from '../contract.ts'

/** How a service words its refusals. */
export type InputDialect = {
  /** The service's name in messages: `sqs`. */
  readonly service: string
  /** Error code of a broken constraint: `ValidationException`. */
  readonly invalid: string
  /** What is said of a required member that is not there, where the service has words of its own for it. */
  readonly missing?: (member: string) => ServiceError
  /** Members whose values the service keeps out of its messages. */
  readonly sensitive?: ReadonlySet<string>
}

/**
 * Reads an operation's input as its schema says. Members that the local cloud does not know are refused by name, a wrong
 * JSON type is a `SerializationException`, and what breaks a constraint is told as AWS's validation tells it.
 */
export function readInput<T>(
  dialect: InputDialect,
  operation: string,
  schema: z.ZodType<T>,
  given: unknown,
): T {
  const input = withoutNulls(given)
  const read = schema.safeParse(input)
  if (read.success) return read.data
  const { issues } = read.error
  const unknown = issues.flatMap(issue =>
    issue.code === 'unrecognized_keys' ? issue.keys.map(key => [...issue.path, key].join('.')) : [],
  )
  if (unknown.length > 0) throw new UnsupportedError(`${dialect.service} ${operation}: ${unknown.join(', ')}`)
  const mistyped = issues.find(issue => isMistyped(issue, valueAt(input, issue.path)))
  if (mistyped) throw serialization(mistyped, valueAt(input, mistyped.path))
  const missing = issues.find(issue => valueAt(input, issue.path) === undefined)
  if (missing && dialect.missing) throw dialect.missing(missing.path.map(String).join('.'))
  const broken = issues.map(issue => constraint(dialect, issue, valueAt(input, issue.path)))
  const errors = broken.length === 1 ? '1 validation error' : `${broken.length} validation errors`
  throw new ServiceError(dialect.invalid, `${errors} detected: ${broken.join('; ')}`)
}

type Issue = z.core.$ZodIssue

function isMistyped(issue: Issue, value: unknown): boolean {
  if (value === undefined) return false
  if (issue.code === 'invalid_type') return issue.expected !== 'int' || typeof value !== 'number'
  return issue.code === 'invalid_value' && typeof value !== 'string'
}

/** The words of AWS's JSON reader. */
function serialization(issue: Issue, value: unknown): ServiceError {
  const expected = issue.code === 'invalid_type' ? issue.expected : 'string'
  if (expected === 'array') return unreadable('Expected list or null')
  if (expected === 'object' || expected === 'record') return unreadable('Expected map or null')
  if (Array.isArray(value)) return unreadable('Start of list found where not expected')
  if (typeof value === 'object') return unreadable('Start of structure or map found where not expected.')
  const token = typeof value === 'boolean' ? String(value).toUpperCase() : (typeof value).toUpperCase()
  const wanted = expected === 'boolean' ? 'a Boolean' : expected === 'string' ? 'a String' : 'an Integer'
  return unreadable(`${token}_VALUE can not be converted to ${wanted}`)
}

const unreadable = (message: string): ServiceError => new ServiceError('SerializationException', message)

function constraint({ sensitive }: InputDialect, issue: Issue, value: unknown): string {
  const broken = value === undefined ? 'Member must not be null' : issue.message
  const name = issue.path.findLast(part => typeof part === 'string')
  const told = name !== undefined && sensitive?.has(name) ? '' : ` ${shown(value)}`
  return `Value${told} at '${pathOf(issue.path)}' failed to satisfy constraint: ${broken}`
}

function shown(value: unknown): string {
  if (value === undefined) return 'null'
  return `'${typeof value === 'object' ? JSON.stringify(value) : String(value)}'`
}

/** `['Entries', 0, 'Id']` is told as `entries.1.member.id`. */
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

/** A member that is null is a member that is not there. Bytes and dates stay what they are. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value ?? undefined
  if (value instanceof Date || value instanceof Uint8Array) return value
  const members = Object.entries(value).filter(([, member]) => member !== null && member !== undefined)
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNulls(member)]))
}
