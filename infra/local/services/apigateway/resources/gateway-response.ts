import { type ProvisionedResource, type ResourceRequest, UnsupportedError } from '../../../contract.ts'
import { derivedId } from '../../../http-front/ids.ts'
import { isHeaderName } from '../../../http-front/message.ts'
import { badRequest, number, text, textMap } from '../../../http-front/properties.ts'
import { compileTemplate, type Template } from '../../../http-front/variables.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { GATEWAY_RESPONSE_TYPES } from '../data-plane/response-types.ts'
import { type Gateway, present } from '../gateway.ts'
import type { GatewayResponse } from '../state.ts'
import { apiOf } from './references.ts'

const KNOWN = ['ResponseType', 'RestApiId', 'StatusCode', 'ResponseParameters', 'ResponseTemplates']
const HEADER = 'gatewayresponse.header.'
const HEADER_VALUE =
  /^('[^']*'|context\.[\w.]+|stageVariables\.\w+|method\.request\.(header|querystring|path)\.[\w-]+)$/
/** Gateway responses substitute variables only; the template engine that understands these does not run on them. */
const LOGIC = /(^|\n)\s*#(if|else|elseif|end|set|foreach|define|macro)\b|\$util\.|\$input\b/

/** AWS::ApiGateway::GatewayResponse: what the gateway itself answers when it does not pass a request on. */
export function provideGatewayResponse(gateway: Gateway, request: ResourceRequest): ProvisionedResource {
  const { properties } = request
  refuseUnknown(`properties of ${request.type}`, properties, KNOWN)
  const api = apiOf(gateway, properties)
  const type = text(properties, 'ResponseType')
  if (!Object.hasOwn(GATEWAY_RESPONSE_TYPES, type))
    throw badRequest(`Invalid response type specified: ${type}`)
  const statusCode = number(properties, 'StatusCode')
  if (statusCode !== undefined && !(Number.isInteger(statusCode) && statusCode >= 200 && statusCode < 600))
    throw badRequest('Invalid status code specified')
  const parameters = textMap(properties, 'ResponseParameters')
  const templates = textMap(properties, 'ResponseTemplates')
  const logic = Object.values(templates).find(template => LOGIC.test(template))
  if (logic !== undefined) throw new UnsupportedError(`logic in the gateway response template of ${type}`)
  api.gatewayResponses.set(type, {
    parameters,
    templates,
    headers: Object.entries(parameters).map(([target, value]) => readHeader(target, value)),
    ...present({ statusCode, body: bodyOf(templates) }),
  })
  return { ref: derivedId(10, api.id, 'gateway-response', type) }
}

function readHeader(target: string, value: string): GatewayResponse['headers'][number] {
  if (!target.startsWith(HEADER)) throw new UnsupportedError(`the gateway response parameter ${target}`)
  const name = target.slice(HEADER.length)
  if (!isHeaderName(name) || !HEADER_VALUE.test(value)) {
    throw badRequest(`Invalid mapping expression specified: ${target}=${value}`)
  }
  return { name, value: readExpression(value) }
}

/** `'static'` is a text without variables, anything else one variable. */
const readExpression = (value: string): Template =>
  value.startsWith("'") ? [value.slice(1, -1)] : compileTemplate(`$${value}`)

/** JSON where there is a template for it; API Gateway would choose by the caller's Accept header. */
function bodyOf(templates: Readonly<Record<string, string>>): GatewayResponse['body'] {
  const all = Object.entries(templates)
  const [contentType, template] = all.find(([type]) => type === 'application/json') ?? all[0] ?? []
  if (contentType === undefined || template === undefined) return undefined
  return { contentType, template: compileTemplate(template) }
}
