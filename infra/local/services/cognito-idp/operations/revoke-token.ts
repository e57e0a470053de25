import type { RevokeTokenRequest, RevokeTokenResponse } from '@aws-sdk/client-cognito-identity-provider'
import { z } from 'zod'
import { ServiceError } from '../../../contract.ts'
import { type CognitoOperation, clientOf } from '../cognito.ts'
import { invalidParameter } from '../errors.ts'
import { readJwt } from '../jwt.ts'
import { clientId, clientSecret, token } from '../members.ts'
import { sessionOf } from '../sessions.ts'

const INPUT = z.strictObject({
  Token: token,
  ClientId: clientId,
  ClientSecret: z.optional(clientSecret),
}) satisfies z.ZodType<RevokeTokenRequest>

/** Ends the session of a refresh token, and with it every access token that came from it. Repeating it is fine. */
export const revokeToken: CognitoOperation<typeof INPUT, RevokeTokenResponse> = {
  input: INPUT,
  run(cognito, input) {
    const { pool, client } = clientOf(cognito, input.ClientId)
    if (client.secret !== undefined && client.secret !== input.ClientSecret)
      throw new ServiceError('UnauthorizedException', 'Invalid client secret.')
    if (!client.revocation)
      throw new ServiceError('UnsupportedOperationException', 'Token revocation is disabled for this client.')
    const { id, access } = pool.signingKeys
    if (readJwt(id, input.Token) ?? readJwt(access, input.Token))
      throw new ServiceError('UnsupportedTokenTypeException', 'Unsupported token type.')
    const session = sessionOf(pool, input.Token)
    if (session?.clientId !== client.id) throw invalidParameter('Invalid refresh token.')
    session.revoked = true
    cognito.cloud.clock.wrote()
    return {}
  },
}
