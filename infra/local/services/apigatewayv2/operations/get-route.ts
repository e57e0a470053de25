import { findApi, notFound } from '../http-apis.ts'
import type { ReadOperation } from '../read-operation.ts'
import { routeView } from './views.ts'

export const getRoute: ReadOperation = {
  path: '/apis/{apiId}/routes/{routeId}',
  paged: false,
  run(service, input) {
    const route = findApi(service, input.apiId ?? '').routes.get(input.routeId ?? '')
    if (route === undefined) throw notFound('Invalid Route identifier specified')
    return routeView(route)
  },
}
