import type { changeProcedures } from '#billing/contract'
import type { Handlers } from '#kernel/rpc'
import type { BillingDeps } from '../deps.ts'

export const changeHandlers = (_deps: BillingDeps): Handlers<typeof changeProcedures> => ({})
