import type { GetRestApisRequest, RestApi } from '@aws-sdk/client-api-gateway'
import { type ControlOperation, present, type WireList } from '../gateway.ts'
import { paginate } from '../paginate.ts'
import { restApiView } from './rest-api-view.ts'

export const getRestApis: ControlOperation<GetRestApisRequest, WireList<RestApi>> = {
  method: 'GET',
  path: '/restapis',
  parameters: { position: { type: 'string' }, limit: { type: 'number' } },
  run(gateway, input) {
    const page = paginate(gateway.state.apis.values(), input)
    return present({ position: page.position, item: page.items.map(restApiView) })
  },
}
