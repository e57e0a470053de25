import type {
  AdminResetUserPasswordRequest,
  AdminResetUserPasswordResponse,
} from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import { adminUser, touched } from '../admin.ts'
import { sendCode, verifiedEmail } from '../codes.ts'
import type { CognitoOperation } from '../cognito.ts'
import { unreachable, wrongStateForReset } from '../errors.ts'
import { clientMetadata, poolId, username } from '../members.ts'

const INPUT = z.strictObject({
  UserPoolId: poolId,
  Username: username,
  ClientMetadata: clientMetadata,
}) satisfies z.ZodType<AdminResetUserPasswordRequest>

/** Ends the password and mails a code with which the user sets a new one. */
export const adminResetUserPassword: CognitoOperation<typeof INPUT, AdminResetUserPasswordResponse> = {
  input: INPUT,
  run(cognito, input, context) {
    const { pool, user } = adminUser(cognito, context, 'AdminResetUserPassword', input)
    if (user.status !== 'CONFIRMED' && user.status !== 'RESET_REQUIRED') throw wrongStateForReset()
    const email = verifiedEmail(user)
    if (email === undefined) throw unreachable()
    user.status = 'RESET_REQUIRED'
    sendCode(cognito, pool, user, 'forgotPassword', email)
    touched(cognito, user)
    return {}
  },
}
