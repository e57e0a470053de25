import { accessContract } from '#api/contract'
import { createDynamoTable } from '#kernel/dynamo-table'
import { createInvoke } from '#kernel/invoke'
import { createPublisher } from '#kernel/publish'
import { client } from '#kernel/rpc'
import { createS3ObjectStore } from '#kernel/s3-object-store'
import type { Instant } from '#kernel/time'
import { createAccountStore } from '../accounts/store.ts'
import { readTaxConfig, readWorkerConfig } from '../config.ts'
import { createPlanStore } from '../plans/store.ts'
import { createStripeAccess, secretReader } from '../stripe/client.ts'
import type { BillingDeps } from './deps.ts'

/** Source of billing's facts on the bus. */
const EVENT_SOURCE = 'tollgate.billing'

/** Everything from the environment: called once per entry, at module scope, with the kernel clock. */
export function createBillingDeps(now: () => Instant): BillingDeps {
  const env = readWorkerConfig()
  const billing = createDynamoTable(env.BILLING_TABLE)
  const { stripe } = createStripeAccess({
    readSecret: secretReader(env.STRIPE_SECRET_ID),
    apiUrl: env.STRIPE_API_URL,
    now,
  })
  return {
    billing,
    ledger: createDynamoTable(env.LEDGER_TABLE),
    objects: createS3ObjectStore(env.PROOF_BUCKET),
    accounts: createAccountStore(billing),
    plans: createPlanStore(billing),
    access: client(accessContract, createInvoke(env.ACCESS_FUNCTION)),
    publish: createPublisher(env.EVENT_BUS, EVENT_SOURCE),
    env,
    automaticTax: readTaxConfig().AUTOMATIC_TAX === 'true',
    stripe,
  }
}
