import { TransientError } from '../stripe/failure.ts'

/** A close that a person has to look at. Never retried, never taken over by the sweep. */
export class CloseHeld extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'CloseHeld'
  }
}

/** A step was invoked with a state that it cannot have: a defect of the machine. */
export class WorkflowStateInvalid extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'WorkflowStateInvalid'
  }
}

/** What a step throws, with the names that the machines retry on: trouble of AWS or of another service is transient. */
export function toStepError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof TransientError) return error
  const serverFault = '$fault' in error && error.$fault === 'server'
  if (!serverFault && !TRANSIENT_NAMES.has(error.name)) return error
  return new TransientError(`${error.name}: ${error.message}`, { cause: error })
}

const TRANSIENT_NAMES = new Set([
  'DynamoError',
  'InvokeError',
  'PublishError',
  'ThrottlingException',
  'TooManyRequestsException',
  'TimeoutError',
])
