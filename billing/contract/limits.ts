import { defineContract } from '#kernel/rpc'

/** Limits that customers set, usage in detail, reconciliation. */
export const limitProcedures = defineContract({})
