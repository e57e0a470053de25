import * as z from 'zod/mini'
import { stripeNotificationSchema } from '#billing/contract'
import { type Publish, publishStranded } from '#kernel/outbox'
import { type Instant, SECOND_MS } from '#kernel/time'
import { portalEvents } from '#portal/contract'
import type { createAccessPorts } from '../../../api/access/ports.ts'
import { tendGatewayKeys } from '../../../api/access/tend-gateway-keys.ts'
import { exportLedger } from '../../../billing/jobs/export-ledger.ts'
import { openAccount } from '../../../billing/jobs/open-account.ts'
import { reportUsage } from '../../../billing/jobs/report-usage.ts'
import { rollUp } from '../../../billing/jobs/roll-up.ts'
import { sweepChanges } from '../../../billing/jobs/sweep-changes.ts'
import { sweepCloses } from '../../../billing/jobs/sweep-closes.ts'
import { sweepPayments } from '../../../billing/jobs/sweep-payments.ts'
import { watchPayments } from '../../../billing/jobs/watch-payments.ts'
import { recordUsage } from '../../../billing/ledger/record-usage.ts'
import type { BillingDeps } from '../../../billing/procedures/deps.ts'
import { scheduledAt, serviceCall } from '../../../billing/procedures/service-call.ts'
import type { StripeAdapter } from '../../../billing/stripe/adapter.ts'
import { receiveWebhook } from '../../../billing/webhooks/receive-webhook.ts'
import { startWorkflow } from '../../../billing/webhooks/start-workflow.ts'
import { changeStateSchema } from '../../../billing/workflows/change-plan/state.ts'
import { changeSteps } from '../../../billing/workflows/change-plan/steps.ts'
import { closeStateSchema } from '../../../billing/workflows/close-invoice/state.ts'
import { closeSteps } from '../../../billing/workflows/close-invoice/steps.ts'
import { collectStateSchema } from '../../../billing/workflows/collect-payment/state.ts'
import { collectSteps } from '../../../billing/workflows/collect-payment/steps.ts'
import type { Executions } from '../../../billing/workflows/executions.ts'
import { migrateStateSchema } from '../../../billing/workflows/migrate-plan/state.ts'
import { migrateSteps } from '../../../billing/workflows/migrate-plan/steps.ts'
import { publishStateSchema } from '../../../billing/workflows/publish-plan/state.ts'
import { publishSteps } from '../../../billing/workflows/publish-plan/steps.ts'
import { stepHandler } from '../../../billing/workflows/run-step.ts'
import { FUNCTIONS, MACHINES } from '../../../infra/aws/names.ts'
import { machineArn } from '../platform/assembly.ts'
import type { Trace } from '../platform/effects.ts'
import type { Handlers } from '../platform/functions.ts'

type Ports = {
  readonly deps: BillingDeps
  readonly stripe: StripeAdapter
  readonly executions: Executions
  readonly accessPorts: ReturnType<typeof createAccessPorts>
  readonly serveAccess: (event: unknown) => Promise<unknown>
  readonly webhook: { readonly webhookSecret: () => Promise<string>; readonly publish: Publish }
  /** Ends an execution of collect-payment that was taken over. */
  readonly stopExecution: (name: string, cause: string) => Promise<void>
  readonly policy: { readonly graceMs: number; readonly cancelMs: number }
  readonly now: () => Instant
  readonly trace: Trace
}

/** Functions whose work a simulation does not do, and why. */
export const NOT_SIMULATED: Readonly<Record<string, string>> = {
  [FUNCTIONS.portal]: 'people and pages: actions stand for them',
  [FUNCTIONS.sendMail]: 'no money depends on mail',
  [FUNCTIONS.portalOutbox]: 'the facts of the portal are put on the bus by actions',
  [FUNCTIONS.reconcile]: 'it reads logs of CloudWatch again; what it finds is delivered as any line is',
  [FUNCTIONS.checkPlans]:
    'it compares and alarms; that it also takes over failed migrations is not simulated',
  [FUNCTIONS.billing]: 'actions call its procedures in an invocation of their own',
  [FUNCTIONS.authorizer]: 'world/gateway.ts runs it in line',
  [FUNCTIONS.api]: 'world/gateway.ts runs its metering in line',
}

/** The functions by name, each wired as its `.lambda.ts` entry does it. */
export function createHandlers(ports: Ports): Handlers {
  return { ...jobs(ports), ...machineSteps(ports), ...events(ports) }
}

const MACHINE_ARNS = {
  closeInvoice: machineArn(MACHINES.closeInvoice),
  changePlan: machineArn(MACHINES.changePlan),
  collectPayment: machineArn(MACHINES.collectPayment),
  migratePlan: machineArn(MACHINES.migratePlan),
}

