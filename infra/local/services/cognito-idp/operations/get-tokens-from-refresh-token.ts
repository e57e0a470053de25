import type {
  GetTokensFromRefreshTokenRequest,
  GetTokensFromRefreshTokenResponse,
} from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import { refreshable } from '../authenticate.ts'
import { type CognitoOperation, clientOf } from '../cognito.ts'
import { clientId, clientMetadata, clientSecret, token } from '../members.ts'
import { checkClientSecret } from '../secret-hash.ts'
import { issueTokens, rotate } from '../sessions.ts'

const INPUT = z.strictObject({
  RefreshToken: token,
  ClientId: clientId,
  ClientSecret: z.optional(clientSecret),
  ClientMetadata: clientMetadata,
}) satisfies z.ZodType<GetTokensFromRefreshTokenRequest>

/** Fresh tokens; where the client rotates, also a new refresh token, good for as long as the first. */
export const getTokensFromRefreshToken: CognitoOperation<typeof INPUT, GetTokensFromRefreshTokenResponse> = {
  input: INPUT,
  run(cognito, input) {
    const { pool, client } = clientOf(cognito, input.ClientId)
    checkClientSecret(client, input.ClientSecret)
    const { user, session } = refreshable({ cognito, pool, client }, input.RefreshToken)
    const tokens = issueTokens(cognito, pool, client, user, session)
    if (client.rotationGraceSeconds === undefined) return { AuthenticationResult: tokens }
    const { clock } = cognito.cloud
    rotate(session, input.RefreshToken, clock.now() + client.rotationGraceSeconds * 1000)
    clock.wrote()
    return { AuthenticationResult: { ...tokens, RefreshToken: session.refreshToken } }
  },
}
