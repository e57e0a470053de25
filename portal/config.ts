import * as z from 'zod/mini'
import { readConfig, required } from '#kernel/config'

/** Environments of this service's deployables. The only reader of their `process.env`; infrastructure satisfies these types. */
const portal = z.object({
  PORTAL_TABLE: required,
  EVENT_BUS: required,
  ACCESS_FUNCTION: required,
  BILLING_FUNCTION: required,
  USER_POOL_ID: required,
  USER_POOL_CLIENT_ID: required,
  /** `UserPool.ProviderURL`: issuer of the tokens; `<issuer>/.well-known/jwks.json` holds its keys. */
  USER_POOL_ISSUER: required,
  /** Where people reach the portal; decides cookie attributes and links in mails. */
  PORTAL_URL: required,
  /** Where developers reach the metered API; shown in examples. */
  API_URL: required,
})
export type PortalEnv = z.input<typeof portal>
export const readPortalConfig = () => readConfig(portal)

/** Sends mail on facts from the bus. */
const mailer = z.object({ PORTAL_TABLE: required, PORTAL_URL: required, MAIL_FROM: required })
export type MailerEnv = z.input<typeof mailer>
export const readMailerConfig = () => readConfig(mailer)

/** Republishes events that a crash left unpublished. */
const outbox = z.object({ PORTAL_TABLE: required, EVENT_BUS: required })
export type OutboxEnv = z.input<typeof outbox>
export const readOutboxConfig = () => readConfig(outbox)
