import { defineContract } from '#kernel/rpc'

/** Payment and what surrounds it: dunning, credits, coupons, refunds, disputes, blocks. */
export const paymentProcedures = defineContract({})
