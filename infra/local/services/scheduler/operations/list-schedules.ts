import type { LocalCloud, OperationContext } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import type { SchedulerState } from '../state.ts'

type Input = {
  ScheduleGroup?: string
  NamePrefix?: string
  State?: string
  MaxResults?: string
  NextToken?: string
}

const DEFAULT_LIMIT = 100

/** `GET /schedules`. https://docs.aws.amazon.com/scheduler/latest/APIReference/API_ListSchedules.html */
export const listSchedules =
  (cloud: LocalCloud, state: SchedulerState) => (input: Input, context: OperationContext) => {
    refuseUnknown('scheduler ListSchedules', input, [
      'ScheduleGroup',
      'NamePrefix',
      'State',
      'MaxResults',
      'NextToken',
    ])
    context.authorize(
      'scheduler:ListSchedules',
      `arn:aws:scheduler:${cloud.region}:${cloud.accountId}:schedule/*/*`,
    )
    const found = state.schedules
      .filter(schedule => !input.ScheduleGroup || schedule.groupName === input.ScheduleGroup)
      .filter(schedule => schedule.name.startsWith(input.NamePrefix ?? ''))
      .filter(schedule => !input.State || stateOf(schedule.enabled) === input.State)
    const from = Number(input.NextToken ?? 0) || 0
    const to = from + Number(input.MaxResults ?? DEFAULT_LIMIT)
    return {
      Schedules: found.slice(from, to).map(schedule => ({
        Arn: schedule.arn,
        Name: schedule.name,
        GroupName: schedule.groupName,
        State: stateOf(schedule.enabled),
        CreationDate: new Date(schedule.createdAt),
        LastModificationDate: new Date(schedule.createdAt),
        Target: { Arn: schedule.target.arn },
      })),
      ...(to < found.length ? { NextToken: String(to) } : {}),
    }
  }

const stateOf = (enabled: boolean): string => (enabled ? 'ENABLED' : 'DISABLED')
