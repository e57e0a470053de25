import type { ProvisionedResource, ResourceRequest } from '../../../contract.ts'
import { derivedId } from '../../../http-front/ids.ts'
import { compilePath } from '../../../http-front/path-template.ts'
import { badRequest, only, optionalText, text } from '../../../http-front/properties.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { createRouter } from '../data-plane/match-route.ts'
import { apiOf, type HttpApis } from '../http-apis.ts'

const ROUTE_KEY = /^(\$default|(ANY|GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) \/\S*)$/

/** AWS::ApiGatewayV2::Route without an authorizer. */
export function provideRoute(service: HttpApis, request: ResourceRequest): ProvisionedResource {
  const { properties } = request
  refuseUnknown(`properties of ${request.type}`, properties, [
    'ApiId',
    'RouteKey',
    'Target',
    'AuthorizationType',
    'OperationName',
  ])
  const api = apiOf(service, properties)
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
  const operationName = optionalText(properties, 'OperationName')
  const [method = '', path] = routeKey.split(' ')
  api.routes.set(id, {
    id,
    routeKey,
    integrationId,
    ...(operationName === undefined ? {} : { operationName }),
    ...(path === undefined ? {} : { matcher: { method, path: compilePath(path) } }),
  })
  api.router = createRouter(api.routes.values())
  return { ref: id, attributes: { RouteId: id } }
}
