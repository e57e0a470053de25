import { describe, expect, test } from 'vitest'
import type { DomainEvent } from '#kernel/outbox'
import { publishStranded } from '#kernel/outbox'
import type { Table } from '#kernel/table'
import { DAY_MS, type Instant, MINUTE_MS, parseInstant, plusMs } from '#kernel/time'
import { listDue } from '../../accounts/due.ts'
import { entitle } from '../../accounts/entitle.ts'
import { createAccountStore } from '../../accounts/store.ts'
import { watchPayments } from '../../jobs/watch-payments.ts'
import { listDunning, readCollecting } from '../../payments/dunning-record.ts'
import type { Collection } from '../../payments/ports.ts'
import { collectExecution, startCollecting } from '../../payments/start-collecting.ts'
import { createFakeAccess } from '../../procedures/testing/test-deps.ts'
import { TransientError } from '../../stripe/failure.ts'
import {
  ACCOUNT,
  CUSTOMER,
  createBilling,
  createFakeExecutions,
  SUBSCRIPTION,
  subscribe,
  subscription,
} from '../testing/fixtures.ts'
import type { CollectPorts, CollectState } from './state.ts'
import { type CollectStep, collectSteps } from './steps.ts'

const FAILED = parseInstant('2026-12-11T10:00:00Z')
const POLICY = { graceMs: 7 * DAY_MS, cancelMs: 14 * DAY_MS }
const OF = { accountId: ACCOUNT, invoiceId: 'in_1' }
const machines = { collectPayment: 'collect' }

/** Throws at one effect, right before or right after it happens; once. */
function faultAt(at: number, when: 'before' | 'after') {
  const state = { effects: 0, hit: false }
  const around = async <T>(run: () => Promise<T>): Promise<T> => {
    const isIt = state.effects++ === at && !state.hit
    if (isIt) state.hit = true
    if (isIt && when === 'before') throw new TransientError('cut off')
    const result = await run()
    if (isIt) throw new TransientError('cut off')
    return result
  }
  return { state, around }
}

type Story = {
  readonly fault: ReturnType<typeof faultAt>
  /** What follows a cut-off step: the machine tries it again, or the execution is dead and the next attempt begins. */
  readonly next: 'retry' | 'takeover'
  /** Paid so long after the first failure; null: never. */
  readonly paidAfterMs: number | null
}

/** The whole product's path of one invoice: machine, jobs every minute, and a payment at some moment. */
async function tell({ fault, next, paidAfterMs }: Story) {
  const billing = await createBilling()
  await subscribe(billing)
  const access = createFakeAccess()
  const executions = createFakeExecutions()
  const { around } = fault
  const table: Table = {
    ...billing.billing,
    put: (item, conditions) => around(() => billing.billing.put(item, conditions)),
    update: (key, changes, conditions) => around(() => billing.billing.update(key, changes, conditions)),
    remove: (key, conditions) => around(() => billing.billing.remove(key, conditions)),
  }
  const world = { now: FAILED, status: 'open' as Collection['status'], cancelled: [] as string[] }
  const accounts = createAccountStore(table)
  const publish = (event: DomainEvent) => around(async () => void billing.events.push(event))
  const ports: CollectPorts = {
    ...{ billing: table, ledger: billing.ledger, plans: billing.plans, accounts, publish, policy: POLICY },
    access: {
      ...access.client,
      setEntitlement: (...of) => around(() => access.client.setEntitlement(...of)),
    },
    stripe: {
      getCollection: async () => invoice(world.status),
      getSubscription: async () => subscription(),
      cancelNow: id =>
        around(async () => {
          world.cancelled.push(id)
          return subscription({ status: 'canceled' })
        }),
    },
    stopExecution: async name => void executions.statuses.set(name, 'failed'),
  }
  const steps = collectSteps(ports)
  const watch = {
    ...ports,
    ...{ executions, machines, access: access.client },
    stripe: { listSettledSince: async () => (world.status === 'open' ? [] : ['in_1']) },
  }
  let attempt = 1
  await startCollecting({ billing: billing.billing, executions, machines }, OF, world.now)
  let state: CollectState = { ...OF, attempt }
  let step: CollectStep | null = 'look'
  const paidAt = paidAfterMs === null ? null : plusMs(FAILED, paidAfterMs)
  for (let rounds = 0; rounds < 200; rounds++) {
    if (step !== null) {
      try {
        state = await steps[step](state, world.now)
        const outcome: string = state.outcome ?? ''
        if (outcome === 'wait') step = null
        else if (step !== 'look') step = 'look'
        else if (outcome === 'settle') step = 'recover'
        else if (outcome === 'tell' || outcome === 'block' || outcome === 'cancel') step = outcome
        else break
      } catch (error) {
        if (!(error instanceof TransientError)) throw error
        if (next === 'retry') continue
        executions.statuses.set(collectExecution('in_1', attempt), 'failed')
        const again = await startCollecting({ billing: billing.billing, executions, machines }, OF, world.now)
        if (again.started === null) break
        attempt = Number(again.started.split('-').at(-1))
        state = { ...OF, attempt }
        step = 'look'
      }
      continue
    }
    const wakeAt = Date.parse(state.lookAt ?? '') as Instant
    if (paidAt !== null && world.status === 'open' && paidAt <= wakeAt) {
      world.now = paidAt
      world.status = 'paid'
      // The webhook is delivered again when its route was cut off.
      const wake = () => startCollecting(watch, OF, world.now, { wake: true })
      const { started } = await wake().catch(wake)
      if (started !== null) attempt = Number(started.split('-').at(-1))
      state = { ...OF, attempt }
    } else world.now = wakeAt
    step = 'look'
  }
  await settle(watch, world, billing)
  const account = await billing.accounts.getAccount(ACCOUNT)
  return { billing, access, world, account, executions }
}

