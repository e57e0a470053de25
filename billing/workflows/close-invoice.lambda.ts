import { now } from '#kernel/clock'
import { SECOND_MS } from '#kernel/time'
import { createBillingDeps } from '../procedures/create-deps.ts'
import { createStripeAdapter } from '../stripe/adapter.ts'
import { closeStateSchema } from './close-invoice/state.ts'
import { closeSteps } from './close-invoice/steps.ts'
import { stepHandler } from './run-step.ts'

const deps = createBillingDeps(now)
const stripe = createStripeAdapter(deps.stripe)
const drainMs = deps.env.CLOSE_DRAIN_SECONDS * SECOND_MS

export const handler = stepHandler(closeStateSchema, closeSteps({ ...deps, stripe, drainMs }), now)
