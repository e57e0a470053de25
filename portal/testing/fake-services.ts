import type { accessContract, KeyView } from '#api/contract'
import type {
  billingContract,
  InvoiceDetail,
  PaymentsView,
  PlanVersion,
  Remainder,
  RequestView,
  SubscriptionView,
} from '#billing/contract'
import { readAudit } from '#kernel/audit'
import { randomId } from '#kernel/ids'
import { createMemoryTable } from '#kernel/memory-table'
import { fail, ok } from '#kernel/result'
import type { Handlers } from '#kernel/rpc'
import type { Table } from '#kernel/table'
import { instant, MINUTE_MS, type Period, parseInstant } from '#kernel/time'
import { type HourUsage, sum } from '../pages/usage-view.ts'

export const NOW = parseInstant('2026-11-22T14:03:07Z')
export const NOVEMBER: Period = {
  start: parseInstant('2026-11-01T00:00:00Z'),
  end: parseInstant('2026-12-01T00:00:00Z'),
}

/** A plan version; give what the test is about. */
export const planOf = (given: Partial<PlanVersion> & Pick<PlanVersion, 'id' | 'name'>): PlanVersion => ({
  description: 'For a product with its first customers.',
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
  planVersionId: `${given.id}@${given.version ?? 1}`,
  version: 1,
  currency: 'usd',
  unit: 'check',
  publishedAt: NOVEMBER.start,
  stripe: null,
  ...given,
})

export const FREE = planOf({
  id: 'free',
  name: 'Free',
  description: 'For trying things out. No card needed.',
  flatFeeMinor: '0',
  includedUnits: 1_000,
  usagePrice: { model: 'per_unit', unitPriceMinor: '0' },
  hardLimitUnits: 1_000,
  defaultCapMinor: null,
  limits: { ratePerSecond: 2, burst: 20 },
})
export const STARTER = planOf({ id: 'starter', name: 'Starter' })
export const SCALE = planOf({
  id: 'scale',
  name: 'Scale',
  description: 'For steady volume at a lower price.',
  flatFeeMinor: '19900',
  includedUnits: 250_000,
  usagePrice: {
    model: 'graduated',
    tiers: [
      { upToUnits: 250_000, unitPriceMinor: '0', flatMinor: '0' },
      { upToUnits: 1_000_000, unitPriceMinor: '0.08', flatMinor: '0' },
      { upToUnits: null, unitPriceMinor: '0.05', flatMinor: '0' },
    ],
  },
  limits: { ratePerSecond: 200, burst: 2_000 },
})

/** What the two services answer; tests change it. */
export type World = {
  ready: boolean
  keys: KeyView[]
  hours: HourUsage[]
  plan: PlanVersion
  plans: PlanVersion[]
  openChange: SubscriptionView['openChange']
  scheduled: SubscriptionView['scheduled']
  unitsUsed: number
  /** The spend cap in units, which billing names as the limit of a plan without one of its own. */
  capUnits: number | null
  costSoFarMinor: string
  forecast: SubscriptionView['forecast']
  invoices: (InvoiceDetail & { accountId: string })[]
  checkouts: string[]
  requests: RequestView[]
  /** Payment problems, credit and discounts; what is not given is empty. */
  payments: Partial<PaymentsView>
  remainders: Remainder[]
  /** The tables that hold each service's trail. */
  audit: { readonly access: Table; readonly billing: Table }
}

export const emptyWorld = (): World => ({
  ready: true,
  keys: [],
  hours: [],
  plan: FREE,
  plans: [FREE, STARTER, SCALE],
  openChange: null,
  scheduled: null,
  unitsUsed: 0,
  capUnits: null,
  costSoFarMinor: '0',
  forecast: null,
  invoices: [],
  checkouts: [],
  requests: [],
  payments: {},
  remainders: [],
  audit: { access: createMemoryTable(), billing: createMemoryTable() },
})

const notReady = fail('account_not_ready', 'Your account is being prepared. Try again in a moment.')

