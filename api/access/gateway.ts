import type { Limits } from '#kernel/schemas'

/** What access needs of API Gateway's control plane. Finding goes by name: names are how a crash is healed. */
export interface Gateway {
  /** The usage plan of this name that is attached to our API stage. */
  findUsagePlan(name: string): Promise<string | undefined>
  /** Attached to our API stage. Returns its id. */
  createUsagePlan(name: string, limits: Limits): Promise<string>
  /** Enabled keys with exactly this name. */
  findKeys(name: string): Promise<readonly CreatedKey[]>
  createKey(name: string): Promise<CreatedKey>
  /** Harmless when the key is in the plan already. */
  attachKey(usagePlanId: string, keyId: string): Promise<void>
  /** Harmless when the key is gone. */
  deleteKey(keyId: string): Promise<void>
}

export type CreatedKey = { readonly id: string; readonly value: string }
