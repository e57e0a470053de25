import { type ProvisionedResource, type ResourceRequest, UnsupportedError } from '../../../contract.ts'
import { badRequest, flag, number, object, optionalText, text } from '../../../http-front/properties.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { notFound } from '../errors.ts'
import { type Gateway, present } from '../gateway.ts'
import type { Integration } from '../state.ts'
import { apiOf, lambdaOf } from './references.ts'

const KNOWN = [
  'ApiKeyRequired',
  'AuthorizationType',
  'AuthorizerId',
  'HttpMethod',
  'Integration',
  'MethodResponses',
  'OperationName',
  'ResourceId',
  'RestApiId',
]
const KNOWN_INTEGRATION = [
  'Type',
  'IntegrationHttpMethod',
  'Uri',
  'TimeoutInMillis',
  'Credentials',
  'ResponseTransferMode',
]
/** docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const DEFAULT_TIMEOUT_MS = 29_000
const MIN_TIMEOUT_MS = 50

/** AWS::ApiGateway::Method with a Lambda proxy integration. Method responses have no effect on a proxy. */
export function provideMethod(gateway: Gateway, request: ResourceRequest): ProvisionedResource {
  const { properties, stackName, logicalId } = request
  refuseUnknown(`properties of ${request.type}`, properties, KNOWN)
  const api = apiOf(gateway, properties)
  const resourceId = text(properties, 'ResourceId')
  if (!api.resources.has(resourceId)) throw notFound('Invalid Resource identifier specified')
  const authorizationType = optionalText(properties, 'AuthorizationType') ?? 'NONE'
  if (authorizationType !== 'NONE' && authorizationType !== 'CUSTOM') {
    throw new UnsupportedError(`the method authorization type ${authorizationType}`)
  }
  const authorizerId = optionalText(properties, 'AuthorizerId')
  if (authorizationType === 'CUSTOM' && !api.authorizers.has(authorizerId ?? '')) {
    throw badRequest(
      'Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.',
    )
  }
  const httpMethod = text(properties, 'HttpMethod')
  api.methods.set(`${resourceId} ${httpMethod}`, {
    resourceId,
    httpMethod,
    apiKeyRequired: flag(properties, 'ApiKeyRequired', false),
    authorizationType,
    ...present({ authorizerId }),
    integration: readIntegration(object(properties, 'Integration')),
  })
  return { ref: `${stackName}-${logicalId}` }
}

function readIntegration(properties: Record<string, unknown>): Integration {
  refuseUnknown('members of Integration', properties, KNOWN_INTEGRATION)
  const type = text(properties, 'Type')
  if (type !== 'AWS_PROXY') throw new UnsupportedError(`the REST API integration type ${type}`)
  if (text(properties, 'IntegrationHttpMethod') !== 'POST') {
    throw badRequest('A Lambda integration needs the IntegrationHttpMethod POST')
  }
  const transfer = optionalText(properties, 'ResponseTransferMode') ?? 'BUFFERED'
  if (transfer !== 'BUFFERED') throw new UnsupportedError(`the response transfer mode ${transfer}`)
  const timeoutMs = number(properties, 'TimeoutInMillis') ?? DEFAULT_TIMEOUT_MS
  if (timeoutMs < MIN_TIMEOUT_MS || timeoutMs > DEFAULT_TIMEOUT_MS) {
    throw badRequest(`Timeout should be between ${MIN_TIMEOUT_MS} ms and ${DEFAULT_TIMEOUT_MS} ms`)
  }
  const credentials = optionalText(properties, 'Credentials')
  return { ...lambdaOf(text(properties, 'Uri')), timeoutMs, ...present({ credentials }) }
}
