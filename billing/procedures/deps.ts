import type Stripe from 'stripe'
import type { accessContract } from '#api/contract'
import type { ObjectStore } from '#kernel/object-store'
import type { Publish } from '#kernel/outbox'
import type { Client } from '#kernel/rpc'
import type { Table } from '#kernel/table'
import type { AccountStore } from '../accounts/store.ts'
import type { readWorkerConfig } from '../config.ts'
import type { PlanStore } from '../plans/store.ts'

/** What a procedure, job or step of billing works with. Entries build it once; tests build it on memory tables. */
export type BillingDeps = {
  /** Accounts, segments, plans, work items and markers. */
  readonly billing: Table
  /** Usage batches, hour totals and dirty markers. */
  readonly ledger: Table
  /** Proof files and exports. */
  readonly objects: ObjectStore
  readonly accounts: AccountStore
  readonly plans: PlanStore
  readonly access: Client<typeof accessContract>
  readonly publish: Publish
  readonly env: ReturnType<typeof readWorkerConfig>
  /** Stripe computes tax on new subscriptions. Absent: it does not. */
  readonly automaticTax?: boolean
  /** Made on first use: its secret is read from Secrets Manager. */
  readonly stripe: () => Promise<Stripe>
}
