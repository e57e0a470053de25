import type {
  AdminConfirmSignUpRequest,
  AdminConfirmSignUpResponse,
} from '@aws-sdk/client-cognito-identity-provider'
import type { OperationContext } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { adminUser, touched } from '../admin.ts'
import type { Cognito } from '../cognito.ts'
import { notAuthorized } from '../errors.ts'

export const adminConfirmSignUp =
  (cognito: Cognito) =>
  (input: AdminConfirmSignUpRequest, context: OperationContext): AdminConfirmSignUpResponse => {
    refuseUnknown('cognito-idp AdminConfirmSignUp', input, ['UserPoolId', 'Username', 'ClientMetadata'])
    const { user } = adminUser(cognito, context, 'AdminConfirmSignUp', input)
    if (user.status !== 'UNCONFIRMED')
      throw notAuthorized(`User cannot be confirmed. Current status is ${user.status}`)
    // The address stays unverified: only a code or an administrator's attribute update verifies it.
    user.status = 'CONFIRMED'
    touched(cognito, user)
    return {}
  }
