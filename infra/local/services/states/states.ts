import type { z } from 'zod'
import { type LocalCloud, ServiceError } from '../../contract.ts'
import type { ServiceOperation } from '../../input/operation.ts'
import type { InputDialect } from '../../input/read-input.ts'
import type { Control } from './interpreter/run.ts'
import type { StatesState } from './state.ts'

/** What every operation of this service works with. */
export type States = {
  readonly cloud: LocalCloud
  readonly state: StatesState
  /** Running executions by ARN; not part of the state, a resumed execution gets a new one. */
  readonly running: Map<string, Control>
}

export type StatesOperation<Schema extends z.ZodType, Output> = ServiceOperation<States, Schema, Output>

export const DIALECT: InputDialect = { service: 'states', invalid: 'ValidationException' }

export const invalidArn = (reason: string): ServiceError =>
  new ServiceError('InvalidArn', `Invalid Arn: '${reason}'`)

/** An SDK output as JSON carries it: dates are seconds since the epoch, with milliseconds. */
export type Wire<T> = T extends Date
  ? number
  : T extends readonly (infer Item)[]
    ? Wire<Item>[]
    : T extends object
      ? { [K in keyof T]: Wire<T[K]> }
      : T

export const epochSeconds = (time: number): number => time / 1000
