import type { Log } from '#kernel/log'
import type { PortalDeps } from '../deps.ts'

/** One line per request and one per failure, on the service's log. */
export const portalLog = (log: Log): PortalDeps['log'] => ({
  request: record => log.info('request', { ...record }),
  failure: (message, error, requestId) => log.error(message, { requestId, error }),
})
