import type { GetStagesRequest, Stage } from '@aws-sdk/client-api-gateway'
import type { ControlOperation, WireList } from '../gateway.ts'
import { findApi } from './find.ts'
import { stageView } from './rest-api-view.ts'

export const getStages: ControlOperation<GetStagesRequest, WireList<Stage>> = {
  method: 'GET',
  path: '/restapis/{restapi_id}/stages',
  parameters: {
    restApiId: { wire: 'restapi_id', type: 'string', required: true },
    deploymentId: { type: 'string' },
  },
  run(gateway, input) {
    const stages = [...findApi(gateway, input.restApiId).stages.values()].filter(
      stage => input.deploymentId === undefined || stage.deploymentId === input.deploymentId,
    )
    return { item: stages.map(stageView) }
  },
}
