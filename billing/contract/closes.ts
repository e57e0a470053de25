import { defineContract } from '#kernel/rpc'

/** Closes of invoices and their repair, proofs, exports. */
export const closeProcedures = defineContract({})