/** Access with its rules that the portal relies on: own keys only, one key per idempotency key. */
export function fakeAccess(world: World) {
  const made = new Map<string, KeyView>()
  return {
    async createKey({ name, idempotencyKey }, call) {
      if (!world.ready) return notReady
      const before = idempotencyKey ? made.get(idempotencyKey) : undefined
      if (before) return ok({ key: before, secret: null })
      const secret = `tg_test_${randomId('x').slice(2)}abc123`
      const key: KeyView = {
        keyId: randomId('key'),
        name,
        masked: `tg_test_…${secret.slice(-6)}`,
        createdAt: call.now,
        createdBy: 'somebody',
        lastUsedAt: null,
        status: 'active',
        revokedAt: null,
        expiresAt: null,
      }
      world.keys.push(key)
      if (idempotencyKey) made.set(idempotencyKey, key)
      return ok({ key, secret })
    },
    listKeys: async () => ok({ keys: [...world.keys], ready: world.ready }),
    listAudit: async (query, { now }) => ok({ records: await readAudit(world.audit.access, query, now) }),
    async revokeKey({ keyId }, call) {
      const at = world.keys.findIndex(key => key.keyId === keyId)
      const key = world.keys[at]
      if (!key) return fail('key_not_found', 'There is no such key.')
      const revoked: KeyView = { ...key, status: 'revoked', revokedAt: call.now }
      world.keys[at] = revoked
      return ok({ key: revoked })
    },
  } satisfies Partial<Handlers<typeof accessContract>>
}

const usageOf = (hours: HourUsage[]) => {
  const route = (name: string, units: number) => ({ route: name, calls: units, failed: 0, units })
  const days = [...Map.groupBy(hours, ({ hour }) => hour.slice(0, 10))].map(([day, ofDay]) => {
    return { day, ...sum(ofDay), costMinor: '100' }
  })
  if (hours.length === 0) return { hours, days, byKey: [], byRoute: [], byStatus: [] }
  return {
    ...{ hours, days, byKey: [{ keyId: `key_${'0'.repeat(22)}`, ...sum(hours) }] },
    byRoute: [route('POST /v1/phone', 14_210), route('POST /v1/batch', 6_002)],
    byStatus: [{ status: 200, calls: 20_212, refused: 0, units: 20_212 }],
  }
}

export function fakeBilling(world: World) {
  const freshAt = instant(NOW - MINUTE_MS / 5)
  return {
    listPlans: async () => ok({ currency: 'usd', plans: world.plans }),
    async getSubscription({ accountId }) {
      if (!world.ready) return notReady
      return ok({
        accountId,
        plan: world.plan,
        segment: NOVEMBER,
        stripeStatus: world.plan.hardLimitUnits === null ? ('active' as const) : ('none' as const),
        unitsUsed: world.unitsUsed,
        includedUnits: world.plan.includedUnits,
        hardLimitUnits: world.plan.hardLimitUnits ?? world.capUnits,
        costSoFarMinor: world.costSoFarMinor,
        forecast: world.forecast,
        currency: 'usd',
        openChange: world.openChange,
        scheduled: world.scheduled,
        freshAt,
      })
    },
    async getUsage() {
      if (!world.ready) return notReady
      return ok({ period: NOVEMBER, ...usageOf(world.hours), freshAt })
    },
    async listRequests({ outcome, cursor }) {
      if (!world.ready) return notReady
      const fitting = world.requests.filter(request => outcome === undefined || request.outcome === outcome)
      const from = Number(cursor ?? 0)
      const nextCursor = from + 2 < fitting.length ? String(from + 2) : null
      return ok({ requests: fitting.slice(from, from + 2), nextCursor, searchedTo: NOVEMBER.start, freshAt })
    },
    keyUsage: async () => ok({ keys: [] }),
    async startCheckout({ planId }) {
      if (planId === world.plan.id) return fail('already_on_plan', 'You are on this plan already.')
      world.checkouts.push(planId)
      return ok({ url: `https://checkout.stripe.test/pay/${planId}` })
    },
    openBillingPortal: async () => ok({ url: 'https://billing.stripe.test/session' }),
    listInvoices: async ({ accountId }) =>
      ok({ invoices: world.invoices.filter(invoice => invoice.accountId === accountId) }),
    async getInvoice({ accountId, invoiceId }) {
      const invoice = world.invoices.find(i => i.invoiceId === invoiceId && i.accountId === accountId)
      return invoice ? ok(invoice) : fail('invoice_not_found', 'There is no such invoice.')
    },
    listAudit: async (query, { now }) => ok({ records: await readAudit(world.audit.billing, query, now) }),
    async getPayments({ accountId }) {
      if (!world.ready) return notReady
      const nothing = { blocks: [], problems: [], suspensions: [], credits: [], discounts: [] }
      return ok({ accountId, currency: 'usd', creditMinor: '0', ...nothing, ...world.payments })
    },
    async adminListPlans(_, { actor }) {
      if (actor.kind !== 'admin') return fail('forbidden', 'Only admins may see this.')
      return ok({
        currency: 'usd',
        versions: world.plans.map(plan => ({ ...plan, live: true, archivedAt: null, accounts: 3 })),
        ...{ drafts: [], publishing: [], migrations: [], checked: null },
      })
    },
  } satisfies Partial<Handlers<typeof billingContract>>
}
