import type { LocalCloud, Service } from '../../contract.ts'
import { getSchedule } from './operations/get-schedule.ts'
import { listSchedules } from './operations/list-schedules.ts'
import { schedule } from './resources/schedule.ts'
import { newGroup, scheduleGroup } from './resources/schedule-group.ts'
import { DEFAULT_GROUP, type SchedulerState } from './state.ts'

/** EventBridge Scheduler: every schedule is a recurring job of the local clock. */
export function createSchedulerService(cloud: LocalCloud): Service {
  const state: SchedulerState = {
    groups: new Map([[DEFAULT_GROUP, newGroup(cloud, DEFAULT_GROUP)]]),
    schedules: [],
  }
  return {
    name: 'scheduler',
    signingName: 'scheduler',
    protocol: 'rest-json',
    routes: [
      { method: 'GET', path: '/schedules', operation: 'ListSchedules' },
      { method: 'GET', path: '/schedules/{Name}', operation: 'GetSchedule' },
    ],
    operations: { GetSchedule: getSchedule(state), ListSchedules: listSchedules(cloud, state) },
    resources: {
      'AWS::Scheduler::Schedule': schedule(cloud, state),
      'AWS::Scheduler::ScheduleGroup': scheduleGroup(cloud, state),
    },
  }
}
