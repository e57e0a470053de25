import { createHmac } from 'node:crypto'
import { notAuthorized } from './errors.ts'
import type { UserPoolClient } from './state.ts'

/**
 * Checks `SECRET_HASH = Base64(HMAC-SHA256(client secret, username + client id))`. `username` is the one in the request;
 * when a session is refreshed, where there is none, it is the user's own name (`sub`).
 * https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html#cognito-user-pools-computing-secret-hash
 */
export function checkSecretHash(client: UserPoolClient, username: string, given: string | undefined): void {
  if (client.secret === undefined) {
    if (given)
      throw notAuthorized(`Client ${client.id} is not configured for secret but secret hash was received`)
    return
  }
  if (!given)
    throw notAuthorized(`Client ${client.id} is configured with secret but SECRET_HASH was not received`)
  const expected = createHmac('sha256', client.secret)
    .update(username + client.id)
    .digest('base64')
  if (given !== expected) throw notAuthorized(`Unable to verify secret hash for client ${client.id}`)
}

/** Calls about refresh tokens bring the secret itself. */
export function checkClientSecret(client: UserPoolClient, given: string | undefined): void {
  if (client.secret === given) return
  throw notAuthorized(
    client.secret === undefined
      ? `Client ${client.id} is not configured for secret but secret was received`
      : 'Invalid client secret.',
  )
}
