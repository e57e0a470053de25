import { ServiceError } from '../../../contract.ts'

/** What EventBridge Scheduler answers to an expression that it cannot read. */
export const invalidExpression = (expression: string): ServiceError =>
  new ServiceError('ValidationException', `Invalid Schedule Expression ${expression}.`)
