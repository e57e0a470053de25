import type { GetUserRequest, GetUserResponse } from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import { attributeList } from '../attributes.ts'
import type { CognitoOperation } from '../cognito.ts'
import { token } from '../members.ts'
import { signedIn } from '../signed-in.ts'

const INPUT = z.strictObject({
  AccessToken: token,
}) satisfies z.ZodType<GetUserRequest>

export const getUser: CognitoOperation<typeof INPUT, GetUserResponse> = {
  input: INPUT,
  run(cognito, input) {
    const { user } = signedIn(cognito, input.AccessToken)
    return { Username: user.username, UserAttributes: attributeList(user) }
  },
}
