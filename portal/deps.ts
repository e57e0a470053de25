import type { accessContract } from '#api/contract'
import type { billingContract } from '#billing/contract'
import type { Client } from '#kernel/rpc'
import type { Instant } from '#kernel/time'
import type { AccountStore } from './accounts/store.ts'
import type { Identity } from './auth/identity.ts'
import type { VerifyToken } from './auth/verify-token.ts'

/** One served request, for the log. Holds no address and no query. */
export type RequestRecord = {
  readonly requestId: string
  readonly method: string
  readonly path: string
  readonly status: number
  readonly durationMs: number
}

/** Everything the portal needs from outside. The Lambda entry wires the real ones, tests wire fakes. */
export type PortalDeps = {
  readonly identity: Identity
  readonly verifyToken: VerifyToken
  readonly access: Client<typeof accessContract>
  readonly billing: Client<typeof billingContract>
  readonly accounts: AccountStore & {
    /** Publishes the events that an account's item still carries. */
    announce(accountId: string): Promise<void>
  }
  readonly now: () => Instant
  /** Where people reach the portal, without a slash at the end. Its scheme decides the cookies' attributes. */
  readonly portalUrl: string
  /** Where developers reach the metered API, without a slash at the end. */
  readonly apiUrl: string
  readonly log: {
    request(record: RequestRecord): void
    failure(message: string, error: unknown, requestId: string): void
  }
}
