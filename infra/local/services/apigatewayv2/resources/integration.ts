import { type ProvisionedResource, type ResourceRequest, UnsupportedError } from '../../../contract.ts'
import { derivedId } from '../../../http-front/ids.ts'
import {
  badRequest,
  functionArnOf,
  number,
  only,
  optionalText,
  text,
} from '../../../http-front/properties.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { apiOf, type HttpApis } from '../http-apis.ts'
import type { Integration } from '../state.ts'

const KNOWN = [
  'ApiId',
  'IntegrationType',
  'IntegrationUri',
  'IntegrationMethod',
  'PayloadFormatVersion',
  'TimeoutInMillis',
  'ConnectionType',
  'CredentialsArn',
  'Description',
]
/** docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const MAX_TIMEOUT_MS = 30_000

/** AWS::ApiGatewayV2::Integration: a Lambda function with payload format 2.0. */
export function provideIntegration(service: HttpApis, request: ResourceRequest): ProvisionedResource {
  const { properties } = request
  refuseUnknown(`properties of ${request.type}`, properties, KNOWN)
  const api = apiOf(service, properties)
  only(properties, 'IntegrationType', ['AWS_PROXY'])
  only(properties, 'ConnectionType', ['INTERNET'])
  if (text(properties, 'PayloadFormatVersion') !== '2.0') {
    throw new UnsupportedError('payload format 1.0 of an HTTP API')
  }
  const timeoutMs = number(properties, 'TimeoutInMillis') ?? MAX_TIMEOUT_MS
  if (timeoutMs < 50 || timeoutMs > MAX_TIMEOUT_MS)
    throw badRequest('Timeout should be between 50 ms and 30000 ms')
  const uri = text(properties, 'IntegrationUri')
  const functionArn = functionArnOf(uri) ?? uri
  if (!/^arn:[\w-]+:lambda:/.test(functionArn)) throw new UnsupportedError(`the integration URI ${uri}`)
  const credentials = optionalText(properties, 'CredentialsArn')
  const description = optionalText(properties, 'Description')
  const id = derivedId(7, request.stackName, request.logicalId)
  const integration: Integration = {
    id,
    uri,
    functionArn,
    timeoutMs,
    ...(credentials === undefined ? {} : { credentials }),
    ...(description === undefined ? {} : { description }),
  }
  api.integrations.set(id, integration)
  return { ref: id, attributes: { IntegrationId: id } }
}
