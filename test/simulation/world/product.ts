import { accessContract } from '#api/contract'
import { client, serve } from '#kernel/rpc'
import { DAY_MS, type Instant, instant } from '#kernel/time'
import { createMemoryGateway } from '../../../api/access/memory-gateway.ts'
import { createAccessPorts } from '../../../api/access/ports.ts'
import { accessProcedures } from '../../../api/access/procedures.ts'
import { changeHandlers } from '../../../billing/procedures/changes/index.ts'
import type { BillingDeps } from '../../../billing/procedures/deps.ts'
import { setSpendCap } from '../../../billing/procedures/limits/set-spend-cap.ts'
import { adminStartMigration } from '../../../billing/procedures/plans/migrate-plan.ts'
import { createTestDeps } from '../../../billing/procedures/testing/test-deps.ts'
import { createStripeAdapter } from '../../../billing/stripe/adapter.ts'
import { EVENT_SOURCES, FUNCTIONS, MACHINES } from '../../../infra/aws/names.ts'
import { type Assembly, machineArn } from '../platform/assembly.ts'
import { createBus } from '../platform/bus.ts'
import { createSimulatedClock } from '../platform/clock.ts'
import { createEffects, type Trace } from '../platform/effects.ts'
import { FAULT_KINDS } from '../platform/faults.ts'
import { createFunctions } from '../platform/functions.ts'
import { createInvocations } from '../platform/invocations.ts'
import { createMachines } from '../platform/machines.ts'
import { createReads } from '../platform/reads.ts'
import { startSchedules } from '../platform/schedules.ts'
import { createSimulatedStripe } from '../platform/stripe.ts'
import { createTableWithFaults } from '../platform/tables.ts'
import { createHandlers } from './handlers.ts'

/** From a period's end until its close reads the ledger, as the templates have it. */
export const CLOSE_DRAIN_SECONDS = 86_400

const days = ({ parameters }: Assembly, name: string): number => Number(parameters.get(name)) * DAY_MS

export type Product = ReturnType<typeof createProduct>

/** The real code of billing and of access, on in-memory tables, a simulated platform and the Stripe engine. */
export function createProduct(assembly: Assembly, startAt: number, trace: Trace) {
  const errors: unknown[] = []
  const clock = createSimulatedClock(startAt, error => errors.push(error))
  const stamped: Trace = line => trace(`${new Date(clock.now()).toISOString()} ${line}`)
  const invocations = createInvocations(clock)
  const effects = createEffects(clock, invocations, stamped)
  const reads = createReads(invocations)
  const platform = { assembly, clock, invocations, effects, trace: stamped }
  const functions = createFunctions(platform, () => handlers)
  const bus = createBus(assembly, effects, functions)
  const machines = createMachines(assembly, clock, effects, functions, invocations)
  const stripe = createSimulatedStripe(clock, effects, stamped, async (body, signature) => {
    try {
      const event = { headers: { 'stripe-signature': signature }, body, isBase64Encoded: false }
      const answer = await functions.invoke(FUNCTIONS.stripeWebhook, event)
      return typeof answer === 'object' && answer && 'statusCode' in answer ? Number(answer.statusCode) : 500
    } catch {
      return 500
    }
  })
  const tables = {
    access: createTableWithFaults('access', effects, reads),
    billing: createTableWithFaults('billing', effects, reads),
    ledger: createTableWithFaults('ledger', effects, reads),
  }
  const gateway = createMemoryGateway()
  const accessPorts = { ...createAccessPorts(tables.access.table, gateway), keyStage: 'test' as const }
  const access = client(accessContract, payload => {
    const lose = (): never => {
      throw Object.assign(new Error('simulated: the invocation failed'), { name: 'InvokeError' })
    }
    return effects.cross({
      name: 'invoke access',
      kinds: FAULT_KINDS,
      run: () => functions.invoke(FUNCTIONS.access, JSON.parse(JSON.stringify(payload))),
      fail: lose,
      lose,
    })
  })
  const now = (): Instant => instant(clock.now())
  const wired = createTestDeps({ billing: tables.billing.table, ledger: tables.ledger.table })
  const deps: BillingDeps = {
    ...wired,
    access,
    publish: bus.publisher(EVENT_SOURCES.billing),
    env: {
      ...wired.env,
      CLOSE_DRAIN_SECONDS,
      CLOSE_INVOICE_MACHINE: machineArn(MACHINES.closeInvoice),
      CHANGE_PLAN_MACHINE: machineArn(MACHINES.changePlan),
      PUBLISH_PLAN_MACHINE: machineArn(MACHINES.publishPlan),
      MIGRATE_PLAN_MACHINE: machineArn(MACHINES.migratePlan),
    },
    stripe: async () => stripe.client,
  }
  const adapter = createStripeAdapter(deps.stripe)
  const ports = {
    deps,
    stripe: adapter,
    executions: machines.executions,
    stopExecution: machines.stop,
    policy: { graceMs: days(assembly, 'PaymentGraceDays'), cancelMs: days(assembly, 'PaymentCancelDays') },
    accessPorts,
    now,
  }
  const handlers = createHandlers({
    ...ports,
    serveAccess: serve(accessContract, accessProcedures(accessPorts)),
    webhook: {
      webhookSecret: async () => stripe.webhookSecret,
      publish: bus.publisher(EVENT_SOURCES.stripe),
    },
    trace: stamped,
  })
  const procedures = {
    changes: changeHandlers(deps),
    setSpendCap: setSpendCap(deps),
    startMigration: adminStartMigration(deps, machines.executions),
  }
  const start = () => startSchedules(assembly, clock, effects, functions, reads, stamped)
  return {
    ...{
      assembly,
      clock,
      effects,
      functions,
      bus,
      machines,
      stripe,
      tables,
      gateway,
      accessPorts,
      access,
      deps,
    },
    ...{ adapter, procedures, invocations, now, start, errors, trace: stamped },
  }
}
