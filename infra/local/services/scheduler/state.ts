import type { LocalTime, Timer } from '../../contract.ts'

export type ScheduleTarget = {
  readonly arn: string
  readonly roleArn: string
  readonly input?: string
  readonly deadLetterArn?: string
  readonly maximumRetryAttempts: number
  readonly maximumEventAgeSeconds: number
}

export type StoredSchedule = {
  readonly name: string
  readonly groupName: string
  readonly arn: string
  readonly description?: string
  readonly expression: string
  readonly timezone: string
  readonly startAt?: LocalTime
  readonly endAt?: LocalTime
  readonly enabled: boolean
  /** Rates count from here, also after a restart. */
  createdAt: LocalTime
  readonly target: ScheduleTarget
  /** Its job on the clock, while it is enabled. */
  job: Timer | undefined
}

export type ScheduleGroup = { readonly name: string; readonly arn: string; readonly createdAt: LocalTime }

export type SchedulerState = {
  readonly groups: Map<string, ScheduleGroup>
  readonly schedules: StoredSchedule[]
}

export const DEFAULT_GROUP = 'default'
