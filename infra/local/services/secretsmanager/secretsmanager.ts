import type { z } from 'zod'
import { type LocalCloud, ServiceError } from '../../contract.ts'
import type { ServiceOperation } from '../../input/operation.ts'
import type { InputDialect } from '../../input/read-input.ts'
import type { SecretsState } from './state.ts'

/** What every operation of this service works with. */
export type SecretsManager = { readonly cloud: LocalCloud; readonly state: SecretsState }

export type SecretsOperation<Schema extends z.ZodType, Output> = ServiceOperation<
  SecretsManager,
  Schema,
  Output
>

export const DIALECT: InputDialect = { service: 'secretsmanager', invalid: 'ValidationException' }

export const invalidParameter = (message: string): ServiceError =>
  new ServiceError('InvalidParameterException', message)
export const invalidRequest = (message: string): ServiceError =>
  new ServiceError('InvalidRequestException', message)
export const notFound = (what = '.'): ServiceError =>
  new ServiceError('ResourceNotFoundException', `Secrets Manager can't find the specified secret${what}`)
export const exists = (message: string): ServiceError => new ServiceError('ResourceExistsException', message)
