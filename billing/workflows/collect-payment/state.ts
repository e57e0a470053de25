import * as z from 'zod/mini'
import { accountIdSchema } from '#kernel/schemas'
import { type Instant, toIso } from '#kernel/time'
import {
  type DunningAction,
  type DunningPolicy,
  decideDunning,
  isFailing,
  scheduleOf,
} from '../../payments/dunning.ts'
import { type Dunning, getDunning, openDunning } from '../../payments/dunning-record.ts'
import type { Collection, CollectionStripe } from '../../payments/ports.ts'
import type { BillingDeps } from '../../procedures/deps.ts'
import { TransientError } from '../../stripe/failure.ts'
import type { SubscriptionStripe } from '../../stripe/ports.ts'

/** The state of `collect-payment`; the README of `workflows` says which step sets what. */
export const collectStateSchema = z.object({
  accountId: accountIdSchema,
  invoiceId: z.string(),
  attempt: z.int(),
  outcome: z.optional(z.string()),
  /** When to look again, ISO 8601. */
  lookAt: z.optional(z.string()),
  /** What a task failed with, as the machine's `Catch` puts it. */
  error: z.optional(z.object({ Error: z.optional(z.string()), Cause: z.optional(z.string()) })),
})
export type CollectState = z.output<typeof collectStateSchema>

export type CollectPorts = Pick<
  BillingDeps,
  'access' | 'accounts' | 'billing' | 'ledger' | 'plans' | 'publish'
> & {
  readonly stripe: Pick<CollectionStripe, 'getCollection'> &
    Pick<SubscriptionStripe, 'getSubscription' | 'cancelNow'>
  readonly policy: DunningPolicy
  /** Stops an execution of this machine; one that does not run any more is left as it is. */
  readonly stopExecution: (name: string, cause: string) => Promise<void>
}

/** What a step decides by: refetched every time. */
export type Looked = {
  readonly invoice: Collection
  readonly record: Dunning
  readonly action: DunningAction
}

/** The invoice as Stripe has it, its record (opened when it is missing), and what follows. Null: nothing to collect. */
export async function lookAtInvoice(
  ports: CollectPorts,
  state: CollectState,
  now: Instant,
): Promise<Looked | null> {
  const invoice = await ports.stripe.getCollection(state.invoiceId)
  const known = await getDunning(ports.billing, state)
  if (known?.finishedAt !== undefined) return null
  const record = known ?? (await begin(ports, state, invoice, now))
  return record && { invoice, record, action: decideDunning(invoice, record, now) }
}

async function begin(ports: CollectPorts, state: CollectState, invoice: Collection, now: Instant) {
  if (!(await isFailing(ports.stripe, invoice))) return null
  const { accountId, invoiceId } = state
  return openDunning(ports.billing, {
    ...{ accountId, invoiceId, failedAt: now, told: [], revision: 0 },
    ...detailsOf(invoice),
    ...scheduleOf(now, ports.policy),
  })
}

/** What is shown of the invoice, as Stripe says now. */
export const detailsOf = (invoice: Collection) => ({
  subscriptionId: invoice.subscriptionId,
  number: invoice.number,
  currency: invoice.currency,
  remainingMinor: String(invoice.remainingMinor),
  hostedUrl: invoice.hostedUrl,
  needsAuthentication: invoice.needsAuthentication,
})

/** A record that somebody else changed meanwhile: the step is repeated and decides anew. */
export function changed(record: Dunning | undefined): Dunning {
  if (!record) throw new TransientError('the dunning record was changed meanwhile')
  return record
}

/** What the machine branches on. */
export function outcomeOf(state: CollectState, action: DunningAction): CollectState {
  if (action.kind !== 'wait') return { ...state, outcome: action.kind }
  return { ...state, outcome: 'wait', lookAt: toIso(action.until) }
}
