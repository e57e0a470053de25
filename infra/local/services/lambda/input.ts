import { ServiceError } from '../../contract.ts'

/** A text member of an operation's input; `undefined` when it is not given. */
export function optionalText(input: object, member: string): string | undefined {
  const value = Object.getOwnPropertyDescriptor(input, member)?.value as unknown
  if (value === undefined || typeof value === 'string') return value
  throw new ServiceError('SerializationException', `${member} can not be converted to a String`, 400, {
    Type: 'User',
  })
}

export function requiredText(input: object, member: string): string {
  const value = optionalText(input, member)
  if (value !== undefined) return value
  throw constraintError('null', member, 'not be null')
}

/** A text member with few possible values. */
export function choice<const T extends string>(
  input: object,
  member: string,
  values: readonly T[],
): T | undefined {
  const given = optionalText(input, member)
  const value = values.find(one => one === given)
  if (given === undefined || value !== undefined) return value
  throw constraintError(`'${given}'`, member, `satisfy enum value set: [${values.join(', ')}]`)
}

/** A whole number from 1 to `max`, as a number or, from a query, as text. */
export function optionalCount(input: object, member: string, max: number): number | undefined {
  const value = Object.getOwnPropertyDescriptor(input, member)?.value as unknown
  if (value === undefined) return undefined
  const count = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value
  if (typeof count !== 'number' || !Number.isInteger(count)) {
    throw new ServiceError('SerializationException', `${member} can not be converted to an Integer`, 400, {
      Type: 'User',
    })
  }
  if (count < 1) throw constraintError(`'${count}'`, member, 'have value greater than or equal to 1')
  if (count > max) throw constraintError(`'${count}'`, member, `have value less than or equal to ${max}`)
  return count
}

function constraintError(value: string, member: string, constraint: string): ServiceError {
  const name = member[0]?.toLowerCase() + member.slice(1)
  const message = `1 validation error detected: Value ${value} at '${name}' failed to satisfy constraint: Member must ${constraint}`
  return new ServiceError('ValidationException', message, 400)
}
