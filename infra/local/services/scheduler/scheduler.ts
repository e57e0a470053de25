import type { z } from 'zod'
import type { LocalCloud } from '../../contract.ts'
import type { ServiceOperation } from '../../input/operation.ts'
import type { InputDialect } from '../../input/read-input.ts'
import type { SchedulerState } from './state.ts'

/** What every operation of this service works with. */
export type Scheduler = { readonly cloud: LocalCloud; readonly state: SchedulerState }

export type SchedulerOperation<Schema extends z.ZodType, Output> = ServiceOperation<Scheduler, Schema, Output>

export const DIALECT: InputDialect = { service: 'scheduler', invalid: 'ValidationException' }
