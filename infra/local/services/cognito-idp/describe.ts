import type { GroupType, UserType } from '@aws-sdk/client-cognito-identity-provider'
import type { Group, User, UserPool } from './state.ts'
import { attributeList } from './users.ts'

/** A user as lists and `AdminCreateUser` show them. */
export const describeUser = (user: User): UserType => ({
  Username: user.username,
  Attributes: attributeList(user),
  UserCreateDate: new Date(user.createdAt),
  UserLastModifiedDate: new Date(user.modifiedAt),
  Enabled: user.enabled,
  UserStatus: user.status,
})

export const describeGroup = (pool: UserPool, group: Group): GroupType => ({
  GroupName: group.name,
  UserPoolId: pool.id,
  ...(group.description ? { Description: group.description } : {}),
  ...(group.precedence === undefined ? {} : { Precedence: group.precedence }),
  ...(group.roleArn ? { RoleArn: group.roleArn } : {}),
  CreationDate: new Date(group.createdAt),
  LastModifiedDate: new Date(group.createdAt),
})
