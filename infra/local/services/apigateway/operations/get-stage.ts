import type { GetStageRequest, Stage } from '@aws-sdk/client-api-gateway'
import type { ControlOperation, Wire } from '../gateway.ts'
import { findStage } from './find.ts'
import { stageView } from './rest-api-view.ts'

export const getStage: ControlOperation<GetStageRequest, Wire<Stage>> = {
  method: 'GET',
  path: '/restapis/{restapi_id}/stages/{stage_name}',
  parameters: {
    restApiId: { wire: 'restapi_id', type: 'string', required: true },
    stageName: { wire: 'stage_name', type: 'string', required: true },
  },
  run: (gateway, input) => stageView(findStage(gateway, input.restApiId, input.stageName)),
}
