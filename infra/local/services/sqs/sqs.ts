import type { z } from 'zod'
import type { LocalCloud } from '../../contract.ts'
import type { ServiceOperation } from '../../input/operation.ts'
import type { InputDialect } from '../../input/read-input.ts'
import { missingParameter } from './errors.ts'
import type { Queue } from './state.ts'

/** What every operation of this service works with. */
export type Sqs = {
  readonly cloud: LocalCloud
  readonly queues: Map<string, Queue>
  /** Polls that wait for a message. */
  readonly waiting: Set<Poll>
}

/** `look` looks for messages again, `giveUp` answers that there are none. */
export type Poll = { look(): void; giveUp(): void }

export type SqsOperation<Schema extends z.ZodType, Output> = ServiceOperation<Sqs, Schema, Output>

export const DIALECT: InputDialect = {
  service: 'sqs',
  invalid: 'InvalidParameterValue',
  missing: missingParameter,
}