function jobs({ deps, stripe, executions, accessPorts, now, trace }: Ports): Handlers {
  const drainMs = deps.env.CLOSE_DRAIN_SECONDS * SECOND_MS
  const ports = { ...deps, stripe, executions, machines: MACHINE_ARNS, drainMs }
  const raise = (problems: readonly string[]) => {
    if (problems.length > 0) throw new Error(problems.join('; '))
  }
  return {
    async [FUNCTIONS.rollUp](event, { awsRequestId }) {
      raise((await rollUp(deps, serviceCall(scheduledAt(event), awsRequestId))).problems)
    },
    async [FUNCTIONS.reportUsage](event, { awsRequestId }) {
      const call = serviceCall(scheduledAt(event), awsRequestId)
      raise((await reportUsage({ ...deps, stripe, clock: now }, call)).problems)
    },
    async [FUNCTIONS.sweepCloses](event) {
      const { started, problems } = await sweepCloses(ports, scheduledAt(event))
      if (started.length > 0) trace(`swept: ${started.join(', ')}`)
      raise(problems)
    },
    async [FUNCTIONS.sweepChanges](event) {
      raise((await sweepChanges(ports, scheduledAt(event))).problems)
    },
    async [FUNCTIONS.watchPayments](event, { awsRequestId }) {
      raise((await watchPayments(ports, serviceCall(scheduledAt(event), awsRequestId))).problems)
    },
    async [FUNCTIONS.sweepPayments](event) {
      raise((await sweepPayments(ports, scheduledAt(event))).problems)
    },
    async [FUNCTIONS.exportLedger](event) {
      await exportLedger(ports, scheduledAt(event))
    },
    async [FUNCTIONS.billingOutbox](event) {
      await publishStranded(deps.billing, deps.publish, scheduledAt(event))
    },
    async [FUNCTIONS.tendGatewayKeys](event) {
      const failures: string[] = []
      await tendGatewayKeys(accessPorts, scheduledAt(event), (part, error) =>
        failures.push(`${part}: ${String(error)}`),
      )
      raise(failures)
    },
  }
}

function machineSteps({ deps, stripe, stopExecution, policy, now }: Ports): Handlers {
  const drainMs = deps.env.CLOSE_DRAIN_SECONDS * SECOND_MS
  const all = { ...deps, stripe, drainMs, policy, stopExecution }
  return {
    [FUNCTIONS.publishPlanStep]: stepHandler(publishStateSchema, publishSteps(all), now),
    [FUNCTIONS.changePlanStep]: stepHandler(changeStateSchema, changeSteps(all), now),
    [FUNCTIONS.migratePlanStep]: stepHandler(migrateStateSchema, migrateSteps(all), now),
    [FUNCTIONS.collectPaymentStep]: stepHandler(collectStateSchema, collectSteps(all), now),
    [FUNCTIONS.closeInvoiceStep]: stepHandler(closeStateSchema, closeSteps(all), now),
  }
}

const notificationSchema = z.object({ detail: z.object({ data: stripeNotificationSchema }) })
const createdSchema = z.object({ detail: z.object({ data: portalEvents['account.created'] }) })
const requestSchema = z.object({ headers: z.record(z.string(), z.string()), body: z.string() })

function events({ deps, stripe, executions, serveAccess, webhook, now, trace }: Ports): Handlers {
  const ports = { ...deps, stripe, executions, machines: MACHINE_ARNS }
  return {
    [FUNCTIONS.access]: serveAccess,
    async [FUNCTIONS.recordUsage](event) {
      const sendPoison = async ({ reason }: { reason: string }) => {
        throw new Error(`a line is poison: ${reason}`)
      }
      await recordUsage({ ledger: deps.ledger, sendPoison }, event)
    },
    [FUNCTIONS.stripeWebhook]: event =>
      receiveWebhook(webhook, { ...z.parse(requestSchema, event), isBase64Encoded: false }, now()),
    async [FUNCTIONS.startWorkflow](event) {
      const { data } = z.parse(notificationSchema, event).detail
      const outcomes = await startWorkflow(ports, data, now())
      const told = outcomes.map(outcome => outcome.started ?? outcome.because).join('; ')
      trace(`${data.type} ${data.objectId}: ${told}`)
    },
    async [FUNCTIONS.openAccount](event, { awsRequestId }) {
      const { data } = z.parse(createdSchema, event).detail
      await openAccount(deps, data, serviceCall(now(), awsRequestId))
    },
  }
}
