import type { ProvisionedResource, ResourceRequest } from '../../../contract.ts'
import { derivedId } from '../../../http-front/ids.ts'
import { badRequest, text } from '../../../http-front/properties.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { conflict, notFound } from '../errors.ts'
import type { Gateway } from '../gateway.ts'
import { apiOf } from './references.ts'

/** AWS::ApiGateway::Resource: one path segment, `{name}` or, as the last one, the greedy `{name+}`. */
export function provideResource(gateway: Gateway, request: ResourceRequest): ProvisionedResource {
  const { properties } = request
  refuseUnknown(`properties of ${request.type}`, properties, ['ParentId', 'PathPart', 'RestApiId'])
  const api = apiOf(gateway, properties)
  const parent = api.resources.get(text(properties, 'ParentId'))
  if (parent === undefined) throw notFound('Invalid Resource identifier specified')
  const part = text(properties, 'PathPart')
  if (!/^([\w.:-]+|\{[\w.-]+\+?\})$/.test(part)) {
    throw badRequest(`Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable: ${part}`)
  }
  if (parent.path.endsWith('+}'))
    throw badRequest('Cannot create a child of a resource with a greedy path variable')
  const path = `${parent.path === '/' ? '' : parent.path}/${part}`
  if ([...api.resources.values()].some(other => other.path === path)) {
    throw conflict('Another resource with the same parent already has this name')
  }
  const id = derivedId(6, api.id, path)
  api.resources.set(id, { id, path, parent: { id: parent.id, pathPart: part } })
  return { ref: id, attributes: { ResourceId: id } }
}
