import { listOf, pageOf, type ReadOperation } from '../read-operation.ts'
import { apiView } from './views.ts'

export const getApis: ReadOperation = {
  path: '/apis',
  paged: true,
  run: ({ state }, input) =>
    listOf(
      pageOf(state.apis.values(), api => api.id, input),
      apiView,
    ),
}
