import { type ProvisionedResource, type ResourceRequest, UnsupportedError } from '../../../contract.ts'
import { derivedId } from '../../../http-front/ids.ts'
import { badRequest, flag, list, object, optionalText, tagsOf, text } from '../../../http-front/properties.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { type Gateway, present } from '../gateway.ts'

const KNOWN = [
  'Name',
  'Description',
  'ApiKeySourceType',
  'BinaryMediaTypes',
  'EndpointConfiguration',
  'DisableExecuteApiEndpoint',
  'Tags',
]

/** AWS::ApiGateway::RestApi. The resource tree starts with its root, `/`. */
export function provideRestApi(gateway: Gateway, request: ResourceRequest): ProvisionedResource {
  const { properties, stackName, logicalId } = request
  refuseUnknown(`properties of ${request.type}`, properties, KNOWN)
  const apiKeySource = optionalText(properties, 'ApiKeySourceType') ?? 'HEADER'
  if (apiKeySource !== 'HEADER' && apiKeySource !== 'AUTHORIZER')
    throw badRequest('Invalid API key source specified')
  const endpoint = object(properties, 'EndpointConfiguration')
  refuseUnknown('members of EndpointConfiguration', endpoint, ['Types', 'IpAddressType'])
  const endpointTypes = list(endpoint, 'Types').map(String)
  if (endpointTypes.includes('PRIVATE')) throw new UnsupportedError('private REST APIs')
  const id = derivedId(10, stackName, logicalId)
  const rootResourceId = derivedId(10, stackName, logicalId, '/')
  gateway.state.apis.set(id, {
    id,
    name: text(properties, 'Name'),
    ...present({ description: optionalText(properties, 'Description') }),
    rootResourceId,
    apiKeySource,
    binaryMediaTypes: list(properties, 'BinaryMediaTypes').map(type => String(type).replaceAll('~1', '/')),
    endpointTypes: endpointTypes.length > 0 ? endpointTypes : ['EDGE'],
    disableExecuteApiEndpoint: flag(properties, 'DisableExecuteApiEndpoint', false),
    tags: tagsOf(properties),
    createdAt: gateway.cloud.clock.now(),
    resources: new Map([[rootResourceId, { id: rootResourceId, path: '/' }]]),
    methods: new Map(),
    authorizers: new Map(),
    gatewayResponses: new Map(),
    deployments: new Map(),
    stages: new Map(),
  })
  return { ref: id, attributes: { RestApiId: id, RootResourceId: rootResourceId } }
}
