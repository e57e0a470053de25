import type { PlanVersion } from '#billing/contract'
import { ok } from '#kernel/result'
import type { Call } from '#kernel/rpc'
import type { Table } from '#kernel/table'
import { HOUR_MS, type Instant, plusMs } from '#kernel/time'
import { entitle } from '../../accounts/entitle.ts'
import { createAccountStore } from '../../accounts/store.ts'
import { sweepChanges } from '../../jobs/sweep-changes.ts'
import { createPlanStore } from '../../plans/store.ts'
import { cancelPlan } from '../../procedures/changes/cancel-plan.ts'
import { changePlan } from '../../procedures/changes/change-plan.ts'
import { previewChange } from '../../procedures/changes/preview-change.ts'
import { undoChange } from '../../procedures/changes/undo-change.ts'
import { advancePaidSegment } from '../../stripe/advance-paid-segment.ts'
import { TransientError } from '../../stripe/failure.ts'
import { measureSegment } from '../../stripe/reporting/measure-segment.ts'
import { reportSegment } from '../../stripe/reporting/report-segment.ts'
import { type ChangePorts, type ChangeState, changeStateSchema } from '../../workflows/change-plan/state.ts'
import { type ChangeStep, changeSteps } from '../../workflows/change-plan/steps.ts'
import * as given from '../../workflows/testing/fixtures.ts'
import { createFakeChangeStripe } from './fake-change-stripe.ts'

export const scale: PlanVersion = {
  ...given.starter,
  ...{ id: 'scale', planVersionId: 'scale@1', name: 'Scale', flatFeeMinor: '9900', includedUnits: 100_000 },
  usagePrice: {
    model: 'graduated',
    tiers: [
      { upToUnits: 100_000, unitPriceMinor: '0', flatMinor: '0' },
      { upToUnits: null, unitPriceMinor: '0.1', flatMinor: '0' },
    ],
  },
  stripe: {
    ...{ productId: 'prod_2', flatPriceId: 'price_flat_2', meteredPriceId: 'price_metered_2' },
    ...{ meterId: 'mtr_2', meterEventName: 'tollgate_scale' },
  },
}

/** Cut the n-th effect from now: before it takes place, or after it did and nobody heard. */
export type Cut = { readonly at: number; readonly applied: boolean }

/**
 * A payer on Starter, with Stripe, the starter and the state machine in memory. Every write and every call that changes
 * something at Stripe is an effect that can be cut; the machine repeats a step that was cut, as its retries do.
 */
