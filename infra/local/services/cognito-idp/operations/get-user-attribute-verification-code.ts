import type {
  GetUserAttributeVerificationCodeRequest,
  GetUserAttributeVerificationCodeResponse,
} from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import { UnsupportedError } from '../../../contract.ts'
import { checkAttempts, countAttempt } from '../attempts.ts'
import { sendCode } from '../codes.ts'
import type { CognitoOperation } from '../cognito.ts'
import { invalidParameter } from '../errors.ts'
import { attributeName, clientMetadata, token } from '../members.ts'
import { signedIn } from '../signed-in.ts'

const INPUT = z.strictObject({
  AccessToken: token,
  AttributeName: attributeName,
  ClientMetadata: clientMetadata,
}) satisfies z.ZodType<GetUserAttributeVerificationCodeRequest>

/** Mails a new code for an address that is not verified yet. */
export const getUserAttributeVerificationCode: CognitoOperation<
  typeof INPUT,
  GetUserAttributeVerificationCodeResponse
> = {
  input: INPUT,
  run(cognito, input) {
    if (input.AttributeName !== 'email')
      throw new UnsupportedError(`verifying the attribute ${input.AttributeName}`)
    const { pool, user } = signedIn(cognito, input.AccessToken)
    const email = user.pendingEmail ?? user.attributes.email
    if (!email) throw invalidParameter('User does not have an email.')
    if (user.pendingEmail === undefined && user.attributes.email_verified === 'true')
      throw invalidParameter('User already verified email')
    const now = cognito.cloud.clock.now()
    checkAttempts(user, 'attributeCode', now)
    countAttempt(user, 'attributeCode', now)
    return { CodeDeliveryDetails: sendCode(cognito, pool, user, 'email', email) }
  },
}
