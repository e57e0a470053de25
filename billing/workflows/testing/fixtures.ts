import type { PlanVersion } from '#billing/contract'
import { accountIdOf, derivedId } from '#kernel/ids'
import { createMemoryObjectStore } from '#kernel/memory-object-store'
import { createMemoryTable } from '#kernel/memory-table'
import type { DomainEvent } from '#kernel/outbox'
import { type Instant, type Period, parseInstant } from '#kernel/time'
import { createAccountStore } from '../../accounts/store.ts'
import type { Segment } from '../../domain/records.ts'
import { append } from '../../ledger/append.ts'
import { createPlanStore } from '../../plans/store.ts'
import { linkCustomer } from '../../stripe/customers.ts'
import type { InvoiceLine, InvoiceView, SubscriptionView } from '../../stripe/views.ts'

/** Builders and a billing service on memory tables, for tests. */
export const at = (iso: string): Instant => parseInstant(iso)

export const ACCOUNT = accountIdOf('founder')
export const CUSTOMER = 'cus_1'
export const SUBSCRIPTION = 'sub_1'
/** The usage period of most tests. */
export const PERIOD: Period = { start: at('2026-11-10T09:30:00Z'), end: at('2026-12-10T09:30:00Z') }
export const NEXT: Period = { start: PERIOD.end, end: at('2027-01-10T09:30:00Z') }

export const starter: PlanVersion = {
  id: 'starter',
  planVersionId: 'starter@1',
  version: 1,
  name: 'Starter',
  description: '',
  currency: 'usd',
  unit: 'check',
  flatFeeMinor: '2900',
  includedUnits: 20_000,
  usagePrice: {
    model: 'graduated',
    tiers: [
      { upToUnits: 20_000, unitPriceMinor: '0', flatMinor: '0' },
      { upToUnits: null, unitPriceMinor: '0.15', flatMinor: '0' },
    ],
  },
  hardLimitUnits: null,
  defaultCapMinor: '10000',
  limits: { ratePerSecond: 50, burst: 500 },
  publishedAt: at('2026-11-01T00:00:00Z'),
  stripe: {
    productId: 'prod_1',
    flatPriceId: 'price_flat',
    meteredPriceId: 'price_metered',
    meterId: 'mtr_1',
    meterEventName: 'tollgate_starter',
  },
}

export const free: PlanVersion = {
  ...starter,
  ...{ id: 'free', planVersionId: 'free@1', name: 'Free', flatFeeMinor: '0', includedUnits: 1_000 },
  ...{ usagePrice: { model: 'per_unit', unitPriceMinor: '0' }, hardLimitUnits: 1_000, defaultCapMinor: null },
  stripe: null,
}

export const paidSegment = (period: Period = PERIOD): Segment => ({
  ...{ accountId: ACCOUNT, planVersionId: 'starter@1', subscriptionId: SUBSCRIPTION },
  ...{ start: period.start, end: period.end },
  ...{ carriedInUnits: 0, invoicedUnits: null, waivedUnits: 0, closedAt: null },
})

export const subscription = (change: Partial<SubscriptionView> = {}): SubscriptionView => ({
  ...{ id: SUBSCRIPTION, status: 'active', customerId: CUSTOMER, accountId: ACCOUNT },
  ...{ planVersionId: 'starter@1', priceIds: ['price_flat', 'price_metered'], currentPeriod: NEXT },
  ...{ endedAt: null, cancelsAt: null, scheduleId: null, latestInvoiceId: null },
  ...{ paymentMethodId: 'pm_1', claim: null },
  ...change,
})

export const line = (change: Partial<InvoiceLine>): InvoiceLine => ({
  ...{ id: 'il_1', priceId: 'price_metered', quantity: 0, amountMinor: 0n, unitPriceMinor: '0' },
  ...{ period: PERIOD, description: '', proration: false, reducedMinor: 0n },
  ...change,
})
export const flatLine = line({ priceId: 'price_flat', quantity: 1, amountMinor: 2900n, period: NEXT })

const unsettled: InvoiceView['settlement'] = {
  ...{ subtotalMinor: 2900n, discountMinor: 0n, creditsMinor: 0n, taxMinor: 0n },
  ...{ fromBalanceMinor: 0n, paidMinor: 0n, remainingMinor: 2900n },
}

export const cycleInvoice = (change: Partial<InvoiceView> = {}): InvoiceView => ({
  ...{ id: 'in_1', status: 'draft', customerId: CUSTOMER, subscriptionId: SUBSCRIPTION },
  ...{ billingReason: 'subscription_cycle', number: null, currency: 'usd', totalMinor: 2900n },
  ...{ createdAt: PERIOD.end, period: PERIOD, autoAdvance: true, automaticallyFinalizesAt: null },
  ...{ hostedUrl: null, pdfUrl: null, settlement: unsettled, lines: [flatLine, line({})] },
  ...change,
})

/** Billing with Free and Starter published. */
export async function createBilling() {
  const [billing, ledger] = [createMemoryTable(), createMemoryTable()]
  const events: DomainEvent[] = []
  const objects = createMemoryObjectStore()
  const stores = { accounts: createAccountStore(billing), plans: createPlanStore(billing) }
  for (const plan of [free, starter]) {
    await stores.plans.addVersion(plan)
    await stores.plans.makeLive(plan)
  }
  return {
    ...{ billing, ledger, objects, events, ...stores },
    publish: async (event: DomainEvent) => {
      events.push(event)
    },
    /** One call of so many units. */
    async use(units: number, usedAt: Instant) {
      const [id, key] = [derivedId('req', String(usedAt), String(units)), derivedId('key', 'one')]
      const event = {
        id,
        key,
        account: ACCOUNT,
        route: 'POST /v1/batch',
        units,
        status: 200,
        usedAt,
        durationMs: 1,
      }
      await append(ledger, { usage: [event], access: [] })
    },
  }
}
export type TestBilling = Awaited<ReturnType<typeof createBilling>>

/** The account on Starter, with a customer and the segment of `PERIOD`. */
export async function subscribe({ accounts, billing }: TestBilling): Promise<void> {
  await accounts.addAccount({
    ...{ accountId: ACCOUNT, openedAt: PERIOD.start, customerId: CUSTOMER, subscriptionId: SUBSCRIPTION },
    ...{ planVersionId: 'starter@1', entitlementVersion: 1, blocks: [] },
  })
  await linkCustomer(billing, CUSTOMER, ACCOUNT)
  await accounts.addSegment(paidSegment())
}

export function createFakeExecutions() {
  const started: { name: string; input: object }[] = []
  const statuses = new Map<string, 'running' | 'succeeded' | 'failed'>()
  return {
    ...{ started, statuses },
    async start(_machine: string, name: string, input: object) {
      if (statuses.has(name)) return
      statuses.set(name, 'running')
      started.push({ name, input })
    },
    status: async (_machine: string, name: string) => statuses.get(name) ?? ('missing' as const),
  }
}
