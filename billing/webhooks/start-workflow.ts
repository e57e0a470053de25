import type { StripeNotification } from '#billing/contract'
import type { Table } from '#kernel/table'
import type { Instant } from '#kernel/time'
import { markDue } from '../accounts/due.ts'
import type { AccountStore } from '../accounts/store.ts'
import type { PlanStore } from '../plans/store.ts'
import { accountOfCustomer } from '../stripe/customers.ts'
import type { InvoiceStripe, SubscriptionStripe } from '../stripe/ports.ts'
import type { CheckoutSessionView } from '../stripe/views.ts'
import type { Executions } from '../workflows/executions.ts'
import { type Started, startWork } from '../workflows/start-work.ts'
import { endWork } from '../workflows/work-item.ts'
import { type Decision, interestOf, routeDraft, routePaid, routeSubscription } from './route-notification.ts'

export type StarterPorts = {
  readonly billing: Table
  readonly accounts: AccountStore
  readonly plans: Pick<PlanStore, 'listVersions'>
  readonly stripe: Pick<InvoiceStripe, 'getInvoice'> &
    SubscriptionStripe & { getSession(id: string): Promise<CheckoutSessionView> }
  readonly executions: Executions
  readonly machines: { readonly closeInvoice: string; readonly changePlan: string }
}

/**
 * Turns a notification into at most one execution. The notification only says where to look: the object is refetched
 * from Stripe and decides, so order and repetition of notifications do not matter. `object` names what was decided on.
 */
export async function startWorkflow(
  ports: StarterPorts,
  notification: Pick<StripeNotification, 'type' | 'objectId'>,
  now: Instant,
): Promise<Started> {
  const decision = await decide(ports, notification)
  switch (decision.kind) {
    case 'nothing':
      return { started: null, because: decision.because }
    case 'close_invoice':
      return startClose(ports, decision.accountId, decision.invoiceId, now)
    case 'change_plan':
      return startChange(ports, decision, now)
    case 'note_usage_paid':
      await noteUsagePaid(ports, decision.accountId, now)
      return { started: null, because: 'noted' }
  }
}

/** Starts or takes over the close of an invoice; the sweep comes here, too. */
export const startClose = (
  {
    billing,
    executions,
    machines,
  }: Pick<StarterPorts, 'billing' | 'executions'> & {
    readonly machines: { readonly closeInvoice: string }
  },
  accountId: string,
  invoiceId: string,
  now: Instant,
): Promise<Started> =>
  startWork(
    billing,
    executions,
    {
      machine: 'close-invoice',
      machineArn: machines.closeInvoice,
      object: invoiceId,
      subject: invoiceId,
      input: { accountId, invoiceId },
    },
    now,
  )

async function decide(
  { stripe, billing, accounts, plans }: StarterPorts,
  { type, objectId }: Pick<StripeNotification, 'type' | 'objectId'>,
): Promise<Decision> {
  const interest = interestOf(type)
  if (!interest || !objectId) return { kind: 'nothing', because: `${type} starts nothing` }
  if (interest === 'invoice_to_close' || interest === 'paid_invoice') {
    const invoice = await stripe.getInvoice(objectId)
    const accountId = await accountOfCustomer(billing, invoice.customerId)
    const metered = new Set((await plans.listVersions()).flatMap(plan => plan.stripe?.meteredPriceId ?? []))
    if (interest === 'invoice_to_close') return routeDraft(invoice, accountId, metered)
    return routePaid(invoice, accountId ? await accounts.getAccount(accountId) : undefined, metered)
  }
  const subscriptionId =
    interest === 'subscription' ? objectId : (await stripe.getSession(objectId)).subscriptionId
  if (!subscriptionId) return { kind: 'nothing', because: 'the session has no subscription' }
  const subscription = await stripe.getSubscription(subscriptionId)
  const { accountId } = subscription
  return routeSubscription(subscription, accountId ? await accounts.getAccount(accountId) : undefined)
}

async function startChange(
  { billing, accounts, executions, machines }: StarterPorts,
  change: Extract<Decision, { kind: 'change_plan' }>,
  now: Instant,
): Promise<Started> {
  const { accountId, subscriptionId, planVersionId } = change
  const started = await startWork(
    billing,
    executions,
    {
      machine: 'change-plan',
      machineArn: machines.changePlan,
      object: accountId,
      subject: subscriptionId,
      input: { accountId, subscriptionId, planVersionId, planId: planVersionId.split('@')[0] },
    },
    now,
  )
  // The execution may have ended between the decision and the claim: then the claim has nobody who would remove it.
  const account = started.started === null ? undefined : await accounts.getAccount(accountId)
  if (account?.subscriptionId === subscriptionId && started.started !== null) {
    const status = await executions.status(machines.changePlan, started.started)
    const owned = [{ path: 'owner', equals: started.started }]
    if (status === 'succeeded') await endWork(billing, 'change-plan', accountId, owned)
  }
  return started
}

async function noteUsagePaid(
  { accounts, billing }: Pick<StarterPorts, 'accounts' | 'billing'>,
  accountId: string,
  now: Instant,
): Promise<void> {
  const account = await accounts.getAccount(accountId)
  if (!account || account.usageInvoicePaidAt !== undefined) return
  await markDue(billing, 'entitle-due', accountId)
  const changed = await accounts.changeAccount(account, { usageInvoicePaidAt: now })
  if (!changed) throw new Error(`the account ${accountId} was changed meanwhile`)
}
