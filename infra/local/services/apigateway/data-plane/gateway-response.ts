import { type FrontReply, type Header, hasHeader } from '../../../http-front/message.ts'
import { compileTemplate, fill } from '../../../http-front/variables.ts'
import type { GatewayResponse } from '../state.ts'
import { type Exchange, type Refusal, variable } from './exchange.ts'
import { GATEWAY_RESPONSE_TYPES } from './response-types.ts'

export const DEFAULT_TEMPLATE = '{"message":$context.error.messageString}'
const DEFAULT_BODY = { contentType: 'application/json', template: compileTemplate(DEFAULT_TEMPLATE) }

/** Builds the gateway's own answer: the configured response of the type, else of its default, else API Gateway's. */
export function gatewayResponse(exchange: Exchange, refusal: Refusal): FrontReply {
  const builtIn = GATEWAY_RESPONSE_TYPES[refusal.type]
  const ownStatus = refusal.status ?? builtIn.status ?? (refusal.type === 'DEFAULT_4XX' ? 400 : 500)
  const message = refusal.text ?? builtIn.message
  exchange.context.set('error.responseType', refusal.type)
  if (message !== undefined) {
    exchange.context.set('error.message', message)
    exchange.context.set('error.messageString', JSON.stringify(message))
  }
  const responses = exchange.deployment.gatewayResponses
  const configured =
    responses.get(refusal.type) ?? responses.get(ownStatus >= 500 ? 'DEFAULT_5XX' : 'DEFAULT_4XX')
  const { contentType, template } = configured?.body ?? DEFAULT_BODY
  const lookUp = (scope: string, name: string) => variable(exchange, scope, name)
  const body = fill(template, lookUp, name => (name === 'error.messageString' ? 'null' : ''))
  const headers: Header[] = [
    ['x-amzn-ErrorType', builtIn.errorType],
    ...configuredHeaders(configured, lookUp),
  ]
  return {
    status: configured?.statusCode ?? ownStatus,
    headers: hasHeader(headers, 'content-type') ? headers : [...headers, ['Content-Type', contentType]],
    body,
  }
}

/** A header whose variable is absent is left out. */
function configuredHeaders(
  configured: GatewayResponse | undefined,
  lookUp: (scope: string, name: string) => string | undefined,
): Header[] {
  return (configured?.headers ?? []).flatMap(({ name, value }) => {
    const filled = fill(value, lookUp, () => '')
    return filled === '' ? [] : [[name, filled] as const]
  })
}
