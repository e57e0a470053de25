import { now } from '#kernel/clock'
import { createBillingDeps } from '../procedures/create-deps.ts'
import { createStripeAdapter } from '../stripe/adapter.ts'
import { migrateStateSchema } from './migrate-plan/state.ts'
import { migrateSteps } from './migrate-plan/steps.ts'
import { stepHandler } from './run-step.ts'

const deps = createBillingDeps(now)
const stripe = createStripeAdapter(deps.stripe)

export const handler = stepHandler(migrateStateSchema, migrateSteps({ ...deps, stripe }), now)
