import { now } from '#kernel/clock'
import { DAY_MS } from '#kernel/time'
import { readCollectConfig } from '../config.ts'
import { createStopExecution } from '../payments/stop-execution.ts'
import { createBillingDeps } from '../procedures/create-deps.ts'
import { createStripeAdapter } from '../stripe/adapter.ts'
import { collectStateSchema } from './collect-payment/state.ts'
import { collectSteps } from './collect-payment/steps.ts'
import { stepHandler } from './run-step.ts'

const deps = createBillingDeps(now)
const env = readCollectConfig()
const ports = {
  ...deps,
  stripe: createStripeAdapter(deps.stripe),
  policy: { graceMs: env.PAYMENT_GRACE_DAYS * DAY_MS, cancelMs: env.PAYMENT_CANCEL_DAYS * DAY_MS },
  stopExecution: createStopExecution(env.COLLECT_PAYMENT_MACHINE),
}

export const handler = stepHandler(collectStateSchema, collectSteps(ports), now)
