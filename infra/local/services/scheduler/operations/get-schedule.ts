import { type OperationContext, ServiceError } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { DEFAULT_GROUP, type SchedulerState, type ScheduleTarget } from '../state.ts'

type Input = { Name?: string; groupName?: string }

/** `GET /schedules/{Name}`. https://docs.aws.amazon.com/scheduler/latest/APIReference/API_GetSchedule.html */
export const getSchedule = (state: SchedulerState) => (input: Input, context: OperationContext) => {
  refuseUnknown('scheduler GetSchedule', input, ['Name', 'groupName'])
  const groupName = input.groupName ?? DEFAULT_GROUP
  const schedule = state.schedules.find(one => one.name === input.Name && one.groupName === groupName)
  if (!schedule)
    throw new ServiceError('ResourceNotFoundException', `Schedule ${input.Name} does not exist.`, 404)
  context.authorize('scheduler:GetSchedule', schedule.arn)
  return {
    Arn: schedule.arn,
    Name: schedule.name,
    GroupName: schedule.groupName,
    Description: schedule.description,
    ScheduleExpression: schedule.expression,
    ScheduleExpressionTimezone: schedule.timezone,
    StartDate: schedule.startAt === undefined ? undefined : new Date(schedule.startAt),
    EndDate: schedule.endAt === undefined ? undefined : new Date(schedule.endAt),
    State: schedule.enabled ? 'ENABLED' : 'DISABLED',
    FlexibleTimeWindow: { Mode: 'OFF' },
    ActionAfterCompletion: 'NONE',
    CreationDate: new Date(schedule.createdAt),
    LastModificationDate: new Date(schedule.createdAt),
    Target: describe(schedule.target),
  }
}

const describe = (target: ScheduleTarget) => ({
  Arn: target.arn,
  RoleArn: target.roleArn,
  Input: target.input,
  DeadLetterConfig: target.deadLetterArn === undefined ? undefined : { Arn: target.deadLetterArn },
  RetryPolicy: {
    MaximumRetryAttempts: target.maximumRetryAttempts,
    MaximumEventAgeInSeconds: target.maximumEventAgeSeconds,
  },
})
