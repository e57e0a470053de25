import type { changeProcedures } from '#billing/contract'
import type { Handlers } from '#kernel/rpc'
import { createStripeAdapter } from '../../stripe/adapter.ts'
import type { BillingDeps } from '../deps.ts'
import { cancelPlan } from './cancel-plan.ts'
import { changePlan } from './change-plan.ts'
import { previewChange } from './preview-change.ts'
import { undoChange } from './undo-change.ts'

export const changeHandlers = (
  deps: Pick<BillingDeps, 'accounts' | 'automaticTax' | 'billing' | 'ledger' | 'plans' | 'stripe'>,
): Handlers<typeof changeProcedures> => {
  const ports = { ...deps, stripe: createStripeAdapter(deps.stripe) }
  return {
    previewChange: previewChange(ports),
    changePlan: changePlan(ports),
    cancelPlan: cancelPlan(ports),
    undoChange: undoChange(ports),
  }
}