export async function createChangeWorld(startAt: Instant) {
  const clock = { now: startAt }
  const billing = await given.createBilling()
  await billing.plans.addVersion(scale)
  await billing.plans.makeLive(scale)
  await given.subscribe(billing)
  const plans = [given.starter, scale]
  const stripe = createFakeChangeStripe(() => clock.now, plans)
  stripe.subscriptions.set('sub_1', given.subscription({ currentPeriod: given.PERIOD }))

  const cutter: { cut: Cut | null; count: number } = { cut: null, count: 0 }
  const effect = async <T>(run: () => Promise<T>): Promise<T> => {
    const isNow = cutter.cut !== null && cutter.count++ === cutter.cut.at
    if (isNow && !cutter.cut?.applied) throw new TransientError('cut off before')
    const result = await run()
    if (isNow) throw new TransientError('cut off after')
    return result
  }
  const cuttable = <T extends object>(port: T, names: readonly (keyof T)[]): T => {
    const wrapped = { ...port }
    for (const name of names) {
      const method = port[name]
      if (typeof method !== 'function') continue
      Object.assign(wrapped, { [name]: (...args: unknown[]) => effect(() => method.apply(port, args)) })
    }
    return wrapped
  }
  const table: Table = cuttable(billing.billing, ['put', 'update', 'remove'])
  const access = {
    setEntitlement: async (asked: { version: number }) => ok({ version: asked.version, limitsInForce: true }),
  } as unknown as ChangePorts['access']
  const ports = {
    ...{ billing: table, ledger: billing.ledger, accounts: createAccountStore(table), access },
    ...{ plans: createPlanStore(table), publish: billing.publish },
    stripe: cuttable(stripe, [
      ...([
        'ensureCredit',
        'ensureCoupon',
        'createSubscription',
        'payInvoice',
        'changeAtPeriodEnd',
        'cancelAtPeriodEnd',
      ] as const),
      ...(['clearScheduled', 'cancelUnused', 'refundSubscription', 'cancelNow', 'sendUsage'] as const),
    ]),
  }
  const call = (): Call => ({
    ...{ now: clock.now, requestId: 'test' },
    actor: { kind: 'customer', accountId: given.ACCOUNT, userId: 'ada' },
  })

  const inputs: { name: string; input: object }[] = []
  const statuses = new Map<string, 'running' | 'succeeded' | 'failed'>()
  const executions = {
    async start(_machine: string, name: string, input: object) {
      if (statuses.has(name)) return
      statuses.set(name, 'running')
      inputs.push({ name, input })
    },
    status: async (_machine: string, name: string) => statuses.get(name) ?? ('missing' as const),
  }
  await entitle(ports, given.ACCOUNT, call())
  const follow = { ...ports, executions, machines: { changePlan: 'change' } }
  /** Runs what was started, each step again when it was cut; sweeps in between, as every 15 minutes. */
  const settle = async () => {
    for (let round = 0; round < 6; round++) {
      await sweepChanges(follow, clock.now)
      for (const { name, input } of inputs.splice(0))
        statuses.set(name, (await runMachine(ports, input, clock)) ? 'succeeded' : 'failed')
    }
  }
  return {
    ...{ clock, billing, stripe, ports, follow, settle, call, statuses, cutter, plans },
    preview: previewChange(ports),
    change: changePlan(ports),
    cancel: cancelPlan(ports),
    undo: undoChange(ports),
    /** What the hourly job does for an account whose usage changed. */
    async report() {
      await advancePaidSegment(ports, given.ACCOUNT, clock.now)
      for (const segment of await billing.accounts.listSegments(given.ACCOUNT)) {
        const plan = plans.find(({ planVersionId }) => planVersionId === segment.planVersionId)
        if (!plan || segment.closedAt !== null) continue
        const { owedUnits } = await measureSegment(ports, segment, plan, clock.now)
        const target = { plan, customerId: given.CUSTOMER }
        await reportSegment({ billing: table, meter: ports.stripe }, segment, target, owedUnits, clock.now)
      }
    },
    /** Cuts one effect while `work` runs; whether it was reached. */
    async cutting(cut: Cut | null, work: () => Promise<unknown>): Promise<boolean> {
      Object.assign(cutter, { cut, count: 0 })
      await work().catch(error => {
        if (!(error instanceof TransientError)) throw error
      })
      const wasReached = cut !== null && cutter.count > cut.at
      cutter.cut = null
      return wasReached
    },
  }
}
export type ChangeWorld = Awaited<ReturnType<typeof createChangeWorld>>

/** The machine of `infra/aws/constructs/machines/change-plan.ts`; false: it ends in Fail. */
async function runMachine(ports: ChangePorts, input: object, clock: { now: Instant }): Promise<boolean> {
  const steps = changeSteps(ports)
  let state: ChangeState = changeStateSchema.parse(input)
  let step: ChangeStep | null = 'load'
  for (let done = 0; step !== null && done < 60; done++) {
    state = await repeat(() => steps[step as ChangeStep](JSON.parse(JSON.stringify(state)), clock.now), clock)
    step = NEXT[step](state.outcome ?? '')
  }
  return state.outcome !== 'refused'
}

const NEXT: Readonly<Record<ChangeStep, (outcome: string) => ChangeStep | null>> = {
  load: outcome =>
    (
      ({
        ready: 'switch',
        replaces: 'report',
        renewed: 'follow',
        ended: 'leave',
        unwanted: 'refuse',
      }) as const
    )[outcome] ?? null,
  report: () => 'settle',
  settle: outcome => (outcome === 'settled' ? 'cancel' : 'settle'),
  cancel: () => 'switch',
  switch: () => 'entitle',
  follow: () => 'entitle',
  leave: () => 'entitle',
  refuse: () => null,
  entitle: outcome => (outcome === 'in_force' ? 'announce' : 'entitle'),
  announce: () => null,
}

async function repeat<T>(run: () => Promise<T>, clock: { now: Instant }): Promise<T> {
  for (;;) {
    try {
      return await run()
    } catch (error) {
      if (!(error instanceof TransientError)) throw error
      // A lease that was left behind is waited out.
      clock.now = plusMs(clock.now, HOUR_MS / 30)
    }
  }
}
