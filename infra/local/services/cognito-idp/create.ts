import { UnsupportedError } from '../../contract.ts'
import type { Cognito } from './cognito.ts'
import type { ClientSettings, Group, PoolSettings, UserPool, UserPoolClient } from './state.ts'

const MAX_POOLS = 1_000

/** Adds an empty pool with new keys. */
export async function addPool(
  { cloud, state, createSigningKeys }: Cognito,
  id: string,
  settings: PoolSettings,
  fromTemplate: boolean,
): Promise<UserPool> {
  if (state.pools.size >= MAX_POOLS) throw new UnsupportedError(`more than ${MAX_POOLS} user pools`)
  const pool: UserPool = {
    ...settings,
    id,
    arn: `arn:aws:cognito-idp:${cloud.region}:${cloud.accountId}:userpool/${id}`,
    fromTemplate,
    createdAt: cloud.clock.now(),
    signingKeys: await createSigningKeys(),
    clients: new Map(),
    groups: new Map(),
    users: new Map(),
    sessions: new Map(),
    challenges: new Map(),
  }
  state.pools.set(id, pool)
  return pool
}

export function addClient(
  { cloud }: Cognito,
  pool: UserPool,
  id: string,
  settings: ClientSettings,
  made: { readonly secret?: string | undefined; readonly fromTemplate: boolean },
): UserPoolClient {
  const client: UserPoolClient = { ...settings, id, ...made, createdAt: cloud.clock.now() }
  pool.clients.set(id, client)
  return client
}

export function addGroup({ cloud }: Cognito, pool: UserPool, group: Omit<Group, 'createdAt'>): Group {
  const added = { ...group, createdAt: cloud.clock.now() }
  pool.groups.set(added.name, added)
  return added
}
