import type { z } from 'zod'
import type { LocalCloud, LocalTime } from '../../contract.ts'
import type { ServiceOperation } from '../../input/operation.ts'
import type { InputDialect } from '../../input/read-input.ts'

/** An alarm as its template describes it. */
export type Alarm = {
  readonly name: string
  readonly arn: string
  readonly createdAt: LocalTime
  /** Members that DescribeAlarms shows under the template's own names. */
  readonly settings: Readonly<Record<string, unknown>>
}

/** What every operation of this service works with. */
export type CloudWatch = {
  readonly cloud: Pick<LocalCloud, 'region' | 'accountId' | 'clock'>
  readonly alarms: Map<string, Alarm>
}

export type CloudWatchOperation<Schema extends z.ZodType, Output> = ServiceOperation<
  CloudWatch,
  Schema,
  Output
>

export const DIALECT: InputDialect = { service: 'cloudwatch', invalid: 'ValidationError' }
