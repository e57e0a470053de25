import type { Cognito } from './cognito.ts'
import { cognitoState, type UserPool } from './state.ts'

/** Puts people, their sessions and the pools' keys back. What a template makes stays as the template says now. */
export function restore({ state }: Cognito, saved: unknown): void {
  for (const [id, pool] of cognitoState.parse(saved).pools) {
    const templated = state.pools.get(id)
    if (templated) adopt(templated, pool)
    else if (!pool.fromTemplate) state.pools.set(id, pool)
  }
}

function adopt(pool: UserPool, saved: UserPool): void {
  const { createdAt, signingKeys, users, sessions, challenges } = saved
  Object.assign(pool, { createdAt, signingKeys, users, sessions, challenges })
  for (const [name, group] of saved.groups) if (!group.fromTemplate) pool.groups.set(name, group)
  for (const [id, client] of saved.clients) if (!client.fromTemplate) pool.clients.set(id, client)
  // A group that the template has given up takes its memberships along.
  for (const user of users.values())
    for (const name of user.groups) if (!pool.groups.has(name)) user.groups.delete(name)
}
