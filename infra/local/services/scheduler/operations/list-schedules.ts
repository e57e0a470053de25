import { z } from 'zod'
import { ServiceError } from '../../../contract.ts'
import { choice } from '../../../input/members.ts'
import { name, PAGE } from '../members.ts'
import { paginate } from '../paginate.ts'
import type { SchedulerOperation } from '../scheduler.ts'

/** `GET /schedules`. docs.aws.amazon.com/scheduler/latest/APIReference/API_ListSchedules.html */
const input = z.strictObject({
  ScheduleGroup: z.optional(name),
  NamePrefix: z.optional(name),
  State: z.optional(choice('ENABLED', 'DISABLED')),
  ...PAGE,
})

export const listSchedules: SchedulerOperation<typeof input, object> = {
  input,
  run({ cloud, state }, query, context) {
    const { ScheduleGroup: group, NamePrefix = '', State } = query
    context.authorize(
      'scheduler:ListSchedules',
      `arn:aws:scheduler:${cloud.region}:${cloud.accountId}:schedule/${group ?? '*'}/*`,
    )
    if (group !== undefined && !state.groups.has(group)) {
      throw new ServiceError('ResourceNotFoundException', `Schedule group ${group} does not exist.`, 404)
    }
    const found = state.schedules
      .filter(schedule => group === undefined || schedule.groupName === group)
      .filter(schedule => schedule.name.startsWith(NamePrefix))
      .filter(schedule => State === undefined || stateOf(schedule.enabled) === State)
    const { items, ...more } = paginate(found, schedule => `${schedule.groupName}/${schedule.name}`, query)
    return {
      Schedules: items.map(schedule => ({
        Arn: schedule.arn,
        CreationDate: new Date(schedule.createdAt),
        GroupName: schedule.groupName,
        LastModificationDate: new Date(schedule.createdAt),
        Name: schedule.name,
        State: stateOf(schedule.enabled),
        Target: { Arn: schedule.target.arn },
      })),
      ...more,
    }
  },
}

const stateOf = (enabled: boolean) => (enabled ? 'ENABLED' : 'DISABLED')
