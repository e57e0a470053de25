import type { ProvisionedResource, ResourceRequest } from '../../../contract.ts'
import { derivedId } from '../../../http-front/ids.ts'
import { only, optionalText, tagsOf, text } from '../../../http-front/properties.ts'
import { HOST } from '../../../ports.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { createRouter } from '../data-plane/match-route.ts'
import type { HttpApis } from '../http-apis.ts'

const KNOWN = ['Name', 'ProtocolType', 'Description', 'DisableExecuteApiEndpoint', 'IpAddressType', 'Tags']

/** AWS::ApiGatewayV2::Api for HTTP. Its endpoint is the local front end, so links built from it work. */
export function provideApi(
  service: HttpApis,
  request: ResourceRequest,
  ports: Readonly<Record<string, number>>,
): ProvisionedResource {
  const { properties } = request
  refuseUnknown(`properties of ${request.type}`, properties, KNOWN)
  only(properties, 'ProtocolType', ['HTTP'])
  only(properties, 'DisableExecuteApiEndpoint', ['false'])
  const name = text(properties, 'Name')
  const port = ports[name]
  if (port === undefined) throw new Error(`No port is configured for the HTTP API ${name}`)
  const id = derivedId(10, request.stackName, request.logicalId)
  const endpoint = `http://${HOST}:${port}`
  const description = optionalText(properties, 'Description')
  service.state.apis.set(id, {
    id,
    name,
    ...(description === undefined ? {} : { description }),
    endpoint,
    tags: tagsOf(properties),
    createdAt: service.cloud.clock.now(),
    integrations: new Map(),
    routes: new Map(),
    router: createRouter([]),
  })
  return { ref: id, attributes: { ApiId: id, ApiEndpoint: endpoint } }
}
