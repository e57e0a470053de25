import type { OperationContext } from '../../contract.ts'
import { type Cognito, poolOf } from './cognito.ts'
import type { User, UserPool } from './state.ts'
import { userNamed } from './users.ts'

/** The pool of an administrator's call, which IAM has to allow. */
export function adminPool(
  cognito: Cognito,
  context: OperationContext,
  action: string,
  poolId: string,
): UserPool {
  const { region, accountId } = cognito.cloud
  context.authorize(`cognito-idp:${action}`, `arn:aws:cognito-idp:${region}:${accountId}:userpool/${poolId}`)
  return poolOf(cognito, poolId)
}

export function adminUser(
  cognito: Cognito,
  context: OperationContext,
  action: string,
  input: { UserPoolId: string; Username: string },
): { pool: UserPool; user: User } {
  const pool = adminPool(cognito, context, action, input.UserPoolId)
  return { pool, user: userNamed(pool, input.Username) }
}

/** Stamps a change of a user. */
export function touched(cognito: Cognito, user: User): void {
  user.modifiedAt = cognito.cloud.clock.now()
  cognito.cloud.clock.wrote()
}
