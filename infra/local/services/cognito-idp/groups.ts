import { notFound } from './errors.ts'
import type { Group, UserPool } from './state.ts'

export function groupNamed(pool: UserPool, name: string): Group {
  const group = pool.groups.get(name)
  if (!group) throw notFound('Group not found.')
  return group
}
