import { z } from 'zod'
import { name, PAGE } from '../members.ts'
import { paginate } from '../paginate.ts'
import type { SchedulerOperation } from '../scheduler.ts'
import { describeGroup } from './get-schedule-group.ts'

/** `GET /schedule-groups`. docs.aws.amazon.com/scheduler/latest/APIReference/API_ListScheduleGroups.html */
const input = z.strictObject({ NamePrefix: z.optional(name), ...PAGE })

export const listScheduleGroups: SchedulerOperation<typeof input, object> = {
  input,
  run({ cloud, state }, query, context) {
    context.authorize(
      'scheduler:ListScheduleGroups',
      `arn:aws:scheduler:${cloud.region}:${cloud.accountId}:schedule-group/*`,
    )
    const found = [...state.groups.values()].filter(group => group.name.startsWith(query.NamePrefix ?? ''))
    const { items, ...more } = paginate(found, group => group.name, query)
    return { ScheduleGroups: items.map(describeGroup), ...more }
  },
}
