import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider'
import { handle } from 'hono/aws-lambda'
import { accessContract } from '#api/contract'
import { billingContract } from '#billing/contract'
import { now } from '#kernel/clock'
import { createDynamoTable } from '#kernel/dynamo-table'
import { createInvoke } from '#kernel/invoke'
import { createLog } from '#kernel/log'
import { createPublisher } from '#kernel/publish'
import { client } from '#kernel/rpc'
import { createAnnounce } from './accounts/announce.ts'
import { createAccountStore } from './accounts/store.ts'
import { createPortal } from './app.tsx'
import { createCognitoIdentity, readClientSecret } from './auth/cognito.ts'
import { createTokenVerifier } from './auth/verify-token.ts'
import { readPortalConfig } from './config.ts'
import { EVENT_SOURCE } from './contract/index.ts'
import { portalLog } from './http/log.ts'

const config = readPortalConfig()
const log = createLog('portal')
const table = createDynamoTable(config.PORTAL_TABLE)
const publish = createPublisher(config.EVENT_BUS, EVENT_SOURCE)
const cognito = new CognitoIdentityProviderClient()
const clientId = config.USER_POOL_CLIENT_ID
const clientSecret = await readClientSecret(cognito, config.USER_POOL_ID, clientId)
const withoutSlash = (url: string): string => url.replace(/\/+$/, '')

const portal = createPortal({
  identity: createCognitoIdentity(cognito, { clientId, clientSecret }),
  verifyToken: createTokenVerifier(config.USER_POOL_ISSUER, clientId),
  access: client(accessContract, createInvoke(config.ACCESS_FUNCTION)),
  billing: client(billingContract, createInvoke(config.BILLING_FUNCTION)),
  accounts: {
    ...createAccountStore(table),
    announce: createAnnounce(table, publish, error =>
      log.warn('An event waits for the outbox job', { error }),
    ),
  },
  now,
  portalUrl: withoutSlash(config.PORTAL_URL),
  apiUrl: withoutSlash(config.API_URL),
  log: portalLog(log),
})

/** HTTP API, payload format 2.0. */
export const handler = handle(portal)
