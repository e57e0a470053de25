import type { limitProcedures } from '#billing/contract'
import type { Handlers } from '#kernel/rpc'
import type { BillingDeps } from '../deps.ts'

export const limitHandlers = (_deps: BillingDeps): Handlers<typeof limitProcedures> => ({})
