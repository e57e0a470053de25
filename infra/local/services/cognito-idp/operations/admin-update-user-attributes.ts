import type {
  AdminUpdateUserAttributesRequest,
  AdminUpdateUserAttributesResponse,
} from '@aws-sdk/client-cognito-identity-provider'
import type { OperationContext } from '../../../contract.ts'
import { ServiceError } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { adminUser, touched } from '../admin.ts'
import type { Cognito } from '../cognito.ts'
import { attributesOf, checkKnown, findUser } from '../users.ts'

export const adminUpdateUserAttributes =
  (cognito: Cognito) =>
  (input: AdminUpdateUserAttributesRequest, context: OperationContext): AdminUpdateUserAttributesResponse => {
    refuseUnknown('cognito-idp AdminUpdateUserAttributes', input, [
      'UserPoolId',
      'Username',
      'UserAttributes',
      'ClientMetadata',
    ])
    const { pool, user } = adminUser(cognito, context, 'AdminUpdateUserAttributes', input)
    const attributes = attributesOf(input.UserAttributes)
    checkKnown(pool, attributes)
    const owner = attributes.email === undefined ? undefined : findUser(pool, attributes.email)
    if (owner && owner !== user)
      throw new ServiceError('AliasExistsException', 'An account with the email already exists.')
    const unverified = attributes.email !== undefined && attributes.email !== user.attributes.email
    Object.assign(user.attributes, unverified ? { email_verified: 'false' } : {}, attributes)
    touched(cognito, user)
    return {}
  }
