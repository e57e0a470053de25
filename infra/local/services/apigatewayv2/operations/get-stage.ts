import { findApi, notFound } from '../http-apis.ts'
import type { ReadOperation } from '../read-operation.ts'
import { stageView } from './views.ts'

export const getStage: ReadOperation = {
  path: '/apis/{apiId}/stages/{stageName}',
  paged: false,
  run(service, input) {
    const { stage } = findApi(service, input.apiId ?? '')
    if (stage === undefined || stage.name !== input.stageName)
      throw notFound('Unable to find Stage by the given parameters')
    return stageView(stage)
  },
}
