import type { Call } from '#kernel/rpc'
import type { PortalDeps } from '../deps.ts'
import type { AppContext, User } from './app-env.ts'

/** A call on behalf of the customer that is signed in. */
export const asCustomer = (c: AppContext, deps: PortalDeps, user: User): Call => ({
  now: deps.now(),
  actor: { kind: 'customer', accountId: user.accountId, userId: user.userId },
  requestId: c.get('requestId'),
})

/** A call on behalf of an admin that is signed in. */
export const asAdmin = (c: AppContext, deps: PortalDeps, user: User): Call => ({
  now: deps.now(),
  actor: { kind: 'admin', userId: user.userId },
  requestId: c.get('requestId'),
})

/** A call of the portal itself, for what everybody may see. */
export const asPortal = (c: AppContext, deps: PortalDeps): Call => ({
  now: deps.now(),
  actor: { kind: 'service', service: 'portal' },
  requestId: c.get('requestId'),
})
