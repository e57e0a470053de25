import * as z from 'zod/mini'
import { accountIdSchema } from '#kernel/schemas'
import type { ChangeStripe } from '../../changes/ports.ts'
import type { BillingDeps } from '../../procedures/deps.ts'
import type { InvoiceStripe, SubscriptionStripe } from '../../stripe/ports.ts'
import type { MeterStripe } from '../../stripe/reporting/report-segment.ts'

/**
 * What is to be done about a subscription:
 * - `switch_on`: it is paid, or will be, and is to be the account's;
 * - `renewed`: the account's own one changed its plan at the end of a period;
 * - `ended`: the account's own one has ended, whatever ended it;
 * - `unwanted`: it is neither the account's nor that of its open change.
 */
export const followKindSchema = z.enum(['switch_on', 'renewed', 'ended', 'unwanted'])
export type FollowKind = z.output<typeof followKindSchema>

/** The state of `change-plan`; the README of `workflows` says which step sets what. */
export const changeStateSchema = z.object({
  accountId: accountIdSchema,
  subscriptionId: z.string(),
  attempt: z.int(),
  what: z._default(followKindSchema, 'switch_on'),
  /** Names the change in records: the subscription, or one of its period ends. */
  changeId: z.optional(z.string()),
  /** The work item: the account for its open change, else one of its own. */
  work: z.optional(z.string()),
  outcome: z.optional(z.string()),
  planVersionId: z.optional(z.string()),
  /** The subscription that the new one takes the place of. */
  oldSubscriptionId: z.optional(z.string()),
  settleTries: z.optional(z.int()),
})
export type ChangeState = z.output<typeof changeStateSchema>

export type ChangePorts = Pick<
  BillingDeps,
  'access' | 'accounts' | 'billing' | 'ledger' | 'plans' | 'publish'
> & { readonly stripe: SubscriptionStripe & InvoiceStripe & MeterStripe & ChangeStripe }

export const changeHolder = ({ subscriptionId, attempt }: ChangeState): string =>
  `change-plan-${subscriptionId}-${attempt}`

export const workOf = ({ work, accountId }: Pick<ChangeState, 'work' | 'accountId'>): string =>
  work ?? accountId
