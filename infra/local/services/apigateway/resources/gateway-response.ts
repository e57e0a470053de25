import { type ProvisionedResource, type ResourceRequest, UnsupportedError } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { GATEWAY_RESPONSE_TYPES } from '../data-plane/response-types.ts'
import { badRequest } from '../errors.ts'
import { type Gateway, present } from '../gateway.ts'
import { derivedId } from '../ids.ts'
import { apiOf, number, text, textMap } from './properties.ts'

const KNOWN = ['ResponseType', 'RestApiId', 'StatusCode', 'ResponseParameters', 'ResponseTemplates']
const HEADER = 'gatewayresponse.header.'
const HEADER_VALUE = /^('[^']*'|context\.[\w.]+|stageVariables\.\w+|method\.request\.header\.[\w-]+)$/
/** Gateway responses substitute variables only; the template engine that understands these does not run on them. */
const LOGIC = /(^|\n)\s*#(if|else|elseif|end|set|foreach|define|macro)\b|\$util\.|\$input\b|\$method\./

/** AWS::ApiGateway::GatewayResponse: what the gateway itself answers when it does not pass a request on. */
export function provideGatewayResponse(gateway: Gateway, request: ResourceRequest): ProvisionedResource {
  const { properties } = request
  refuseUnknown(`properties of ${request.type}`, properties, KNOWN)
  const api = apiOf(gateway, properties)
  const type = text(properties, 'ResponseType')
  if (!Object.hasOwn(GATEWAY_RESPONSE_TYPES, type))
    throw badRequest(`Invalid response type specified: ${type}`)
  const headers: Record<string, string> = {}
  for (const [target, value] of Object.entries(textMap(properties, 'ResponseParameters'))) {
    if (!target.startsWith(HEADER)) throw new UnsupportedError(`the gateway response parameter ${target}`)
    if (!HEADER_VALUE.test(value)) throw badRequest(`Invalid mapping expression specified: ${value}`)
    headers[target.slice(HEADER.length)] = value
  }
  const templates = textMap(properties, 'ResponseTemplates')
  const logic = Object.values(templates).find(template => LOGIC.test(template))
  if (logic !== undefined) throw new UnsupportedError(`logic in the gateway response template of ${type}`)
  api.gatewayResponses.set(type, {
    headers,
    templates,
    ...present({ statusCode: number(properties, 'StatusCode') }),
  })
  return { ref: derivedId(10, api.id, 'gateway-response', type) }
}
