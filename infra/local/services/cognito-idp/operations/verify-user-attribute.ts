import type {
  VerifyUserAttributeRequest,
  VerifyUserAttributeResponse,
} from '@aws-sdk/client-cognito-identity-provider'
import { UnsupportedError } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { takeCode } from '../codes.ts'
import type { Cognito } from '../cognito.ts'
import { signedIn } from '../signed-in.ts'

/** Takes the code of a changed e-mail address. */
export const verifyUserAttribute =
  (cognito: Cognito) =>
  (input: VerifyUserAttributeRequest): VerifyUserAttributeResponse => {
    refuseUnknown('cognito-idp VerifyUserAttribute', input, ['AccessToken', 'AttributeName', 'Code'])
    if (input.AttributeName !== 'email')
      throw new UnsupportedError(`verifying the attribute ${input.AttributeName}`)
    const { user } = signedIn(cognito, input.AccessToken)
    takeCode(user, 'email', 'verifyAttribute', input.Code, cognito.cloud.clock.now())
    if (user.pendingEmail !== undefined) user.attributes.email = user.pendingEmail
    user.pendingEmail = undefined
    user.attributes.email_verified = 'true'
    cognito.cloud.clock.wrote()
    return {}
  }
