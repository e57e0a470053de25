import { randomUUID } from 'node:crypto'
import { randomText } from '../../../http-front/ids.ts'
import { type FrontRequest, headerValue } from '../../../http-front/message.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/**
 * `requestId` is the caller's to set: a UUID in `x-amzn-RequestId` is taken over, anything else there becomes one
 * fixed text (docs.aws.amazon.com/apigateway/latest/developerguide/set-up-access-logging.html).
 */
export function requestIdOf(request: FrontRequest): string {
  const given = headerValue(request, 'x-amzn-requestid')
  if (given === undefined) return randomUUID()
  return UUID.test(given) ? given : 'UUID_REPLACED_INVALID_REQUEST_ID'
}

export const newTraceId = (now: number): string =>
  `Root=1-${Math.floor(now / 1000)
    .toString(16)
    .padStart(8, '0')}-${randomText(12, 'hex')}`
