import type { LocalTime } from '../../contract.ts'

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
  readonly createdAt: LocalTime
  readonly target: ScheduleTarget
}

export type ScheduleGroup = { readonly name: string; readonly arn: string; readonly createdAt: LocalTime }

export type SchedulerState = {
  readonly groups: Map<string, ScheduleGroup>
  readonly schedules: StoredSchedule[]
}

export const DEFAULT_GROUP = 'default'
