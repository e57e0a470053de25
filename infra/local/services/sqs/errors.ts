import { ServiceError } from '../../contract.ts'

/** Codes of the query protocol that differ from the exception's name; SDKs show these to their callers. */
const QUERY_CODES = new Map([
  ['QueueDoesNotExist', 'NonExistentQueue'],
  ['BatchEntryIdsNotDistinct', 'BatchEntryIdsNotDistinct'],
  ['BatchRequestTooLong', 'BatchRequestTooLong'],
  ['EmptyBatchRequest', 'EmptyBatchRequest'],
  ['InvalidBatchEntryId', 'InvalidBatchEntryId'],
  ['MessageNotInflight', 'MessageNotInflight'],
  ['PurgeQueueInProgress', 'PurgeQueueInProgress'],
  ['TooManyEntriesInBatchRequest', 'TooManyEntriesInBatchRequest'],
])

/** A refusal of SQS, under its name in the JSON protocol and, for SDKs that grew up with it, in the query protocol. */
export class SqsError extends ServiceError {
  constructor(code: string, message: string) {
    const legacy = QUERY_CODES.get(code)
    const queryCode = legacy === undefined ? code : `AWS.SimpleQueueService.${legacy}`
    super(code, message, 400, {}, { 'x-amzn-query-error': `${queryCode};Sender` })
  }
}

export const missingParameter = (name: string): SqsError =>
  new SqsError('MissingParameter', `The request must contain the parameter ${name}.`)

export const invalidParameter = (name: string, value: unknown, reason: string): SqsError =>
  new SqsError(
    'InvalidParameterValue',
    `Value ${String(value)} for parameter ${name} is invalid. Reason: ${reason}`,
  )

/** Throws unless the number lies within the bounds, in SQS's words. */
export function requireWithin(name: string, value: number | undefined, min: number, max: number): void {
  if (value === undefined || (value >= min && value <= max)) return
  const bounds = name === 'WaitTimeSeconds' ? `>= ${min} and <= ${max}` : `between ${min} and ${max}`
  throw invalidParameter(name, value, `Must be ${bounds}, if provided.`)
}
