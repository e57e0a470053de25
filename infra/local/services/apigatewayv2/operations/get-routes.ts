import { findApi } from '../http-apis.ts'
import { listOf, pageOf, type ReadOperation } from '../read-operation.ts'
import { routeView } from './views.ts'

export const getRoutes: ReadOperation = {
  path: '/apis/{apiId}/routes',
  paged: true,
  run(service, input) {
    const { routes } = findApi(service, input.apiId ?? '')
    return listOf(
      pageOf(routes.values(), route => route.id, input),
      routeView,
    )
  },
}
