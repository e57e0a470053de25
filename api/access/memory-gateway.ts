import type { Limits } from '#kernel/schemas'
import type { CreatedKey, Gateway } from './gateway.ts'

/** API Gateway's control plane in memory, for tests and simulation. */
export type MemoryGateway = Gateway & {
  readonly plans: ReadonlyMap<
    string,
    { readonly name: string; readonly limits: Limits; readonly keyIds: ReadonlySet<string> }
  >
  readonly keys: ReadonlyMap<string, CreatedKey & { readonly name: string }>
  /** What `countCalls` answers: usage plan → key → calls. */
  readonly calls: Map<string, Map<string, number>>
}

export function createMemoryGateway(): MemoryGateway {
  const plans = new Map<string, { name: string; limits: Limits; keyIds: Set<string> }>()
  const keys = new Map<string, CreatedKey & { name: string }>()
  const calls = new Map<string, Map<string, number>>()
  let count = 0
  return {
    plans,
    keys,
    calls,
    findUsagePlan: async name => [...plans].find(([, plan]) => plan.name === name)?.[0],
    describeUsagePlans: async () =>
      [...plans.values()].map(({ name, limits }) => ({ name, ...limits, hasStage: true })),
    async createUsagePlan(name, limits) {
      const id = `plan${++count}`
      plans.set(id, { name, limits, keyIds: new Set() })
      return id
    },
    findKeys: async name => [...keys.values()].filter(key => key.name === name),
    async createKey(name) {
      const id = `gk${++count}`
      const key = { id, value: `value-of-${id}`, name }
      keys.set(id, key)
      return key
    },
    async attachKey(usagePlanId, keyId) {
      const plan = plans.get(usagePlanId)
      if (!plan || !keys.has(keyId)) throw new Error(`There is no usage plan ${usagePlanId} or key ${keyId}`)
      plan.keyIds.add(keyId)
    },
    async deleteKey(keyId) {
      keys.delete(keyId)
      for (const plan of plans.values()) plan.keyIds.delete(keyId)
    },
    countCalls: async usagePlanId => new Map(calls.get(usagePlanId)),
  }
}
