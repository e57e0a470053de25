import type {
  UpdateUserAttributesRequest,
  UpdateUserAttributesResponse,
} from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import { attributesOf, checkWritable } from '../attributes.ts'
import { sendCode } from '../codes.ts'
import type { CognitoOperation } from '../cognito.ts'
import { emailTaken } from '../errors.ts'
import { attributes, clientMetadata, token } from '../members.ts'
import { signedIn } from '../signed-in.ts'
import { isTaken } from '../users.ts'

const INPUT = z.strictObject({
  AccessToken: token,
  UserAttributes: attributes,
  ClientMetadata: clientMetadata,
}) satisfies z.ZodType<UpdateUserAttributesRequest>

/** A new address gets a code; where the pool verifies before it updates, the old one stays until the code came back. */
export const updateUserAttributes: CognitoOperation<typeof INPUT, UpdateUserAttributesResponse> = {
  input: INPUT,
  run(cognito, input) {
    const { pool, user } = signedIn(cognito, input.AccessToken)
    const { email, ...others } = attributesOf(input.UserAttributes)
    checkWritable(pool, email === undefined ? others : { ...others, email }, { existing: true })
    const emailChanges = email !== undefined && email !== user.attributes.email
    if (emailChanges && isTaken(pool, email, user)) throw emailTaken()
    Object.assign(user.attributes, others)
    user.modifiedAt = cognito.cloud.clock.now()
    cognito.cloud.clock.wrote()
    if (!emailChanges) return { CodeDeliveryDetailsList: [] }
    if (pool.verifyEmailBeforeUpdate) user.pendingEmail = email
    else Object.assign(user.attributes, { email, email_verified: 'false' })
    return {
      CodeDeliveryDetailsList: pool.autoVerifyEmail ? [sendCode(cognito, pool, user, 'email', email)] : [],
    }
  },
}
