import type { GetUserRequest, GetUserResponse } from '@aws-sdk/client-cognito-identity-provider'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import type { Cognito } from '../cognito.ts'
import { signedIn } from '../signed-in.ts'
import { attributeList } from '../users.ts'

export const getUser =
  (cognito: Cognito) =>
  (input: GetUserRequest): GetUserResponse => {
    refuseUnknown('cognito-idp GetUser', input, ['AccessToken'])
    const { user } = signedIn(cognito, input.AccessToken)
    return { Username: user.username, UserAttributes: attributeList(user) }
  }
