import type {
  AdminInitiateAuthRequest,
  AdminInitiateAuthResponse,
} from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import { adminPool } from '../admin.ts'
import {
  type Attempt,
  knownParameters,
  otherFlow,
  requireFlow,
  withPassword,
  withRefreshToken,
} from '../authenticate.ts'
import { withChoice } from '../choose-factor.ts'
import { type CognitoOperation, clientIn } from '../cognito.ts'
import { invalidParameter } from '../errors.ts'
import { AUTH_FLOWS } from '../flows.ts'
import { clientId, clientMetadata, poolId, session, strings } from '../members.ts'

const INPUT = z.strictObject({
  UserPoolId: poolId,
  ClientId: clientId,
  AuthFlow: AUTH_FLOWS,
  AuthParameters: z.optional(strings),
  ClientMetadata: clientMetadata,
  Session: z.optional(session),
}) satisfies z.ZodType<AdminInitiateAuthRequest>

/** Signs a user in from a server that has AWS credentials. */
export const adminInitiateAuth: CognitoOperation<typeof INPUT, AdminInitiateAuthResponse> = {
  input: INPUT,
  run(cognito, input, context) {
    const pool = adminPool(cognito, context, 'AdminInitiateAuth', input.UserPoolId)
    const client = clientIn(pool, input.ClientId)
    const attempt: Attempt = { cognito, pool, client, parameters: input.AuthParameters ?? {} }
    switch (input.AuthFlow) {
      case 'ADMIN_USER_PASSWORD_AUTH':
      case 'ADMIN_NO_SRP_AUTH':
        knownParameters(attempt, input.AuthFlow, ['USERNAME', 'PASSWORD'])
        requireFlow(attempt, 'ADMIN_USER_PASSWORD_AUTH', 'Auth flow not enabled for this client')
        return withPassword(attempt)
      case 'USER_AUTH':
        return withChoice(attempt, input.Session)
      case 'REFRESH_TOKEN_AUTH':
      case 'REFRESH_TOKEN':
        return withRefreshToken(attempt)
      case 'USER_PASSWORD_AUTH':
        throw invalidParameter('Initiate Auth method not supported.')
      default:
        return otherFlow(input.AuthFlow)
    }
  },
}
