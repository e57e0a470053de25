import type { z } from 'zod'
import { type LocalCloud, ServiceError } from '../../contract.ts'
import type { ServiceOperation } from '../../input/operation.ts'
import type { InputDialect } from '../../input/read-input.ts'
import type { LogsState } from './state.ts'

/** What every operation of this service works with. */
export type Logs = { readonly cloud: LocalCloud; readonly state: LogsState }

export type LogsOperation<Schema extends z.ZodType, Output> = ServiceOperation<Logs, Schema, Output>

export const DIALECT: InputDialect = { service: 'logs', invalid: 'InvalidParameterException' }

export const invalidParameter = (message: string): ServiceError =>
  new ServiceError('InvalidParameterException', message)
