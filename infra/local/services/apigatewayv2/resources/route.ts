import type { ProvisionedResource, ResourceRequest } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { derivedId } from '../ids.ts'
import { apiOf, badRequest, only, text } from '../properties.ts'
import type { HttpApiState } from '../state.ts'

const ROUTE_KEY = /^(\$default|(ANY|GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) \/\S*)$/

/** AWS::ApiGatewayV2::Route without an authorizer. */
export function provideRoute(state: HttpApiState, request: ResourceRequest): ProvisionedResource {
  const { properties } = request
  refuseUnknown(`properties of ${request.type}`, properties, [
    'ApiId',
    'RouteKey',
    'Target',
    'AuthorizationType',
    'OperationName',
  ])
  const api = apiOf(state, properties)
  only(properties, 'AuthorizationType', ['NONE'])
  const routeKey = text(properties, 'RouteKey')
  if (!ROUTE_KEY.test(routeKey))
    throw badRequest(`The provided route key is not formatted properly: ${routeKey}`)
  if ([...api.routes.values()].some(route => route.routeKey === routeKey)) {
    throw badRequest(`Route with key ${routeKey} already exists for this API`)
  }
  const integrationId = text(properties, 'Target').replace(/^integrations\//, '')
  if (!api.integrations.has(integrationId)) throw badRequest('Invalid target specified')
  const id = derivedId(7, request.stackName, request.logicalId)
  api.routes.set(id, { routeKey, integrationId })
  return { ref: id, attributes: { RouteId: id } }
}
