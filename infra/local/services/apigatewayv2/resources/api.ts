import type { ProvisionedResource, ResourceRequest } from '../../../contract.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { derivedId } from '../ids.ts'
import { only, text } from '../properties.ts'
import type { HttpApiState } from '../state.ts'

const KNOWN = ['Name', 'ProtocolType', 'Description', 'DisableExecuteApiEndpoint', 'IpAddressType', 'Tags']

/** AWS::ApiGatewayV2::Api for HTTP. Its endpoint is the local front end, so links built from it work. */
export function provideApi(
  state: HttpApiState,
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
  state.apis.set(id, { id, name, integrations: new Map(), routes: new Map() })
  return { ref: id, attributes: { ApiId: id, ApiEndpoint: `http://127.0.0.1:${port}` } }
}
