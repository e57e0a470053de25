import { defineContract } from '#kernel/rpc'

/** Plans as data: drafts, their rehearsal, publishing, migration, archiving, drift. */
export const planProcedures = defineContract({})
