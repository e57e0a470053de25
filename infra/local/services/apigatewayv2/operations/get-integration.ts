import { findApi, notFound } from '../http-apis.ts'
import type { ReadOperation } from '../read-operation.ts'
import { integrationView } from './views.ts'

export const getIntegration: ReadOperation = {
  path: '/apis/{apiId}/integrations/{integrationId}',
  paged: false,
  run(service, input) {
    const integration = findApi(service, input.apiId ?? '').integrations.get(input.integrationId ?? '')
    if (integration === undefined) throw notFound('Invalid Integration identifier specified')
    return integrationView(integration)
  },
}
