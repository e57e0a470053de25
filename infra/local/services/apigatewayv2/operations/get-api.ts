import { findApi } from '../http-apis.ts'
import type { ReadOperation } from '../read-operation.ts'
import { apiView } from './views.ts'

export const getApi: ReadOperation = {
  path: '/apis/{apiId}',
  paged: false,
  run: (service, input) => apiView(findApi(service, input.apiId ?? '')),
}
