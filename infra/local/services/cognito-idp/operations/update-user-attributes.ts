import type {
  UpdateUserAttributesRequest,
  UpdateUserAttributesResponse,
} from '@aws-sdk/client-cognito-identity-provider'
import { ServiceError } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { sendCode } from '../codes.ts'
import type { Cognito } from '../cognito.ts'
import { signedIn } from '../signed-in.ts'
import { attributesOf, checkWritable, findUser } from '../users.ts'

/** A new address gets a code; where the pool verifies before it updates, the old one stays until the code came back. */
export const updateUserAttributes =
  (cognito: Cognito) =>
  (input: UpdateUserAttributesRequest): UpdateUserAttributesResponse => {
    refuseUnknown('cognito-idp UpdateUserAttributes', input, [
      'AccessToken',
      'UserAttributes',
      'ClientMetadata',
    ])
    const { pool, user } = signedIn(cognito, input.AccessToken)
    const { email, ...others } = attributesOf(input.UserAttributes)
    checkWritable(pool, email === undefined ? others : { ...others, email })
    const emailChanges = email !== undefined && email !== user.attributes.email
    const owner = emailChanges ? findUser(pool, email) : undefined
    if (owner && owner !== user)
      throw new ServiceError('AliasExistsException', 'An account with the email already exists.')
    Object.assign(user.attributes, others)
    user.modifiedAt = cognito.cloud.clock.now()
    cognito.cloud.clock.wrote()
    if (!emailChanges) return { CodeDeliveryDetailsList: [] }
    if (pool.verifyEmailBeforeUpdate) user.pendingEmail = email
    else Object.assign(user.attributes, { email, email_verified: 'false' })
    return {
      CodeDeliveryDetailsList: pool.autoVerifyEmail ? [sendCode(cognito, pool, user, 'email', email)] : [],
    }
  }
