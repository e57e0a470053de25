import { defineContract } from '#kernel/rpc'

/** Plan changes: upgrade, downgrade, cancel, undo, resume, each with its preview. */
export const changeProcedures = defineContract({})
