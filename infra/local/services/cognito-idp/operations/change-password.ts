import type { ChangePasswordRequest, ChangePasswordResponse } from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import type { CognitoOperation } from '../cognito.ts'
import { notAuthorized } from '../errors.ts'
import { password, token } from '../members.ts'
import { checkPassword, checkPolicy, hashPassword } from '../password.ts'
import { signedIn } from '../signed-in.ts'

const INPUT = z.strictObject({
  AccessToken: token,
  PreviousPassword: z.optional(password),
  ProposedPassword: password,
}) satisfies z.ZodType<ChangePasswordRequest>

export const changePassword: CognitoOperation<typeof INPUT, ChangePasswordResponse> = {
  input: INPUT,
  run(cognito, input) {
    const { pool, user } = signedIn(cognito, input.AccessToken)
    const now = cognito.cloud.clock.now()
    if (input.PreviousPassword === undefined) throw notAuthorized('Incorrect username or password.')
    checkPassword(user, input.PreviousPassword, now)
    checkPolicy(pool.passwordPolicy, input.ProposedPassword)
    user.password = hashPassword(input.ProposedPassword)
    user.modifiedAt = now
    cognito.cloud.clock.wrote()
    return {}
  },
}
