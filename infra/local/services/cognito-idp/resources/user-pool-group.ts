import { z } from 'zod'
import { type ResourceProvider, ServiceError } from '../../../contract.ts'
import { readInput } from '../../../input/read-input.ts'
import { type Cognito, poolOf } from '../cognito.ts'
import { addGroup } from '../create.ts'
import { DIALECT } from '../dialect.ts'
import { groupName, poolId } from '../members.ts'
import { count } from '../pool-members.ts'

const PROPERTIES = z.strictObject({
  UserPoolId: poolId,
  GroupName: z.optional(groupName),
  Description: z.optional(z.string()),
  Precedence: z.optional(count(0, 2 ** 31 - 1)),
  RoleArn: z.optional(z.string()),
})

/** `AWS::Cognito::UserPoolGroup`. */
export const userPoolGroup =
  (cognito: Cognito): ResourceProvider =>
  ({ stackName, logicalId, type, properties }) => {
    const given = readInput(DIALECT, type, PROPERTIES, properties)
    const pool = poolOf(cognito, given.UserPoolId)
    const name = given.GroupName ?? `${stackName}-${logicalId}`
    if (pool.groups.has(name))
      throw new ServiceError('GroupExistsException', 'A group with the name already exists.')
    addGroup(cognito, pool, {
      name,
      description: given.Description,
      precedence: given.Precedence,
      roleArn: given.RoleArn,
      fromTemplate: true,
    })
    return { ref: name }
  }
