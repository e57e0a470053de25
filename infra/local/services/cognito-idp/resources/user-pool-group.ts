import { type ResourceProvider, ServiceError } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { type Cognito, poolOf } from '../cognito.ts'

/** `AWS::Cognito::UserPoolGroup`. */
export const userPoolGroup =
  (cognito: Cognito): ResourceProvider =>
  ({ stackName, logicalId, type, properties }) => {
    refuseUnknown(type, properties, ['UserPoolId', 'GroupName', 'Description', 'Precedence', 'RoleArn'])
    const pool = poolOf(cognito, properties.UserPoolId)
    const name: string = properties.GroupName ?? `${stackName}-${logicalId}`
    if (pool.groups.has(name))
      throw new ServiceError('GroupExistsException', 'A group with the name already exists.')
    pool.groups.set(name, {
      name,
      ...(properties.Description ? { description: properties.Description } : {}),
      ...(properties.Precedence === undefined ? {} : { precedence: Number(properties.Precedence) }),
      ...(properties.RoleArn ? { roleArn: properties.RoleArn } : {}),
      createdAt: cognito.cloud.clock.now(),
    })
    return { ref: name }
  }
