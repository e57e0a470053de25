import { type LocalCloud, type ResourceProvider, ServiceError } from '../../../contract.ts'
import { generatedName } from '../../../generated-name.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import type { Scheduler } from '../scheduler.ts'
import type { ScheduleGroup } from '../state.ts'

export const newGroup = (cloud: LocalCloud, name: string): ScheduleGroup => ({
  name,
  arn: `arn:aws:scheduler:${cloud.region}:${cloud.accountId}:schedule-group/${name}`,
  createdAt: cloud.clock.now(),
})

/** `AWS::Scheduler::ScheduleGroup`. */
export const scheduleGroup =
  ({ cloud, state }: Scheduler): ResourceProvider =>
  ({ stackName, logicalId, type, properties }) => {
    refuseUnknown(type, properties, ['Name', 'Tags'])
    const name = String(properties.Name ?? generatedName(stackName, logicalId))
    if (state.groups.has(name)) {
      throw new ServiceError('ConflictException', `Schedule group ${name} already exists.`, 409)
    }
    const group = newGroup(cloud, name)
    state.groups.set(name, group)
    return { ref: name, attributes: { Arn: group.arn } }
  }
