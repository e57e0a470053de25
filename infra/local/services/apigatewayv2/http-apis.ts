import { type LocalCloud, ServiceError } from '../../contract.ts'
import type { AccountThrottle } from '../../http-front/account-throttle.ts'
import type { LogLines } from '../../http-front/log-lines.ts'
import { text } from '../../http-front/properties.ts'
import type { HttpApi, HttpApiState } from './state.ts'

/** What every operation, resource provider and request of this service works with. */
export type HttpApis = {
  readonly cloud: LocalCloud
  readonly state: HttpApiState
  readonly accountThrottle: AccountThrottle
  /** Where access logs go. */
  readonly logLines: LogLines
}

export function findApi({ cloud, state }: HttpApis, id: string): HttpApi {
  const api = state.apis.get(id)
  if (api === undefined) throw notFound(`Invalid API identifier specified ${cloud.accountId}:${id}`)
  return api
}

/** The HTTP API that a resource names. */
export const apiOf = (service: HttpApis, properties: Readonly<Record<string, unknown>>): HttpApi =>
  findApi(service, text(properties, 'ApiId'))

export const notFound = (message: string) => new ServiceError('NotFoundException', message, 404)
