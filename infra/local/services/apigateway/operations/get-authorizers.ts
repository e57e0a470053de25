import type { Authorizer, GetAuthorizersRequest } from '@aws-sdk/client-api-gateway'
import { type ControlOperation, present, type WireList } from '../gateway.ts'
import { paginate } from '../paginate.ts'
import { authorizerView } from './authorizer-view.ts'
import { findApi } from './find.ts'

export const getAuthorizers: ControlOperation<GetAuthorizersRequest, WireList<Authorizer>> = {
  method: 'GET',
  path: '/restapis/{restapi_id}/authorizers',
  parameters: {
    restApiId: { wire: 'restapi_id', type: 'string', required: true },
    position: { type: 'string' },
    limit: { type: 'number' },
  },
  run(gateway, input) {
    const page = paginate(findApi(gateway, input.restApiId).authorizers.values(), input)
    return present({ position: page.position, item: page.items.map(authorizerView) })
  },
}
