import type {
  AdminUpdateUserAttributesRequest,
  AdminUpdateUserAttributesResponse,
} from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import { adminUser, touched } from '../admin.ts'
import { attributesOf, checkKnown, checkMutable } from '../attributes.ts'
import type { CognitoOperation } from '../cognito.ts'
import { emailTaken } from '../errors.ts'
import { attributes, clientMetadata, poolId, username } from '../members.ts'
import { isTaken } from '../users.ts'

const INPUT = z.strictObject({
  UserPoolId: poolId,
  Username: username,
  UserAttributes: attributes,
  ClientMetadata: clientMetadata,
}) satisfies z.ZodType<AdminUpdateUserAttributesRequest>

export const adminUpdateUserAttributes: CognitoOperation<typeof INPUT, AdminUpdateUserAttributesResponse> = {
  input: INPUT,
  run(cognito, input, context) {
    const { pool, user } = adminUser(cognito, context, 'AdminUpdateUserAttributes', input)
    const changes = attributesOf(input.UserAttributes)
    checkKnown(pool, changes)
    checkMutable(pool, changes)
    const { email } = changes
    if (email !== undefined && isTaken(pool, email, user)) throw emailTaken()
    const unverified = email !== undefined && email !== user.attributes.email
    Object.assign(user.attributes, unverified ? { email_verified: 'false' } : {}, changes)
    touched(cognito, user)
    return {}
  },
}
