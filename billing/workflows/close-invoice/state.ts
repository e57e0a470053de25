import * as z from 'zod/mini'
import type { PlanVersion } from '#billing/contract'
import type { ObjectStore } from '#kernel/object-store'
import type { Publish } from '#kernel/outbox'
import { accountIdSchema, instantSchema } from '#kernel/schemas'
import type { Table } from '#kernel/table'
import type { AccountStore } from '../../accounts/store.ts'
import type { Segment } from '../../domain/records.ts'
import type { PlanStore } from '../../plans/store.ts'
import type { CloseStripe } from '../../stripe/close-adapter.ts'
import type { InvoiceStripe, SubscriptionStripe } from '../../stripe/ports.ts'
import type { MeterStripe, MeterTarget } from '../../stripe/reporting/report-segment.ts'
import { WorkflowStateInvalid } from '../errors.ts'

/** The state of `close-invoice`; the README of `workflows` says which step sets what. */
export const closeStateSchema = z.object({
  accountId: accountIdSchema,
  invoiceId: z.string(),
  attempt: z.int(),
  outcome: z.optional(z.string()),
  drainUntil: z.optional(z.string()),
  segmentStart: z.optional(instantSchema),
  settleTries: z.optional(z.int()),
  /** What a task failed with, as the machine's `Catch` puts it. */
  error: z.optional(z.object({ Error: z.optional(z.string()), Cause: z.optional(z.string()) })),
})
export type CloseState = z.output<typeof closeStateSchema>

export type ClosePorts = {
  readonly billing: Table
  readonly ledger: Table
  readonly objects: ObjectStore
  readonly accounts: AccountStore
  readonly plans: PlanStore
  readonly publish: Publish
  readonly stripe: InvoiceStripe & Pick<SubscriptionStripe, 'getSubscription'> & MeterStripe & CloseStripe
  /** From a period's end until the log path counts as drained. */
  readonly drainMs: number
}

export type ClosingSegment = {
  readonly segment: Segment
  readonly plan: PlanVersion
  readonly target: MeterTarget
}

/** The segment that a close is about, with its plan and meter. */
export async function loadClosing(ports: ClosePorts, state: CloseState): Promise<ClosingSegment> {
  const segments = await ports.accounts.listSegments(state.accountId)
  const segment = segments.find(({ start }) => start === state.segmentStart)
  const account = await ports.accounts.getAccount(state.accountId)
  const plan = segment && (await ports.plans.getVersion(segment.planVersionId))
  if (!segment || !plan || !account?.customerId)
    throw new WorkflowStateInvalid(`${state.accountId} has no segment of invoice ${state.invoiceId}`)
  return { segment, plan, target: { plan, customerId: account.customerId } }
}

export const leaseHolder = ({ invoiceId, attempt }: CloseState): string =>
  `close-invoice-${invoiceId}-${attempt}`
