import type { RevokeTokenRequest, RevokeTokenResponse } from '@aws-sdk/client-cognito-identity-provider'
import { ServiceError } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { type Cognito, clientOf } from '../cognito.ts'
import { invalidParameter } from '../errors.ts'
import { readJwt } from '../jwt.ts'

/** Ends the session of a refresh token, and with it every access token that came from it. Repeating it is fine. */
export const revokeToken =
  (cognito: Cognito) =>
  (input: RevokeTokenRequest): RevokeTokenResponse => {
    refuseUnknown('cognito-idp RevokeToken', input, ['Token', 'ClientId', 'ClientSecret'])
    const { pool, client } = clientOf(cognito, input.ClientId)
    if (client.secret !== undefined && client.secret !== input.ClientSecret) {
      throw new ServiceError('UnauthorizedException', 'Invalid client secret.')
    }
    if (!client.revocation)
      throw new ServiceError('UnsupportedOperationException', 'Token revocation is disabled for this client.')
    const token = input.Token ?? ''
    if (readJwt(pool.signingKey, token))
      throw new ServiceError('UnsupportedTokenTypeException', 'Unsupported token type.')
    const session = [...pool.sessions.values()].find(candidate => candidate.refreshToken === token)
    if (!session || session.clientId !== client.id) throw invalidParameter('Invalid refresh token.')
    session.revoked = true
    cognito.cloud.clock.wrote()
    return {}
  }
