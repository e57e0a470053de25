import * as z from 'zod/mini'
import { accountIdSchema, instantSchema } from '#kernel/schemas'
import { type Condition, isNew, type Table } from '#kernel/table'
import { carriedDiscountSchema } from '../changes/carry-discounts.ts'

/**
 * A work item says who works on one thing: `work#close-invoice#<invoice>`, `work#change-plan#<account>`,
 * `work#publish-plan#<plan version>`, `work#collect-payment#<invoice>`. `owner` is the name of the execution, `attempt`
 * counts them; both are written before the execution is started, so that a crash in between is seen as an owner that
 * does not exist.
 */
export const workItemSchema = z.object({
  /** `held`: stopped for an administrator; nothing takes it over. */
  state: z.enum(['checkout_open', 'paying', 'switching', 'running', 'held']),
  attempt: z.int().check(z.gte(0)),
  owner: z.nullable(z.string()),
  since: instantSchema,
})
export type WorkItem = z.output<typeof workItemSchema>

/**
 * The open plan change of an account: a Checkout session that may still be paid, an upgrade whose first invoice is open
 * (`paying`), or a subscription being switched on. The members of the session are empty when there is none.
 */
export const planChangeSchema = z.extend(workItemSchema, {
  accountId: accountIdSchema,
  planId: z.string(),
  planVersionId: z.string(),
  /** Absent: a purchase. */
  kind: z.optional(z.enum(['purchase', 'upgrade'])),
  /** Names the claim: part of the idempotency key of its Checkout session or subscription. */
  claim: z._default(z.string(), ''),
  successUrl: z._default(z.string(), ''),
  cancelUrl: z._default(z.string(), ''),
  expiresAt: z.nullish(instantSchema),
  sessionId: z.nullish(z.string()),
  sessionUrl: z.nullish(z.string()),
  subscriptionId: z.nullish(z.string()),
  /** Of an upgrade: what is credited for the plan that is left, and Stripe's page while it waits for the customer. */
  customerId: z.nullish(z.string()),
  creditMinor: z.optional(z.string()),
  /** Of an upgrade: discounts that go on. */
  discounts: z.optional(z.array(carriedDiscountSchema)),
  payUrl: z.nullish(z.string()),
})
export type PlanChange = z.output<typeof planChangeSchema>

export type Machine = 'close-invoice' | 'change-plan' | 'publish-plan' | 'migrate-plan' | 'collect-payment'
export const workKey = (machine: Machine, object: string) => ({ pk: `work#${machine}#${object}`, sk: 'work' })

export async function readWorkItem(
  table: Table,
  machine: Machine,
  object: string,
): Promise<WorkItem | undefined> {
  const item = await table.get(workKey(machine, object))
  return item && z.parse(workItemSchema, item)
}

/** The open plan change of an account, for the starter, Checkout and the subscription's page. */
export async function readPlanChange(table: Table, accountId: string): Promise<PlanChange | undefined> {
  const item = await table.get(workKey('change-plan', accountId))
  return item && z.parse(planChangeSchema, item)
}

/** Writes a new plan change, or replaces the claim that was read. False when somebody else was faster. */
export const claimPlanChange = (
  table: Table,
  change: PlanChange,
  replaces: PlanChange | undefined,
): Promise<boolean> =>
  table.put(
    { ...change, ...workKey('change-plan', change.accountId) },
    replaces
      ? [
          { path: 'claim', equals: replaces.claim },
          { path: 'state', equals: 'checkout_open' },
        ]
      : isNew,
  )

/** Ends work. Nothing happens when somebody else owns it by now. */
export const endWork = (
  table: Table,
  machine: Machine,
  object: string,
  conditions: readonly Condition[],
): Promise<boolean> => table.remove(workKey(machine, object), conditions)

/** Stops work for an administrator: no notification and no sweep takes it over. */
export async function holdWork(table: Table, machine: Machine, object: string): Promise<void> {
  await table.update(workKey(machine, object), [{ set: 'state', to: 'held' }], [{ present: 'pk' }])
}

/** Lets go of held work, so that the next attempt may begin. False when it is not that attempt that is held. */
export const releaseWork = async (
  table: Table,
  machine: Machine,
  object: string,
  attempt: number,
): Promise<boolean> =>
  (await table.update(
    workKey(machine, object),
    [{ set: 'state', to: 'running' }],
    [
      { path: 'state', equals: 'held' },
      { path: 'attempt', equals: attempt },
    ],
  )) !== undefined
