import type { Deployment, GetDeploymentRequest } from '@aws-sdk/client-api-gateway'
import type { ControlOperation, Wire } from '../gateway.ts'
import { deploymentView } from './deployment-view.ts'
import { findApi, findDeployment } from './find.ts'

export const getDeployment: ControlOperation<GetDeploymentRequest, Wire<Deployment>> = {
  method: 'GET',
  path: '/restapis/{restapi_id}/deployments/{deployment_id}',
  parameters: {
    restApiId: { wire: 'restapi_id', type: 'string', required: true },
    deploymentId: { wire: 'deployment_id', type: 'string', required: true },
    embed: { type: 'unsupported' },
  },
  run: (gateway, input) =>
    deploymentView(findDeployment(findApi(gateway, input.restApiId), input.deploymentId)),
}
