import { randomBytes, randomUUID } from 'node:crypto'
import { type GatewayRequest, headerValue } from './exchange.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/**
 * `requestId` is the caller's to set: a UUID in `x-amzn-RequestId` is taken over, anything else there becomes one
 * fixed text (docs.aws.amazon.com/apigateway/latest/developerguide/set-up-access-logging.html).
 */
export function requestIdOf(request: GatewayRequest): string {
  const given = headerValue(request, 'x-amzn-requestid')
  if (given === undefined) return randomUUID()
  return UUID.test(given) ? given : 'UUID_REPLACED_INVALID_REQUEST_ID'
}

/** The gateway's own id: 88 random bits in the shape of API Gateway's (15 characters and `=`). */
export const newExtendedRequestId = (): string => randomBytes(11).toString('base64')

export const newTraceId = (now: number): string =>
  `Root=1-${Math.floor(now / 1000)
    .toString(16)
    .padStart(8, '0')}-${randomBytes(12).toString('hex')}`
