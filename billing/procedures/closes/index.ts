import type { closeProcedures } from '#billing/contract'
import type { Handlers } from '#kernel/rpc'
import type { BillingDeps } from '../deps.ts'

export const closeHandlers = (_deps: BillingDeps): Handlers<typeof closeProcedures> => ({})
