import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import type { Publish } from '#kernel/outbox'
import { PROBLEM_TYPE, problemBody } from '#kernel/problem'
import type { Instant } from '#kernel/time'
import { readNotification } from './read-notification.ts'

export type ReceivePorts = {
  readonly webhookSecret: () => Promise<string>
  /** Of thin events, which come from a destination of their own. */
  readonly eventDestinationSecret?: () => Promise<string | undefined>
  /** Onto the bus with source `tollgate.stripe`. */
  readonly publish: Publish
}

type WebhookRequest = Pick<APIGatewayProxyEventV2, 'headers' | 'body' | 'isBase64Encoded'>

/**
 * Takes one webhook of Stripe: verified on the raw body, put on the bus whatever its type, and answered with 204 only
 * when the bus took it. A signature that does not match is 400; a bus that did not take it throws, so that Stripe gets
 * a 5xx and sends it again.
 */
export async function receiveWebhook(
  { webhookSecret, eventDestinationSecret, publish }: ReceivePorts,
  request: WebhookRequest,
  now: Instant,
): Promise<APIGatewayProxyStructuredResultV2> {
  const body = request.body ?? ''
  const rawBody = request.isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body
  const secrets = [await webhookSecret(), await eventDestinationSecret?.()].filter(one => one !== undefined)
  const read = readNotification(rawBody, request.headers['stripe-signature'], secrets, now)
  if (!read.ok) {
    const definition = { status: 400, code: read.code, title: 'The webhook is refused', detail: read.message }
    const headers = { 'content-type': PROBLEM_TYPE }
    return { statusCode: 400, headers, body: JSON.stringify(problemBody(definition)) }
  }
  const { createdAt, ...data } = read.value
  await publish({ id: data.id, type: data.type, at: createdAt, data })
  return { statusCode: 204 }
}
