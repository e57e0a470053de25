import type {
  VerifyUserAttributeRequest,
  VerifyUserAttributeResponse,
} from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import { UnsupportedError } from '../../../contract.ts'
import { takeCode } from '../codes.ts'
import type { CognitoOperation } from '../cognito.ts'
import { emailTaken } from '../errors.ts'
import { attributeName, code, token } from '../members.ts'
import { signedIn } from '../signed-in.ts'
import { isTaken } from '../users.ts'

const INPUT = z.strictObject({
  AccessToken: token,
  AttributeName: attributeName,
  Code: code,
}) satisfies z.ZodType<VerifyUserAttributeRequest>

/** Takes the code of a changed e-mail address. */
export const verifyUserAttribute: CognitoOperation<typeof INPUT, VerifyUserAttributeResponse> = {
  input: INPUT,
  run(cognito, input) {
    if (input.AttributeName !== 'email')
      throw new UnsupportedError(`verifying the attribute ${input.AttributeName}`)
    const { pool, user } = signedIn(cognito, input.AccessToken)
    takeCode(user, 'email', 'verifyAttribute', input.Code, cognito.cloud.clock.now())
    const { pendingEmail } = user
    if (pendingEmail !== undefined && isTaken(pool, pendingEmail, user)) throw emailTaken()
    if (pendingEmail !== undefined) user.attributes.email = pendingEmail
    delete user.pendingEmail
    user.attributes.email_verified = 'true'
    cognito.cloud.clock.wrote()
    return {}
  },
}
