import type { paymentProcedures } from '#billing/contract'
import type { Handlers } from '#kernel/rpc'
import type { BillingDeps } from '../deps.ts'

export const paymentHandlers = (_deps: BillingDeps): Handlers<typeof paymentProcedures> => ({})
