import type { LocalCloud, LocalTime, Service } from '../../contract.ts'
import { bindOperations } from '../../input/operation.ts'
import { armSchedule } from './arm-schedule.ts'
import { getSchedule } from './operations/get-schedule.ts'
import { getScheduleGroup } from './operations/get-schedule-group.ts'
import { listScheduleGroups } from './operations/list-schedule-groups.ts'
import { listSchedules } from './operations/list-schedules.ts'
import { schedule } from './resources/schedule.ts'
import { newGroup, scheduleGroup } from './resources/schedule-group.ts'
import { DIALECT, type Scheduler } from './scheduler.ts'
import { DEFAULT_GROUP } from './state.ts'

/** When each schedule was made, by ARN: what its rate counts from. */
type SchedulerSnapshot = { readonly createdAt: ReadonlyMap<string, LocalTime> }

/** EventBridge Scheduler: every schedule is a recurring job of the local clock. */
export function createSchedulerService(cloud: LocalCloud): Service {
  const scheduler: Scheduler = {
    cloud,
    state: { groups: new Map([[DEFAULT_GROUP, newGroup(cloud, DEFAULT_GROUP)]]), schedules: [] },
  }
  return {
    name: 'scheduler',
    signingName: 'scheduler',
    protocol: 'rest-json',
    routes: [
      { method: 'GET', path: '/schedules', operation: 'ListSchedules' },
      { method: 'GET', path: '/schedules/{Name}', operation: 'GetSchedule' },
      { method: 'GET', path: '/schedule-groups', operation: 'ListScheduleGroups' },
      { method: 'GET', path: '/schedule-groups/{Name}', operation: 'GetScheduleGroup' },
    ],
    operations: bindOperations(DIALECT, scheduler, {
      GetSchedule: getSchedule,
      GetScheduleGroup: getScheduleGroup,
      ListScheduleGroups: listScheduleGroups,
      ListSchedules: listSchedules,
    }),
    resources: {
      'AWS::Scheduler::Schedule': schedule(scheduler),
      'AWS::Scheduler::ScheduleGroup': scheduleGroup(scheduler),
    },
    snapshot: (): SchedulerSnapshot => ({
      createdAt: new Map(scheduler.state.schedules.map(one => [one.arn, one.createdAt])),
    }),
    restore(state) {
      const { createdAt } = state as SchedulerSnapshot
      for (const one of scheduler.state.schedules) {
        one.createdAt = createdAt.get(one.arn) ?? one.createdAt
        armSchedule(scheduler, one)
      }
    },
  }
}
