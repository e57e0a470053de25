import type { ProvisionedResource, ResourceRequest } from '../../../contract.ts'
import { optionalText } from '../../../http-front/properties.ts'
import { refuseUnknown } from '../../../refuse-unknown.ts'
import { type Gateway, present } from '../gateway.ts'

/** AWS::ApiGateway::Account: the role that lets stages write logs. */
export function provideAccount(gateway: Gateway, request: ResourceRequest): ProvisionedResource {
  refuseUnknown(`properties of ${request.type}`, request.properties, ['CloudWatchRoleArn'])
  const role = optionalText(request.properties, 'CloudWatchRoleArn')
  Object.assign(gateway.state.account, present({ cloudwatchRoleArn: role }))
  return { ref: request.logicalId, attributes: { Id: request.logicalId } }
}
