import type { GlobalSignOutRequest, GlobalSignOutResponse } from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import type { CognitoOperation } from '../cognito.ts'
import { token } from '../members.ts'
import { revokeSessionsOf } from '../sessions.ts'
import { signedIn } from '../signed-in.ts'

const INPUT = z.strictObject({
  AccessToken: token,
}) satisfies z.ZodType<GlobalSignOutRequest>

/** Ends every session of the signed-in user. */
export const globalSignOut: CognitoOperation<typeof INPUT, GlobalSignOutResponse> = {
  input: INPUT,
  run(cognito, input) {
    const { pool, user } = signedIn(cognito, input.AccessToken)
    revokeSessionsOf(pool, user)
    cognito.cloud.clock.wrote()
    return {}
  },
}
