import type { GatewayResponse } from '../state.ts'
import { type Exchange, type GatewayReply, headerValue, type Refusal } from './exchange.ts'
import { GATEWAY_RESPONSE_TYPES } from './response-types.ts'
import { substitute } from './substitute.ts'

const JSON_TYPE = 'application/json'
const DEFAULT_TEMPLATE = '{"message":$context.error.messageString}'

/** Builds the gateway's own answer: the configured response of the type, else of its default, else API Gateway's. */
export function gatewayResponse(exchange: Exchange, refusal: Refusal): GatewayReply {
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
  const [contentType, template] = templateOf(configured)
  const variables = { context: exchange.context, stage: exchange.stage.variables }
  const body = substitute(template, variables, name => (name === 'error.messageString' ? 'null' : ''))
  const headers = [
    ['x-amzn-ErrorType', builtIn.errorType] as const,
    ...configuredHeaders(exchange, configured),
  ]
  const hasType = headers.some(([name]) => name.toLowerCase() === 'content-type')
  return {
    status: configured?.statusCode ?? ownStatus,
    headers: hasType ? headers : [...headers, ['Content-Type', contentType]],
    body: Buffer.from(body),
  }
}

function templateOf(
  configured: GatewayResponse | undefined,
): readonly [contentType: string, template: string] {
  const templates = configured?.templates ?? {}
  const json = templates[JSON_TYPE]
  if (json !== undefined) return [JSON_TYPE, json]
  return Object.entries(templates)[0] ?? [JSON_TYPE, DEFAULT_TEMPLATE]
}

function configuredHeaders(exchange: Exchange, configured: GatewayResponse | undefined): [string, string][] {
  return Object.entries(configured?.headers ?? {}).flatMap(([name, expression]) => {
    const value = evaluate(exchange, expression)
    return value === undefined || value === '' ? [] : [[name, value] as [string, string]]
  })
}

function evaluate(exchange: Exchange, expression: string): string | undefined {
  if (expression.startsWith("'")) return expression.slice(1, -1)
  const [scope, ...rest] = expression.split('.')
  if (scope === 'context') return exchange.context.get(rest.join('.'))
  if (scope === 'stageVariables') return exchange.stage.variables[rest.join('.')]
  return headerValue(exchange.request, rest.slice(2).join('.'))
}
