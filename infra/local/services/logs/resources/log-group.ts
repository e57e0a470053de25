import { type LocalCloud, type ResourceProvider, ServiceError } from '../../../contract.ts'
import { generatedName } from '../../../generated-name.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { createGroup } from '../append.ts'
import { logGroupArn } from '../arn.ts'
import type { LogsState } from '../state.ts'

const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]

/** `AWS::Logs::LogGroup`. */
export const logGroup =
  (cloud: LocalCloud, state: LogsState): ResourceProvider =>
  ({ stackName, logicalId, type, properties }) => {
    refuseUnknown(type, properties, ['LogGroupName', 'RetentionInDays', 'LogGroupClass', 'Tags'])
    const name: string = properties.LogGroupName ?? generatedName(stackName, logicalId)
    const retention =
      properties.RetentionInDays === undefined ? undefined : Number(properties.RetentionInDays)
    if (retention !== undefined && !RETENTION_DAYS.includes(retention)) {
      throw new ServiceError(
        'InvalidParameterException',
        `RetentionInDays: ${retention} is not one of ${RETENTION_DAYS.join(', ')}`,
      )
    }
    if (state.groups.has(name))
      throw new ServiceError('ResourceAlreadyExistsException', 'The specified log group already exists')
    createGroup(state, name, cloud.clock.now(), retention)
    return { ref: name, attributes: { Arn: `${logGroupArn(cloud, name)}:*` } }
  }
