import type { ChangePasswordRequest, ChangePasswordResponse } from '@aws-sdk/client-cognito-identity-provider'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import type { Cognito } from '../cognito.ts'
import { checkPassword, checkPolicy, hashPassword } from '../password.ts'
import { signedIn } from '../signed-in.ts'

export const changePassword =
  (cognito: Cognito) =>
  (input: ChangePasswordRequest): ChangePasswordResponse => {
    refuseUnknown('cognito-idp ChangePassword', input, [
      'AccessToken',
      'PreviousPassword',
      'ProposedPassword',
    ])
    const { pool, user } = signedIn(cognito, input.AccessToken)
    const now = cognito.cloud.clock.now()
    checkPassword(user, input.PreviousPassword ?? '', now)
    checkPolicy(pool.passwordPolicy, input.ProposedPassword)
    user.password = hashPassword(input.ProposedPassword)
    user.modifiedAt = now
    cognito.cloud.clock.wrote()
    return {}
  }
