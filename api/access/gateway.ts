import type { Limits } from '#kernel/schemas'

/** What access needs of API Gateway's control plane. Finding goes by name: names are how a crash is healed. */
export interface Gateway {
  /** The usage plan of this name that is attached to our API stage. */
  findUsagePlan(name: string): Promise<string | undefined>
  /** Every usage plan of the Region, whoever made it. */
  describeUsagePlans(): Promise<readonly UsagePlanView[]>
  /** Attached to our API stage. Returns its id. */
  createUsagePlan(name: string, limits: Limits): Promise<string>
  /** Enabled keys with exactly this name. */
  findKeys(name: string): Promise<readonly CreatedKey[]>
  createKey(name: string): Promise<CreatedKey>
  /** Harmless when the key is in the plan already. */
  attachKey(usagePlanId: string, keyId: string): Promise<void>
  /** Harmless when the key is gone. */
  deleteKey(keyId: string): Promise<void>
  /** Calls that were accepted on a UTC day (`2026-11-22`), by key; keys without any are left out. */
  countCalls(usagePlanId: string, day: string): Promise<ReadonlyMap<string, number>>
}

export type UsagePlanView = {
  readonly name: string
  readonly ratePerSecond: number
  readonly burst: number
  /** Attached to our API stage. */
  readonly hasStage: boolean
}

export type CreatedKey = { readonly id: string; readonly value: string }
