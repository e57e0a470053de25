import { now } from '#kernel/clock'
import { createBillingDeps } from '../procedures/create-deps.ts'
import { createStripeAdapter } from '../stripe/adapter.ts'
import { publishStateSchema } from './publish-plan/state.ts'
import { publishSteps } from './publish-plan/steps.ts'
import { stepHandler } from './run-step.ts'

const deps = createBillingDeps(now)
const stripe = createStripeAdapter(deps.stripe)

export const handler = stepHandler(publishStateSchema, publishSteps({ ...deps, stripe }), now)
