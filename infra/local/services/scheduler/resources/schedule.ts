import { type ResourceProvider, ServiceError, UnsupportedError } from '../../../contract.ts'
import { generatedName } from '../../../generated-name.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { armSchedule } from '../arm-schedule.ts'
import type { Scheduler } from '../scheduler.ts'
import { DEFAULT_GROUP, type ScheduleTarget, type StoredSchedule } from '../state.ts'

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
const MAX_ATTEMPTS = 185
const MIN_AGE_SECONDS = 60
const MAX_AGE_SECONDS = 86_400

/** `AWS::Scheduler::Schedule` with a Lambda function or a state machine as target, without a flexible window. */
export const schedule =
  (scheduler: Scheduler): ResourceProvider =>
  ({ stackName, logicalId, type, properties }) => {
    const { cloud, state } = scheduler
    refuseUnknown(type, properties, KNOWN)
    const window = properties.FlexibleTimeWindow?.Mode
    if (window !== 'OFF') throw new UnsupportedError(`${type} with FlexibleTimeWindow ${window}`)
    const groupName = String(properties.GroupName ?? DEFAULT_GROUP)
    if (!state.groups.has(groupName)) {
      throw new ServiceError('ResourceNotFoundException', `Schedule group ${groupName} does not exist.`, 404)
    }
    const name = String(properties.Name ?? generatedName(stackName, logicalId))
    if (state.schedules.some(one => one.name === name && one.groupName === groupName)) {
      throw new ServiceError('ConflictException', `Schedule ${name} already exists.`, 409)
    }
    const stored: StoredSchedule = {
      name,
      groupName,
      arn: `arn:aws:scheduler:${cloud.region}:${cloud.accountId}:schedule/${groupName}/${name}`,
      ...(properties.Description ? { description: String(properties.Description) } : {}),
      expression: String(properties.ScheduleExpression),
      timezone: String(properties.ScheduleExpressionTimezone ?? 'UTC'),
      ...dateOf('startAt', properties.StartDate),
      ...dateOf('endAt', properties.EndDate),
      enabled: (properties.State ?? 'ENABLED') === 'ENABLED',
      createdAt: cloud.clock.now(),
      target: parseTarget(properties.Target),
      job: undefined,
    }
    armSchedule(scheduler, stored)
    state.schedules.push(stored)
    return { ref: name, attributes: { Arn: stored.arn } }
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
  const { Input: input, RetryPolicy: policy } = target
  return {
    arn: target.Arn,
    roleArn: target.RoleArn,
    ...(input === undefined ? {} : { input: jsonText(String(input)) }),
    ...(target.DeadLetterConfig?.Arn ? { deadLetterArn: target.DeadLetterConfig.Arn } : {}),
    maximumRetryAttempts: within('MaximumRetryAttempts', policy?.MaximumRetryAttempts, 0, MAX_ATTEMPTS),
    maximumEventAgeSeconds: within(
      'MaximumEventAgeInSeconds',
      policy?.MaximumEventAgeInSeconds,
      MIN_AGE_SECONDS,
      MAX_AGE_SECONDS,
    ),
  }
}

/** A function and a state machine take JSON only. */
function jsonText(input: string): string {
  try {
    JSON.parse(input)
    return input
  } catch {
    throw new ServiceError('ValidationException', `Invalid Input for target: ${input} is not JSON.`)
  }
}

/** The value, or the largest allowed when nothing is said: AWS's own default. */
function within(name: string, value: unknown, min: number, max: number): number {
  const number = value === undefined ? max : Number(value)
  if (Number.isInteger(number) && number >= min && number <= max) return number
  throw new ServiceError('ValidationException', `${name} must be between ${min} and ${max}.`)
}
