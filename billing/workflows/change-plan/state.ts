import * as z from 'zod/mini'
import { accountIdSchema } from '#kernel/schemas'
import type { BillingDeps } from '../../procedures/deps.ts'
import type { SubscriptionStripe } from '../../stripe/ports.ts'

/** The state of `change-plan`; the README of `workflows` says which step sets what. */
export const changeStateSchema = z.object({
  accountId: accountIdSchema,
  subscriptionId: z.string(),
  attempt: z.int(),
  outcome: z.optional(z.string()),
  planVersionId: z.optional(z.string()),
})
export type ChangeState = z.output<typeof changeStateSchema>

export type ChangePorts = Pick<
  BillingDeps,
  'access' | 'accounts' | 'billing' | 'ledger' | 'plans' | 'publish'
> & { readonly stripe: SubscriptionStripe }

export const changeHolder = ({ subscriptionId, attempt }: ChangeState): string =>
  `change-plan-${subscriptionId}-${attempt}`
