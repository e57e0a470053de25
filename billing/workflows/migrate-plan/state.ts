import * as z from 'zod/mini'
import { planIdSchema } from '#billing/contract'
import type { SchedulePorts } from '../../changes/schedule-change.ts'
import type { BillingDeps } from '../../procedures/deps.ts'

/** The state of `migrate-plan`; the README of `workflows` says which step sets what. */
export const migrateStateSchema = z.object({
  migrationId: z.string(),
  planId: planIdSchema,
  /** This execution's number; a pause, a resumption and an undoing have numbers of their own. */
  run: z.int(),
  attempt: z.int(),
  outcome: z.optional(z.string()),
  wakeAt: z.optional(z.string()),
})
export type MigrateState = z.output<typeof migrateStateSchema>

export type MigratePorts = Pick<BillingDeps, 'accounts' | 'billing' | 'plans' | 'publish'> & {
  readonly stripe: SchedulePorts['stripe']
}
