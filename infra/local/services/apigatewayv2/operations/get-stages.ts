import { findApi } from '../http-apis.ts'
import { listOf, pageOf, type ReadOperation } from '../read-operation.ts'
import { stageView } from './views.ts'

export const getStages: ReadOperation = {
  path: '/apis/{apiId}/stages',
  paged: true,
  run(service, input) {
    const { stage } = findApi(service, input.apiId ?? '')
    return listOf(
      pageOf(stage ? [stage] : [], ({ name }) => name, input),
      stageView,
    )
  },
}
