import type { GlobalSignOutRequest, GlobalSignOutResponse } from '@aws-sdk/client-cognito-identity-provider'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import type { Cognito } from '../cognito.ts'
import { revokeSessionsOf } from '../sessions.ts'
import { signedIn } from '../signed-in.ts'

/** Ends every session of the signed-in user. */
export const globalSignOut =
  (cognito: Cognito) =>
  (input: GlobalSignOutRequest): GlobalSignOutResponse => {
    refuseUnknown('cognito-idp GlobalSignOut', input, ['AccessToken'])
    const { pool, user } = signedIn(cognito, input.AccessToken)
    revokeSessionsOf(pool, user)
    cognito.cloud.clock.wrote()
    return {}
  }
