import * as z from 'zod/mini'
import type { accessContract, Entitlement, LedgerUse } from '#api/contract'
import { type PlanVersion, planVersionSchema } from '#billing/contract'
import { createMemoryObjectStore } from '#kernel/memory-object-store'
import { createMemoryTable } from '#kernel/memory-table'
import type { DomainEvent } from '#kernel/outbox'
import { ok } from '#kernel/result'
import type { Call, Client } from '#kernel/rpc'
import type { Table } from '#kernel/table'
import { type Instant, instant, parseInstant } from '#kernel/time'
import { createAccountStore } from '../../accounts/store.ts'
import catalogue from '../../catalogue/catalogue.json' with { type: 'json' }
import { createPlanStore } from '../../plans/store.ts'
import type { BillingDeps } from '../deps.ts'

/** Noon of a day in the middle of a month. */
export const NOW: Instant = parseInstant('2026-11-22T12:00:00Z')

export const callAt = (
  now: Instant,
  actor: Call['actor'] = { kind: 'service', service: 'portal' },
): Call => ({
  now,
  actor,
  requestId: 'test',
})

export type Counter = {
  segmentStart: Instant
  leftUnits: number
  settledUnits: number
  takenByHour: Record<string, number>
  repairs: number
  leftByKey: Record<string, number>
}

/** Access as far as billing sees it: keeps the newest entitlement, can be down, can take its time with limits. */
export type FakeAccess = {
  readonly client: Client<typeof accessContract>
  readonly entitlements: Map<string, Entitlement>
  readonly counters: Map<string, Counter>
  isDown: boolean
  limitsInForce: boolean
  calls: number
  /** What `gatewayUse` answers. */
  gatewayPlans: { limitSetId: string; gatewayKeys: number; calls: number }[]
}

export function createFakeAccess(): FakeAccess {
  const unused = async (): Promise<never> => {
    throw new Error('billing does not ask this')
  }
  const fake: FakeAccess = {
    entitlements: new Map(),
    counters: new Map(),
    ...{ isDown: false, limitsInForce: true, calls: 0, gatewayPlans: [] },
    client: {
      ...{
        createKey: unused,
        listKeys: unused,
        revokeKey: unused,
        listAudit: unused,
        checkLimitSets: unused,
        ensureLimitSet: unused,
      },
      setEntitlement: async input => {
        fake.calls++
        if (fake.isDown) throw new Error('access is down')
        const known = fake.entitlements.get(input.accountId)
        const inForce = known && known.version >= input.version ? known : (input as Entitlement)
        fake.entitlements.set(input.accountId, inForce)
        return ok({ version: inForce.version, limitsInForce: fake.limitsInForce })
      },
      getAccess: async ({ accountId }) =>
        ok({
          entitlement: fake.entitlements.get(accountId) ?? null,
          gatewayKeyId: null,
          counter: fake.counters.get(accountId) ?? null,
        }),
      repairCounter: async ({ accountId, expectedRepairs, ledger }) => {
        const counter = fake.counters.get(accountId)
        if (counter?.repairs !== expectedRepairs) return ok({ repaired: false })
        const before = counter.leftUnits
        settleFake(counter, ledger)
        return ok({ repaired: counter.leftUnits !== before })
      },
      gatewayUse: async () => ok({ plans: fake.gatewayPlans }),
    },
  }
  return fake
}

/** Drained hours become one number, younger ones are raised: what access does with its account's meter. */
function settleFake(counter: Counter, { settleTo, settled, hours }: LedgerUse): void {
  const { takenByHour } = counter
  counter.repairs++
  counter.leftUnits += counter.settledUnits - settled.units
  counter.settledUnits = settled.units
  for (const [hour, units] of Object.entries(takenByHour)) {
    if (hour >= settleTo) continue
    counter.leftUnits += units
    delete takenByHour[hour]
  }
  for (const [hour, { units }] of Object.entries(hours)) {
    const missing = Math.max(0, units - (takenByHour[hour] ?? 0))
    if (missing === 0) continue
    counter.leftUnits -= missing
    takenByHour[hour] = (takenByHour[hour] ?? 0) + missing
  }
}

export type TestDeps = BillingDeps & { readonly fakeAccess: FakeAccess; readonly published: DomainEvent[] }

/** Billing on memory tables, without Stripe. */
export function createTestDeps(tables: { billing?: Table; ledger?: Table } = {}): TestDeps {
  const billing = tables.billing ?? createMemoryTable()
  const fakeAccess = createFakeAccess()
  const published: DomainEvent[] = []
  return {
    billing,
    ledger: tables.ledger ?? createMemoryTable(),
    objects: createMemoryObjectStore(),
    accounts: createAccountStore(billing),
    plans: createPlanStore(billing),
    access: fakeAccess.client,
    publish: async event => {
      published.push(event)
    },
    env: {
      ...{ LEDGER_TABLE: 'ledger', BILLING_TABLE: 'billing', ACCESS_FUNCTION: 'access', EVENT_BUS: 'bus' },
      ...{ STRIPE_SECRET_ID: 'stripe', STRIPE_API_URL: 'http://127.0.0.1:0' },
      ...{ CLOSE_INVOICE_MACHINE: 'close', CHANGE_PLAN_MACHINE: 'change', PUBLISH_PLAN_MACHINE: 'publish' },
      MIGRATE_PLAN_MACHINE: 'migrate',
      CLOSE_DRAIN_SECONDS: 86_400,
      PROOF_BUCKET: 'proofs',
    },
    stripe: async () => {
      throw new Error('this test has no Stripe')
    },
    fakeAccess,
    published,
  }
}

/** The catalogue's plans as published versions: `free@1`, `starter@1`, `scale@1`. */
export const planVersions: PlanVersion[] = catalogue.plans.map(definition =>
  z.parse(planVersionSchema, {
    ...definition,
    ...{ planVersionId: `${definition.id}@1`, version: 1, publishedAt: instant(0) },
    ...{ currency: catalogue.currency, unit: catalogue.unit },
    stripe:
      definition.id === 'free'
        ? null
        : {
            ...{ productId: 'prod_1', flatPriceId: 'price_1', meteredPriceId: 'price_2' },
            ...{ meterId: 'mtr_1', meterEventName: `tollgate_${definition.id}` },
          },
  }),
)

export async function publishCatalogue({ plans }: Pick<BillingDeps, 'plans'>): Promise<void> {
  for (const version of planVersions) {
    await plans.addVersion(version)
    await plans.makeLive(version)
  }
}
