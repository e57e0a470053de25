import { ServiceError, UnsupportedError } from '../../contract.ts'
import type { StatesOperation } from './states.ts'

/** Checks an operation's input: unknown and unsupported parameters are refused by name, wrong types as AWS does. */
export function readInput<Input>(
  operation: string,
  given: unknown,
  parameters: StatesOperation<Input, unknown>['parameters'],
): Input {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new ServiceError('SerializationException', 'The request body must be a JSON object')
  }
  const known = new Map<string, string>(Object.entries(parameters))
  const input: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null) continue
    const type = known.get(name)
    if (type === undefined || type === 'unsupported') {
      throw new UnsupportedError(`the parameter ${name} of Step Functions' ${operation}`)
    }
    if (typeof value !== type) throw new ServiceError('SerializationException', `${name} must be a ${type}`)
    input[name] = value
  }
  return input as Input
}
