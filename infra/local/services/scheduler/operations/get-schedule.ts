import { z } from 'zod'
import { ServiceError } from '../../../contract.ts'
import { name } from '../members.ts'
import type { SchedulerOperation } from '../scheduler.ts'
import { DEFAULT_GROUP, type ScheduleTarget } from '../state.ts'

/** `GET /schedules/{Name}?groupName=`. docs.aws.amazon.com/scheduler/latest/APIReference/API_GetSchedule.html */
const input = z.strictObject({ Name: name, groupName: z.optional(name) })

export const getSchedule: SchedulerOperation<typeof input, object> = {
  input,
  run({ cloud, state }, { Name, groupName = DEFAULT_GROUP }, context) {
    context.authorize(
      'scheduler:GetSchedule',
      `arn:aws:scheduler:${cloud.region}:${cloud.accountId}:schedule/${groupName}/${Name}`,
    )
    const schedule = state.schedules.find(one => one.name === Name && one.groupName === groupName)
    if (!schedule) {
      throw new ServiceError('ResourceNotFoundException', `Schedule ${Name} does not exist.`, 404)
    }
    const { startAt, endAt } = schedule
    return {
      ActionAfterCompletion: 'NONE',
      Arn: schedule.arn,
      CreationDate: new Date(schedule.createdAt),
      ...(schedule.description === undefined ? {} : { Description: schedule.description }),
      ...(endAt === undefined ? {} : { EndDate: new Date(endAt) }),
      FlexibleTimeWindow: { Mode: 'OFF' },
      GroupName: schedule.groupName,
      LastModificationDate: new Date(schedule.createdAt),
      Name: schedule.name,
      ScheduleExpression: schedule.expression,
      ScheduleExpressionTimezone: schedule.timezone,
      ...(startAt === undefined ? {} : { StartDate: new Date(startAt) }),
      State: schedule.enabled ? 'ENABLED' : 'DISABLED',
      Target: describe(schedule.target),
    }
  },
}

const describe = (target: ScheduleTarget) => ({
  Arn: target.arn,
  ...(target.deadLetterArn === undefined ? {} : { DeadLetterConfig: { Arn: target.deadLetterArn } }),
  ...(target.input === undefined ? {} : { Input: target.input }),
  RetryPolicy: {
    MaximumEventAgeInSeconds: target.maximumEventAgeSeconds,
    MaximumRetryAttempts: target.maximumRetryAttempts,
  },
  RoleArn: target.roleArn,
})
