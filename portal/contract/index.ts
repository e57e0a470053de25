import * as z from 'zod/mini'
import { accountIdSchema, instantSchema } from '#kernel/schemas'

export * from './password-policy.ts'

/** Source of the portal's events on the bus. */
export const EVENT_SOURCE = 'tollgate.portal'

/** Facts that the portal publishes on the bus with source `tollgate.portal`. */
export const portalEvents = {
  /** A confirmed sign-up made an account. Billing answers by opening Free. */
  'account.created': z.object({ accountId: accountIdSchema, createdAt: instantSchema }),
  'account.closed': z.object({ accountId: accountIdSchema, closedAt: instantSchema }),
} as const
