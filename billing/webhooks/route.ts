import type { Table } from '#kernel/table'
import type { Instant } from '#kernel/time'
import type { AccountStore } from '../accounts/store.ts'
import type { ChangeStripe } from '../changes/ports.ts'
import type { ChargeStripe, CollectionStripe, DisputeStripe } from '../payments/ports.ts'
import type { PlanStore } from '../plans/store.ts'
import type { MeterErrorStripe } from '../stripe/meter-errors-adapter.ts'
import type { InvoiceStripe, SubscriptionStripe } from '../stripe/ports.ts'
import type { CheckoutSessionView } from '../stripe/views.ts'
import type { Executions } from '../workflows/executions.ts'
import type { Started } from '../workflows/start-work.ts'

export type StarterPorts = {
  readonly billing: Table
  readonly accounts: AccountStore
  readonly plans: Pick<PlanStore, 'listVersions'>
  readonly stripe: Pick<InvoiceStripe, 'getInvoice'> &
    SubscriptionStripe &
    Pick<CollectionStripe, 'getCollection'> &
    DisputeStripe &
    ChargeStripe &
    MeterErrorStripe &
    Pick<ChangeStripe, 'getSchedule'> & { getSession(id: string): Promise<CheckoutSessionView> }
  readonly executions: Executions
  readonly machines: {
    readonly closeInvoice: string
    readonly changePlan: string
    readonly collectPayment: string
  }
}

/**
 * What one kind of notification leads to. The notification only says where to look: a route refetches the object from
 * Stripe and decides by what it finds, so order and repetition of notifications do not matter.
 */
export type Route = (ports: StarterPorts, objectId: string, now: Instant) => Promise<Started>

/** A route that found nothing to start, and why. */
export const idle = (because: string): Started => ({ started: null, because })
