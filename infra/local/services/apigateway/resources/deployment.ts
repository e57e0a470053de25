import { type ProvisionedResource, type ResourceRequest, UnsupportedError } from '../../../contract.ts'
import { derivedId } from '../../../http-front/ids.ts'
import { badRequest, optionalText } from '../../../http-front/properties.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { createRouter } from '../data-plane/match-route.ts'
import { type Gateway, present } from '../gateway.ts'
import { apiOf } from './references.ts'

/** AWS::ApiGateway::Deployment: a copy of the API as it is defined at this moment; only that is served. */
export function provideDeployment(gateway: Gateway, request: ResourceRequest): ProvisionedResource {
  const { properties, stackName, logicalId } = request
  refuseUnknown(`properties of ${request.type}`, properties, ['RestApiId', 'Description', 'StageName'])
  if (properties.StageName !== undefined)
    throw new UnsupportedError('StageName on AWS::ApiGateway::Deployment')
  const api = apiOf(gateway, properties)
  if (api.methods.size === 0) throw badRequest("The REST API doesn't contain any methods")
  const id = derivedId(6, stackName, logicalId)
  api.deployments.set(id, {
    id,
    createdAt: gateway.cloud.clock.now(),
    ...present({ description: optionalText(properties, 'Description') }),
    router: createRouter(api.resources, api.methods),
    authorizers: new Map(api.authorizers),
    gatewayResponses: new Map(api.gatewayResponses),
  })
  return { ref: id, attributes: { DeploymentId: id } }
}
