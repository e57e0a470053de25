import { type ResourceProvider, ServiceError } from '../../../contract.ts'
import { generatedName } from '../../../generated-name.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { createGroup } from '../append.ts'
import { logGroupArn } from '../arn.ts'
import type { Logs } from '../logs.ts'
import { checkRetention } from '../retention.ts'

/** `AWS::Logs::LogGroup`. */
export const logGroup =
  ({ cloud, state }: Logs): ResourceProvider =>
  ({ stackName, logicalId, type, properties }) => {
    refuseUnknown(type, properties, ['LogGroupName', 'RetentionInDays', 'LogGroupClass', 'Tags'])
    const name: string = properties.LogGroupName ?? generatedName(stackName, logicalId)
    const retention =
      properties.RetentionInDays === undefined
        ? undefined
        : checkRetention(Number(properties.RetentionInDays))
    if (state.groups.has(name)) {
      throw new ServiceError('ResourceAlreadyExistsException', 'The specified log group already exists')
    }
    createGroup(state, name, cloud.clock.now(), retention)
    return { ref: name, attributes: { Arn: `${logGroupArn(cloud, name)}:*` } }
  }
