import type { LocalCloud } from '../../contract.ts'
import { invalidParameter, notFound } from './errors.ts'
import type { CognitoState, UserPool, UserPoolClient } from './state.ts'

export type OutgoingMail = {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html?: string
}

/** What every operation works on. */
export type Cognito = {
  readonly cloud: LocalCloud
  readonly state: CognitoState
  readonly sendMail: (mail: OutgoingMail) => void
}

export function poolOf(cognito: Cognito, id: string | undefined): UserPool {
  if (!id)
    throw invalidParameter(
      "1 validation error detected: Value null at 'userPoolId' failed to satisfy constraint: Member must not be null",
    )
  const pool = cognito.state.pools.get(id)
  if (!pool) throw notFound(`User pool ${id} does not exist.`)
  return pool
}

/** An app client and its pool. */
export function clientOf(
  cognito: Cognito,
  id: string | undefined,
): { pool: UserPool; client: UserPoolClient } {
  for (const pool of cognito.state.pools.values()) {
    const client = pool.clients.get(id ?? '')
    if (client) return { pool, client }
  }
  throw notFound(`User pool client ${id} does not exist.`)
}
