import { findApi } from '../http-apis.ts'
import { listOf, pageOf, type ReadOperation } from '../read-operation.ts'
import { integrationView } from './views.ts'

export const getIntegrations: ReadOperation = {
  path: '/apis/{apiId}/integrations',
  paged: true,
  run(service, input) {
    const { integrations } = findApi(service, input.apiId ?? '')
    return listOf(
      pageOf(integrations.values(), integration => integration.id, input),
      integrationView,
    )
  },
}
