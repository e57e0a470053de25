import * as z from 'zod/mini'
import { now } from '#kernel/clock'
import { createLog } from '#kernel/log'
import { portalEvents } from '#portal/contract'
import { createBillingDeps } from '../procedures/create-deps.ts'
import { serviceCall } from '../procedures/service-call.ts'
import { openAccount } from './open-account.ts'

const deps = createBillingDeps(now)
const log = createLog('open-account')
const eventSchema = z.object({
  'detail-type': z.literal('account.created'),
  detail: z.object({ data: portalEvents['account.created'] }),
})

/** Answers the portal's `account.created`. */
export const handler = async (event: unknown, context: { readonly awsRequestId: string }): Promise<void> => {
  const { data } = z.parse(eventSchema, event).detail
  const { inForce, problem } = await openAccount(deps, data, serviceCall(now(), context.awsRequestId))
  if (!inForce) log.warn('the entitlement is not in force yet', { accountId: data.accountId, problem })
}
