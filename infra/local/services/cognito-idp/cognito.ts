import type { z } from 'zod'
import type { LocalCloud } from '../../contract.ts'
import type { ServiceOperation } from '../../input/operation.ts'
import { notFound } from './errors.ts'
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
  readonly createSigningKeys: () => Promise<UserPool['signingKeys']>
}

export type CognitoOperation<Schema extends z.ZodType, Output> = ServiceOperation<Cognito, Schema, Output>

export function poolOf(cognito: Cognito, id: string): UserPool {
  const pool = cognito.state.pools.get(id)
  if (!pool) throw notFound(`User pool ${id} does not exist.`)
  return pool
}

/** An app client and its pool. */
export function clientOf(cognito: Cognito, id: string): { pool: UserPool; client: UserPoolClient } {
  for (const pool of cognito.state.pools.values()) {
    const client = pool.clients.get(id)
    if (client) return { pool, client }
  }
  throw notFound(`User pool client ${id} does not exist.`)
}

/** An app client of a pool. */
export function clientIn(pool: UserPool, id: string): UserPoolClient {
  const client = pool.clients.get(id)
  if (!client) throw notFound(`User pool client ${id} does not exist.`)
  return client
}

/** Issuer of a pool's tokens. */
export const issuerOf = (cloud: Pick<LocalCloud, 'endpointUrl'>, poolId: string): string =>
  `${cloud.endpointUrl}/${poolId}`
