import { UnsupportedError } from '../../contract.ts'
import { badRequest } from './errors.ts'
import type { Parameter } from './gateway.ts'

/**
 * Turns what arrived (path, query and body merged, under their wire names) into the SDK's own input. Unknown and
 * unsupported parameters are refused by name, wrong types as API Gateway refuses them.
 */
export function readInput<Input>(
  operation: string,
  given: unknown,
  parameters: { readonly [K in keyof Input]-?: Parameter },
): Input {
  if (given !== null && given !== undefined && (typeof given !== 'object' || Array.isArray(given))) {
    throw badRequest('Invalid request input')
  }
  const known = new Map(
    Object.entries<Parameter>(parameters).map(([name, parameter]) => [
      parameter.wire ?? name,
      { name, parameter },
    ]),
  )
  const input: Record<string, unknown> = {}
  for (const [wire, value] of Object.entries(given ?? {})) {
    if (value === undefined || value === null) continue
    const entry = known.get(wire)
    if (entry === undefined || entry.parameter.type === 'unsupported') {
      throw new UnsupportedError(`the parameter ${entry?.name ?? wire} of API Gateway's ${operation}`)
    }
    input[entry.name] = convert(entry.name, value, entry.parameter.type)
  }
  for (const [wire, { name, parameter }] of known) {
    if (parameter.required === true && input[name] === undefined) {
      throw badRequest(`Missing required parameter: ${wire}`)
    }
  }
  return input as Input
}

function convert(name: string, value: unknown, type: Parameter['type']): unknown {
  switch (type) {
    case 'string':
      if (typeof value === 'string') return value
      break
    case 'boolean':
      if (typeof value === 'boolean') return value
      if (value === 'true' || value === 'false') return value === 'true'
      break
    case 'number': {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
      if (typeof number === 'number' && Number.isFinite(number)) return number
      break
    }
    case 'object':
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
      break
    case 'list':
      if (Array.isArray(value)) return value
      break
    case 'texts':
      // A list in the query with one member arrives as that member.
      if (typeof value === 'string') return [value]
      if (Array.isArray(value) && value.every(entry => typeof entry === 'string')) return value
      break
    case 'unsupported':
      break
  }
  throw badRequest(`Invalid value for parameter ${name}: expected ${type}`)
}
