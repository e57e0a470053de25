import type { Deployment, GetDeploymentsRequest } from '@aws-sdk/client-api-gateway'
import { type ControlOperation, present, type WireList } from '../gateway.ts'
import { paginate } from '../paginate.ts'
import { deploymentView } from './deployment-view.ts'
import { findApi } from './find.ts'

export const getDeployments: ControlOperation<GetDeploymentsRequest, WireList<Deployment>> = {
  method: 'GET',
  path: '/restapis/{restapi_id}/deployments',
  parameters: {
    restApiId: { wire: 'restapi_id', type: 'string', required: true },
    position: { type: 'string' },
    limit: { type: 'number' },
  },
  run(gateway, input) {
    const page = paginate(findApi(gateway, input.restApiId).deployments.values(), input)
    return present({ position: page.position, item: page.items.map(deploymentView) })
  },
}
