import type {
  AdminConfirmSignUpRequest,
  AdminConfirmSignUpResponse,
} from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import { adminUser, touched } from '../admin.ts'
import type { CognitoOperation } from '../cognito.ts'
import { notAuthorized } from '../errors.ts'
import { clientMetadata, poolId, username } from '../members.ts'

const INPUT = z.strictObject({
  UserPoolId: poolId,
  Username: username,
  ClientMetadata: clientMetadata,
}) satisfies z.ZodType<AdminConfirmSignUpRequest>

export const adminConfirmSignUp: CognitoOperation<typeof INPUT, AdminConfirmSignUpResponse> = {
  input: INPUT,
  run(cognito, input, context) {
    const { user } = adminUser(cognito, context, 'AdminConfirmSignUp', input)
    if (user.status !== 'UNCONFIRMED')
      throw notAuthorized(`User cannot be confirmed. Current status is ${user.status}`)
    // The address stays unverified: only a code or an administrator's attribute update verifies it.
    user.status = 'CONFIRMED'
    delete user.codes.signUp
    touched(cognito, user)
    return {}
  },
}