/** What the jobs of the next minutes do. */
async function settle(
  watch: Parameters<typeof watchPayments>[0],
  world: { now: Instant },
  billing: Awaited<ReturnType<typeof createBilling>>,
) {
  for (let minute = 0; minute < 3; minute++) {
    world.now = plusMs(world.now, 2 * MINUTE_MS)
    const call = { now: world.now, actor: { kind: 'service', service: 'billing' }, requestId: 'job' } as const
    await watchPayments(watch, call)
    await publishStranded(billing.billing, watch.publish, world.now).catch(() => {})
    // Roll-up's part.
    for (const marker of await listDue(billing.billing, 'entitle-due'))
      await entitle(watch, marker.name, call, marker)
  }
}

const invoice = (status: Collection['status']): Collection => ({
  ...{ id: 'in_1', status, customerId: CUSTOMER, subscriptionId: SUBSCRIPTION, number: 'A-0002' },
  ...{ billingReason: 'subscription_cycle', currency: 'usd', totalMinor: 2900n, creditedMinor: 0n },
  ...{ remainingMinor: status === 'paid' ? 0n : 2900n, attempted: true, needsAuthentication: false },
  hostedUrl: 'https://pay.test/in_1',
})

const none = () => faultAt(-1, 'before')
const stages = (events: readonly DomainEvent[]) => [
  ...new Set(events.map(({ type, data }) => `${type} ${(data as { stage?: string }).stage ?? ''}`.trim())),
]
const STORIES = [
  { name: 'paid within the grace', paidAfterMs: 2 * DAY_MS, blocks: [], notices: 2 },
  { name: 'paid while blocked', paidAfterMs: 9 * DAY_MS, blocks: [], notices: 5 },
  { name: 'never paid', paidAfterMs: null, blocks: ['unpaid'], notices: 5 },
] as const

describe.each(STORIES)('an invoice that is $name', ({ paidAfterMs, blocks, notices }) => {
  test('ends right wherever a step is cut off, before or after each of its effects', async () => {
    const calm = await tell({ fault: none(), next: 'retry', paidAfterMs })
    expect(calm.account?.blocks).toEqual(blocks)
    expect(stages(calm.billing.events)).toHaveLength(notices)
    const probe = none()
    await tell({ fault: probe, next: 'retry', paidAfterMs })
    expect(probe.state.effects).toBeGreaterThan(10)
    for (let at = 0; at < probe.state.effects; at++)
      for (const when of ['before', 'after'] as const)
        for (const next of ['retry', 'takeover'] as const) {
          const where = `effect ${at}, ${when}, ${next}`
          const fault = faultAt(at, when)
          const end = await tell({ fault, next, paidAfterMs }).catch(error => {
            // A job that is cut off runs again a minute later; the steps never let a fault through.
            throw new Error(`${where}: ${error}`, { cause: error })
          })
          expect(end.account?.blocks, where).toEqual(blocks)
          expect(end.access.entitlements.get(ACCOUNT)?.blocks ?? [], where).toEqual(blocks)
          expect(stages(end.billing.events), where).toEqual(stages(calm.billing.events))
          expect(new Set(end.world.cancelled), where).toEqual(new Set(calm.world.cancelled))
          const open = await listDunning(end.billing.billing, ACCOUNT)
          expect(open.length, where).toBe(paidAfterMs === null ? 1 : 0)
          expect((await readCollecting(end.billing.billing)).length, where).toBe(open.length)
        }
  })
})
