import { type LocalCloud, type ResourceProvider, ServiceError, UnsupportedError } from '../../../contract.ts'
import { generatedName } from '../../../generated-name.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { parseExpression } from '../expression/parse.ts'
import { runSchedule } from '../run-schedule.ts'
import { DEFAULT_GROUP, type SchedulerState, type ScheduleTarget, type StoredSchedule } from '../state.ts'

const KNOWN = [
  'Name',
  'GroupName',
  'Description',
  'ScheduleExpression',
  'ScheduleExpressionTimezone',
  'FlexibleTimeWindow',
  'State',
  'StartDate',
  'EndDate',
  'Target',
]

/** `AWS::Scheduler::Schedule` with a Lambda function or a state machine as target, without a flexible window. */
export const schedule =
  (cloud: LocalCloud, state: SchedulerState): ResourceProvider =>
  ({ stackName, logicalId, type, properties }) => {
    refuseUnknown(type, properties, KNOWN)
    const window = properties.FlexibleTimeWindow?.Mode
    if (window !== 'OFF') throw new UnsupportedError(`${type} with FlexibleTimeWindow ${window}`)
    const groupName: string = properties.GroupName ?? DEFAULT_GROUP
    if (!state.groups.has(groupName)) {
      throw new ServiceError('ResourceNotFoundException', `Schedule group ${groupName} does not exist.`, 404)
    }
    const name: string = properties.Name ?? generatedName(stackName, logicalId)
    const stored: StoredSchedule = {
      name,
      groupName,
      arn: `arn:aws:scheduler:${cloud.region}:${cloud.accountId}:schedule/${groupName}/${name}`,
      ...(properties.Description ? { description: properties.Description } : {}),
      expression: properties.ScheduleExpression,
      timezone: properties.ScheduleExpressionTimezone ?? 'UTC',
      ...dateOf('startAt', properties.StartDate),
      ...dateOf('endAt', properties.EndDate),
      enabled: (properties.State ?? 'ENABLED') === 'ENABLED',
      createdAt: cloud.clock.now(),
      target: parseTarget(properties.Target),
    }
    register(cloud, stored)
    state.schedules.push(stored)
    return { ref: name, attributes: { Arn: stored.arn } }
  }

function register(cloud: LocalCloud, stored: StoredSchedule): void {
  const { startAt, endAt } = stored
  const occurrences = parseExpression(stored.expression, stored.timezone, startAt ?? stored.createdAt)
  if (!stored.enabled) return
  cloud.clock.every({
    label: `schedule ${stored.name}`,
    next(after) {
      const next = occurrences(startAt === undefined ? after : Math.max(after, startAt - 1))
      return next !== undefined && endAt !== undefined && next >= endAt ? undefined : next
    },
    run: scheduledAt => runSchedule(cloud, stored, scheduledAt),
  })
}

function dateOf(name: 'startAt' | 'endAt', iso: string | undefined) {
  if (iso === undefined) return {}
  const at = Date.parse(iso)
  if (Number.isNaN(at)) throw new ServiceError('ValidationException', `${iso} is not a date.`)
  return { [name]: at }
}

// biome-ignore lint/suspicious/noExplicitAny: a target as CloudFormation documents it; each member is parsed here.
function parseTarget(target: any): ScheduleTarget {
  refuseUnknown('AWS::Scheduler::Schedule Target', target, [
    'Arn',
    'RoleArn',
    'Input',
    'DeadLetterConfig',
    'RetryPolicy',
  ])
  if (!/^arn:aws:(lambda:.*:function:|states:.*:stateMachine:)/.test(target.Arn)) {
    throw new UnsupportedError(`schedule target ${target.Arn}`)
  }
  if (target.Input !== undefined) JSON.parse(target.Input)
  return {
    arn: target.Arn,
    roleArn: target.RoleArn,
    ...(target.Input === undefined ? {} : { input: target.Input }),
    ...(target.DeadLetterConfig?.Arn ? { deadLetterArn: target.DeadLetterConfig.Arn } : {}),
    maximumRetryAttempts: Number(target.RetryPolicy?.MaximumRetryAttempts ?? 185),
    maximumEventAgeSeconds: Number(target.RetryPolicy?.MaximumEventAgeInSeconds ?? 86_400),
  }
}
