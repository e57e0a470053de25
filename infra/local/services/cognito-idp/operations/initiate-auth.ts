import type { InitiateAuthRequest, InitiateAuthResponse } from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import {
  type Attempt,
  knownParameters,
  otherFlow,
  requireFlow,
  withPassword,
  withRefreshToken,
} from '../authenticate.ts'
import { withChoice } from '../choose-factor.ts'
import { type CognitoOperation, clientOf } from '../cognito.ts'
import { invalidParameter } from '../errors.ts'
import { AUTH_FLOWS } from '../flows.ts'
import { clientId, clientMetadata, session, strings } from '../members.ts'

const INPUT = z.strictObject({
  ClientId: clientId,
  AuthFlow: AUTH_FLOWS,
  AuthParameters: z.optional(strings),
  ClientMetadata: clientMetadata,
  Session: z.optional(session),
}) satisfies z.ZodType<InitiateAuthRequest>

/** Signs in with a password or a chosen factor, or refreshes a session. */
export const initiateAuth: CognitoOperation<typeof INPUT, InitiateAuthResponse> = {
  input: INPUT,
  run(cognito, input) {
    const attempt: Attempt = {
      cognito,
      ...clientOf(cognito, input.ClientId),
      parameters: input.AuthParameters ?? {},
    }
    switch (input.AuthFlow) {
      case 'USER_PASSWORD_AUTH':
        knownParameters(attempt, input.AuthFlow, ['USERNAME', 'PASSWORD'])
        requireFlow(attempt, 'USER_PASSWORD_AUTH', 'USER_PASSWORD_AUTH flow not enabled for this client')
        return withPassword(attempt)
      case 'USER_AUTH':
        return withChoice(attempt, input.Session)
      case 'REFRESH_TOKEN_AUTH':
      case 'REFRESH_TOKEN':
        return withRefreshToken(attempt)
      case 'ADMIN_USER_PASSWORD_AUTH':
      case 'ADMIN_NO_SRP_AUTH':
        throw invalidParameter('Initiate Auth method not supported.')
      default:
        return otherFlow(input.AuthFlow)
    }
  },
}
