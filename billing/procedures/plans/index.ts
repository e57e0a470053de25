import type { planProcedures } from '#billing/contract'
import type { Handlers } from '#kernel/rpc'
import type { BillingDeps } from '../deps.ts'

export const planHandlers = (_deps: BillingDeps): Handlers<typeof planProcedures> => ({})
