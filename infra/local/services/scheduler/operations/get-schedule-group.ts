import { z } from 'zod'
import { ServiceError } from '../../../contract.ts'
import { name } from '../members.ts'
import type { SchedulerOperation } from '../scheduler.ts'
import type { ScheduleGroup } from '../state.ts'

/** `GET /schedule-groups/{Name}`. docs.aws.amazon.com/scheduler/latest/APIReference/API_GetScheduleGroup.html */
const input = z.strictObject({ Name: name })

export const getScheduleGroup: SchedulerOperation<typeof input, object> = {
  input,
  run({ cloud, state }, { Name }, context) {
    context.authorize(
      'scheduler:GetScheduleGroup',
      `arn:aws:scheduler:${cloud.region}:${cloud.accountId}:schedule-group/${Name}`,
    )
    const group = state.groups.get(Name)
    if (!group) {
      throw new ServiceError('ResourceNotFoundException', `Schedule group ${Name} does not exist.`, 404)
    }
    return describeGroup(group)
  },
}

export const describeGroup = (group: ScheduleGroup) => ({
  Arn: group.arn,
  CreationDate: new Date(group.createdAt),
  LastModificationDate: new Date(group.createdAt),
  Name: group.name,
  State: 'ACTIVE',
})
