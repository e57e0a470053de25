import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { now } from '#kernel/clock'
import { createPublisher } from '#kernel/publish'
import { readWebhookConfig } from '../config.ts'
import { createStripeAccess, secretReader } from '../stripe/client.ts'
import { receiveWebhook } from './receive-webhook.ts'

const env = readWebhookConfig()
const { webhookSecret, eventDestinationSecret } = createStripeAccess({
  readSecret: secretReader(env.STRIPE_SECRET_ID),
  apiUrl: env.STRIPE_API_URL,
  now,
})
const publish = createPublisher(env.EVENT_BUS, 'tollgate.stripe')

/** `POST /stripe` of the webhook API (HTTP API, payload 2.0). */
export const handler = (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> =>
  receiveWebhook({ webhookSecret, eventDestinationSecret, publish }, event, now())
