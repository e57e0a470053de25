import { publishStranded } from '#kernel/outbox'
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS, plusMs } from '#kernel/time'
import { createAccountStore } from '../../../accounts/store.ts'
import { sweepCloses } from '../../../jobs/sweep-closes.ts'
import { createPlanStore } from '../../../plans/store.ts'
import { type RepairDeps, repairClose } from '../../../procedures/closes/repair-close.ts'
import { callAt } from '../../../procedures/testing/test-deps.ts'
import { markClosing } from '../../../stripe/closing.ts'
import type { InvoiceView } from '../../../stripe/views.ts'
import { stepHandler } from '../../run-step.ts'
import { createFakeStripe } from '../../testing/fake-stripe.ts'
import * as given from '../../testing/fixtures.ts'
import { closeStateSchema } from '../state.ts'
import { type CloseStep, closeSteps } from '../steps.ts'
import { Crash, type createCrasher } from './crash-at.ts'

/** A close on memory tables whose executions run to their end when they are started, as the machine would run them. */
export async function createCloseWorld(
  lines: InvoiceView['lines'],
  crasher?: ReturnType<typeof createCrasher>,
) {
  let now: Instant = plusMs(given.PERIOD.end, DAY_MS + HOUR_MS)
  const world = await given.createBilling()
  const stripe = createFakeStripe(() => now)
  const executions = given.createFakeExecutions()
  await given.subscribe(world)
  await markClosing(world.billing, { accountId: given.ACCOUNT, end: given.PERIOD.end })
  await world.use(25_000, plusMs(given.PERIOD.start, DAY_MS))
  await world.use(7, plusMs(given.PERIOD.end, -1))
  stripe.subscriptions.set('sub_1', given.subscription())
  stripe.invoices.set('in_1', given.cycleInvoice({ lines }))

  const wrap = <T extends object>(port: T): T => crasher?.wrap(port) ?? port
  const billing = wrap(world.billing)
  const ports = {
    ...{ ledger: world.ledger, publish: world.publish, billing },
    ...{ accounts: createAccountStore(billing), plans: createPlanStore(billing) },
    ...{ objects: wrap(world.objects), stripe: wrap(stripe), drainMs: DAY_MS },
  }
  const handle = stepHandler(closeStateSchema, closeSteps(ports), () => now)
  const machines = { closeInvoice: 'close' }

  /** The machine of `infra/aws/constructs/machines/close-invoice.ts`, as far as choices go. */
  async function execute(name: string, input: object): Promise<void> {
    let state: Awaited<ReturnType<typeof handle>> = { ...input } as never
    const take = async (step: CloseStep) => {
      state = await handle({ step, state: JSON.parse(JSON.stringify(state)) })
    }
    try {
      await take('hold')
      if (state.outcome === 'not_ours') return
      if (state.outcome === 'held')
        for (const step of ['report', 'settle', 'finalize'] as const) await take(step)
      await take('compare')
      if (state.outcome === 'too_much') await take('credit')
      for (const step of ['collect', 'record', 'prove'] as const) await take(step)
      executions.statuses.set(name, 'succeeded')
    } catch (error) {
      executions.statuses.set(name, 'failed')
      if (!(error instanceof Error) || error instanceof Crash) throw error
      state = { ...state, error: { Error: error.name, Cause: error.message } }
      await take('fail')
    }
  }
  const running = {
    ...executions,
    async start(machine: string, name: string, input: object) {
      await executions.start(machine, name, input)
      await execute(name, input)
    },
  }
  /** Two minutes later: whoever died holding the account's lease has lost it by then. */
  const pass = () => {
    now = plusMs(now, 2 * MINUTE_MS)
    return now
  }
  const sweep = async () => {
    await sweepCloses({ ...ports, executions: running, machines }, pass())
    await publishStranded(world.billing, world.publish, pass())
  }
  const repairDeps: RepairDeps = { ...ports, executions: running, machines }
  return {
    ...{ world, stripe, executions, sweep, now, ports },
    /** What a repair answers; the second call of the two confirms what the first one shows. */
    repair: (kind: Parameters<typeof repairClose>[1], input: object = {}) =>
      repairClose(repairDeps, kind)(
        { accountId: given.ACCOUNT, invoiceId: 'in_1', ...input },
        callAt(pass(), { kind: 'admin', userId: 'owner' }),
      ),
  }
}
export type CloseWorld = Awaited<ReturnType<typeof createCloseWorld>>
