import { now } from '#kernel/clock'
import { createBillingDeps } from '../procedures/create-deps.ts'
import { createStripeAdapter } from '../stripe/adapter.ts'
import { changeStateSchema } from './change-plan/state.ts'
import { changeSteps } from './change-plan/steps.ts'
import { stepHandler } from './run-step.ts'

const deps = createBillingDeps(now)
const stripe = createStripeAdapter(deps.stripe)

export const handler = stepHandler(changeStateSchema, changeSteps({ ...deps, stripe }), now)
